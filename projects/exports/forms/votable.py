"""VOTable in a file."""

from pathlib import Path

from projects.exports.forms import Content
from projects.exports.votable import pieces


def write(target: Path, content: Content) -> None:
    with target.open("w", encoding="utf-8") as file:
        file.writelines(
            pieces(content.columns, content.cells(), title=content.title, description=content.description)
        )
