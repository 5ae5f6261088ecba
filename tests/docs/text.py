"""The documents, and the code in them: what stands in backticks, in indented and in fenced blocks."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SPAN = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"```.*?```", re.DOTALL)
INDENTED = re.compile(r"^(?: {4}|\t)(\S.*)$", re.MULTILINE)
SOURCES = ("portal", "projects", "mining", "static", "tests", "benchmarks", "docs", "requirements")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def spans(text: str) -> list[str]:
    """What stands in single backticks, blocks left out."""
    return SPAN.findall(BLOCK.sub("", text))


def code(text: str) -> str:
    """All code of a document, one piece a line."""
    return "\n".join([*spans(text), *BLOCK.findall(text), *INDENTED.findall(BLOCK.sub("", text))])


def sources(*suffixes: str) -> Iterator[Path]:
    yield from (path for path in ROOT.glob("*") if path.is_file() and path.suffix != ".md")
    for room in SOURCES:
        yield from (path for path in (ROOT / room).rglob("*") if path.suffix in suffixes)
