"""What the documents name exists: paths, commands, targets, variables, classes, addresses, functions."""

import importlib.util
import re
import uuid
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import Resolver404, get_resolver, resolve

from tests.docs.text import DOCUMENTS, ROOT, code, name, sources, spans

PATH = re.compile(r"^\.?[\w*.-]+(?:/[\w*.-]+)*/?$")
SUFFIXES = (".py", ".md", ".js", ".toml", ".txt", ".yaml", ".css", ".html", ".ipynb")
ADDRESS = re.compile(r"^(?:/healthz|/metrics|/admin|/me|/privacy|/projects|/accounts|/api/v1/|pages:|api:)")
MADE_LATER = ("var", ".venv", ".venv-peers")
PLACEHOLDERS = {
    "NAME_FILE",
    "SECRET_KEY_FILE",
    "COMMIT",
    "PROJECT",
    "SLUG",
    "TASK",
    "CHOICE",
    "GET",
    "POST",
    "PUT",
    "DELETE",
}
MOST = 200_000  # bytes of a picture in the repository

documents = pytest.mark.parametrize("document", DOCUMENTS, ids=name)


def is_path(token: str) -> bool:
    """A path of this repository: in one of its folders, or a file with a suffix of ours."""
    top = token.partition("/")[0]
    if not PATH.match(token) or top in MADE_LATER or re.search(r"[A-Z]{4,}\.", token):
        return False
    return token.endswith(SUFFIXES) or ("/" in token and (ROOT / top).exists() and not top.startswith("*"))


def exists(token: str) -> bool:
    if "/" in token or "*" in token:
        return any(ROOT.glob(token.rstrip("/")))
    return (ROOT / token).exists() or any(path.name == token for path in sources(Path(token).suffix))


@documents
def test_every_path_exists(document: Path) -> None:
    assert [token for token in spans(document.read_text()) if is_path(token) and not exists(token)] == []


@documents
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", document.read_text())
    assert [link for link in links if "://" not in link and not (document.parent / link).exists()] == []


@documents
def test_every_management_command_exists(document: Path) -> None:
    named = re.findall(r"manage\.py ([a-z_]+)", document.read_text())
    assert set(named) - set(get_commands()) == set()


@documents
def test_every_make_target_exists(document: Path) -> None:
    targets = re.findall(r"^([a-z]+):(?!=)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"\bmake ([a-z]+)\b", code(document.read_text()))) - set(targets) == set()


@documents
def test_every_module_that_is_run_exists(document: Path) -> None:
    named = set(re.findall(r"python3? -m ([\w.]+)", document.read_text()))
    assert {module for module in named if importlib.util.find_spec(module) is None} == set()


@cache
def words() -> set[str]:
    """Every name that our own code, make or a script mentions."""
    return {word for path in sources(".py", ".js", ".toml") for word in re.findall(r"\w+", path.read_text())}


@documents
def test_every_variable_is_read_somewhere(document: Path) -> None:
    """Environment variables, also as NAME=value, and the constants that a text explains."""
    pieces = re.findall(r"^([A-Z][A-Z_]{2,})(?==|$)", "\n".join(spans(document.read_text())), re.MULTILINE)
    assert set(pieces) - words() - PLACEHOLDERS == set()


@documents
def test_every_class_is_defined(document: Path) -> None:
    named = {token for token in spans(document.read_text()) if re.match(r"^(?:[A-Z][a-z]+)+$", token)}
    defined = set(
        re.findall(r"^\s*class (\w+)", "\n".join(p.read_text() for p in sources(".py")), re.MULTILINE)
    )
    assert named - defined - {"Authorization", "Host"} == set()


def is_route(token: str) -> bool:
    """An address resolves; a name such as `pages:front` can be reversed."""
    namespace, _, view = token.partition(":")
    if view:
        return view in get_resolver().namespace_dict[namespace][1].reverse_dict
    try:
        address = re.sub(r"\{(?:webhook|delivery|export)\}", str(uuid.UUID(int=1)), token.partition("?")[0])
        resolve(re.sub(r"\{\w+\}", "1", address))
    except Resolver404:
        return False
    return True


@documents
def test_every_address_is_a_route(document: Path) -> None:
    """What begins as one of the site's addresses does, or is the name of one."""
    tokens = [re.sub(r"^(?:GET|POST|PUT|DELETE) ", "", token) for token in spans(document.read_text())]
    named = [token for token in tokens if ADDRESS.match(token)]
    assert [token for token in named if not is_route(token)] == []


def is_there(function: str, text: str) -> bool:
    """Defined in the file, or imported by it."""
    return bool(
        re.search(
            rf"\b(?:def|function|class) {function}\b|import.*\b{function}\b|^    {function},$",
            text,
            re.MULTILINE,
        )
    )


def test_the_traced_answer_goes_through_functions_that_exist() -> None:
    """In architecture.md a `name()` belongs to the path that stands before it, in its step or row."""
    missing, checked = [], 0
    for step in re.split(r"\n(?=\d+\. |\n|\| )", (ROOT / "docs" / "architecture.md").read_text()):
        text = ""
        for token in spans(step):
            if is_path(token) and (ROOT / token).is_file():
                text = (ROOT / token).read_text()
            elif text and token.endswith("()"):
                checked += 1
                if not is_there(token[:-2], text):
                    missing.append(token)
    assert missing == []
    assert checked > 20


def test_decisions_are_numbered_without_gap() -> None:
    files = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [file[:4] for file in files] == [f"{number:04d}" for number in range(1, len(files) + 1)]
    for file in files:
        heading = (ROOT / "docs" / "decisions" / file).read_text().splitlines()[0]
        assert heading.startswith(f"# {int(file[:4])}. "), file


def test_pictures_are_small_and_all_are_shown() -> None:
    shown = "".join(document.read_text() for document in DOCUMENTS)
    pictures = sorted((ROOT / "docs" / "images").iterdir())
    assert [p.name for p in pictures if p.stat().st_size > MOST or f"images/{p.name})" not in shown] == []
    assert len(pictures) >= 5


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text()
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {page for page in pages if f"]({page})" not in index} == set()
