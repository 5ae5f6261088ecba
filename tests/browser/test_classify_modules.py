"""The page's modules as they are shipped: hashed by collectstatic, fetched at once, their words known to gettext."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from portal.pages.classify import KIND_MODULES, MODULES, PRACTICE_MODULES, VIEWER_MODULES
from portal.pages.classify_texts import texts
from projects.tasks import KINDS
from projects.tasks.viewer import KINDS as VIEWERS
from tests.browser.classifying import ROOT

FOLDER = ROOT / "static" / "classify"
IMPORT = re.compile(
    r"^(?:import|export)\b[^;]*?from\s+\"(\.[^\"]+)\"(;?)|^import\s+\"(\.[^\"]+)\"(;?)", re.MULTILINE
)


def imports(module: Path) -> list[tuple[Path, bool]]:
    """(imported file, whether the statement ends in a semicolon) of a module, dynamic imports left out."""
    found = []
    for match in IMPORT.finditer(module.read_text()):
        path, end = (match[1], match[2]) if match[1] else (match[3], match[4])
        found.append(((module.parent / path).resolve(), end == ";"))
    return found


def reached(start: Path) -> set[Path]:
    seen: set[Path] = set()
    todo = [start]
    while todo:
        module = todo.pop()
        if module not in seen:
            seen.add(module)
            todo += [path for path, _ in imports(module)]
    return seen


def test_every_import_ends_in_a_semicolon_and_leads_to_a_file() -> None:
    """Without it collectstatic leaves the address unhashed, silently."""
    statements = [(path, *found) for path in FOLDER.rglob("*.js") for found in imports(path)]
    assert len(statements) > 20
    assert [path.name for path, target, ended in statements if not ended or not target.is_file()] == []


def test_the_page_preloads_what_main_and_the_kinds_reach() -> None:
    wanted = reached(FOLDER / "main.js") - {FOLDER / "main.js"}
    for kind in KINDS:
        own = reached(FOLDER / "tasks" / f"{kind}.js") - {FOLDER / "tasks" / f"{kind}.js"}
        if kind in KIND_MODULES:
            more = {str(path.relative_to(FOLDER).with_suffix("")) for path in own} - set(MODULES)
            assert sorted(KIND_MODULES[kind]) == sorted(more)
        else:
            wanted |= own
    assert sorted(MODULES) == sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in wanted)


def test_the_page_preloads_what_its_viewer_reaches() -> None:
    for kind in VIEWERS:
        wanted = reached(FOLDER / "viewers" / f"{kind}.js")
        assert sorted(VIEWER_MODULES[kind]) == sorted(
            str(path.relative_to(FOLDER).with_suffix("")) for path in wanted
        )
    assert set(VIEWER_MODULES) == set(VIEWERS)


def test_the_page_preloads_what_its_use_reaches() -> None:
    """practice.js and verdict.js where main.js fetches them, with what they import; told.js comes when it is needed,
    odd.js and discuss.js where there is talk."""
    fetched = set(re.findall(r"import\(\"\./(\w+)\.js\"\)", (FOLDER / "main.js").read_text()))
    fetched -= {"told", "odd", "discuss"}
    wanted = {path.stem for name in fetched for path in reached(FOLDER / f"{name}.js")}
    gold, trial = (set(PRACTICE_MODULES[use]) for use in ("gold", "try"))
    assert (gold - trial, trial - gold) == ({"known"}, {"trial"})
    assert fetched <= gold | trial
    assert wanted - set(MODULES) == gold | trial
    assert (
        PRACTICE_MODULES["training"] == PRACTICE_MODULES["exam"] == ["inert", "practice", "verdict", "words"]
    )


def test_every_kind_has_its_module_in_the_browser() -> None:
    """The twin of projects/tasks: a kind that lacks its side would stop the page."""
    for folder, kinds in (("tasks", KINDS), ("viewers", VIEWERS)):
        index = (FOLDER / folder / "index.js").read_text()
        listed = re.findall(r"^  (\w+): \(\) => import\(\"\./(\w+)\.js\"\)", index, re.MULTILINE)
        assert dict(listed) == {kind: kind for kind in kinds}
        assert all((FOLDER / folder / f"{kind}.js").is_file() for kind in kinds)


def test_the_modules_words_and_the_servers_are_the_same() -> None:
    """So that none is missing: every call names its text itself; only a hint's name is handed on."""
    code = "".join(module.read_text() for module in FOLDER.rglob("*.js") if module != FOLDER / "text.js")
    asked = re.findall(r"(?<![\w.])t\(([^,)]*)", code) + re.findall(r"\bhint\((\"\w+\")", code)
    assert {name.strip('"') for name in asked if name.startswith('"')} == set(texts())
    assert [name for name in asked if not name.startswith('"')] == ["key"]


def test_collectstatic_rewrites_every_import(tmp_path: Path) -> None:
    """With hashed names, as in production; a circle of imports would stop it."""
    environment = {**os.environ, "VOORWERP_VAR": str(tmp_path), "STATIC_MANIFEST": "1"}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=300)
    folder = tmp_path / "static"
    manifest = json.loads((folder / "staticfiles.json").read_text())["paths"]
    some = (*VIEWER_MODULES.values(), *PRACTICE_MODULES.values(), *KIND_MODULES.values())
    others = {name for names in some for name in names}
    for name in ("main", *MODULES, *others, *(f"tasks/{kind}" for kind in KINDS)):
        code = (folder / manifest[f"classify/{name}.js"]).read_text()
        for path in re.findall(r"(?:from\s*|import\s*\(?)\"(\.[^\"]+)\"", code):
            target = ((folder / manifest[f"classify/{name}.js"]).parent / path).resolve()
            assert re.search(r"\.[0-9a-f]{12}\.js$", path), f"{name}: {path} has no hash"
            assert target.is_file(), f"{name}: {path} is not there"
