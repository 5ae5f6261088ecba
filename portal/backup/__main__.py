"""`python -m portal.backup make [FILE]` and `python -m portal.backup restore FILE`; FORCE=1 answers the question."""

import os
import sys
from pathlib import Path

import django

from portal import env
from portal.backup import BackupError
from portal.embedded import EmbeddedError

USAGE = "Usage: make backup [FILE=backup.tar]; make restore FILE=backup.tar [FORCE=1]"


def make(target: Path | None) -> None:
    from portal.backup.ground import beside_the_site
    from portal.backup.make import make as make_archive

    with beside_the_site():
        path, manifest = make_archive(target)
    print(f"Backup: {path} ({path.stat().st_size / 1e6:,.1f} MB): {manifest.summary}.")
    if "media" not in manifest.files:
        print("The media are in object storage, and not in it: keep versions of the bucket.")
    print(
        "It holds names, email addresses and hashed passwords: keep it as you keep those. Not in it: sign-in sessions "
        "and the secret key. Without that everybody is a newcomer and pseudonyms change: keep a copy elsewhere."
    )


def restore(path: Path) -> None:
    from portal.backup.ground import alone
    from portal.backup.restore import open_archive
    from portal.backup.restore import restore as put_in_place

    checked = open_archive(path)
    with alone():
        manifest = put_in_place(checked, confirm)
    print(f"Restored the site of {manifest.made_at}: {manifest.summary}.")
    print("`make demo` brings it up to date and starts it; elsewhere run `python manage.py migrate` first.")


def confirm(going: str) -> bool:
    """Whether what is there may go. Without a terminal only FORCE=1 says so."""
    print(f"This replaces\n{going}", flush=True)
    if env.flag("FORCE"):
        return True
    if not sys.stdin.isatty():
        print("There is no terminal to ask: FORCE=1 says yes.", file=sys.stderr)
        return False
    return input("Write yes to go on: ").strip().lower() == "yes"


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    given = [argument for argument in arguments[1:] if argument]
    if arguments[:1] not in (["make"], ["restore"]) or len(given) > 1:
        print(USAGE, file=sys.stderr)
        return 2
    if arguments[0] == "restore" and not given:
        print(f"Name the archive. {USAGE}", file=sys.stderr)
        return 2
    try:
        django.setup()
        if arguments[0] == "make":
            make(Path(given[0]).absolute() if given else None)
        else:
            restore(Path(given[0]).absolute())
    except (BackupError, EmbeddedError, env.EnvError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
