"""CSV in a file: the same bytes as the download that is sent while it is written."""

from pathlib import Path

from projects.exports.forms import Content
from projects.exports.stream import csv_pieces


def write(target: Path, content: Content) -> None:
    with target.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_pieces(content.columns, content.rows))
