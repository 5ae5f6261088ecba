"""One archive that holds a site: `python -m portal.backup make|restore` (what `make backup` and `make restore` run).

The form of the archive and why it is so: docs/decisions/0017-form-of-a-backup.md
"""


class BackupError(RuntimeError):
    """The backup or the restore can't be done, and nothing was changed; the message says what to do."""
