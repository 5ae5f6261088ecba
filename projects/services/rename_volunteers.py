"""New pseudonyms for everybody in a project's files."""

from projects.models import Project
from projects.models.project import new_pseudonym_key


def rename_volunteers(project: Project) -> None:
    """From here on each file names each volunteer anew; files that are out, and releases, keep their names.

    Who holds an older file can no longer join it to newer ones by person. It can't be taken back.
    """
    project.pseudonym_key = new_pseudonym_key()
    project.save(update_fields=["pseudonym_key"])
