"""What docs/operations.md says can be checked: its variables are those that the code reads, and back."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent.parent
READ = re.compile(r'env\.(?:text|flag|whole|words|days)\(\s*"([A-Z0-9_]+)"')


def variables_read() -> set[str]:
    sources = [path for room in ("portal", "projects", "mining") for path in (ROOT / room).rglob("*.py")]
    return {name for path in sources for name in READ.findall(path.read_text(encoding="utf-8"))} | {
        "VOORWERP_VAR"
    }


def test_every_variable_is_documented_and_no_other() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    documented = set(re.findall(r"`([A-Z0-9_]+)`", " ".join(table)))
    assert documented == variables_read()


def test_changelog_begins_with_this_version() -> None:
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == settings.VERSION
