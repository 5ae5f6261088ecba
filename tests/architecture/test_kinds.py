"""A kind of task has a part of the same name on each side; one that is missing is found here, not by a volunteer."""

import re
from importlib import import_module
from types import ModuleType

from mining.kinds import KINDS as MINED
from mining.kinds import WEIGHED
from portal.pages.classify import KIND_STYLES
from portal.pages.findings import ANSWERS
from projects.exports.kinds import KINDS as WRITTEN
from projects.imports.stored import VALUES
from projects.tasks import KINDS
from tests.browser.classifying import ROOT
from tests.projects.tasks.test_every_kind import BODIES
from tests.projects.tasks.test_every_kind import VALUES as GIVEN

BOTH = {"survey"}
"""Its choices are weighed, what is asked about them is put together."""


def module(package: str, kind: str) -> ModuleType:
    return import_module(f"{package}.{kind}")


def test_every_registry_has_every_kind() -> None:
    for registry in (WRITTEN, ANSWERS, VALUES, BODIES, GIVEN):
        assert list(registry) == list(KINDS)
    assert {*MINED, *WEIGHED} == set(KINDS)
    assert list(MINED) == [kind for kind in KINDS if kind not in WEIGHED or kind in BOTH]


def test_every_kind_is_a_module_of_its_name() -> None:
    for kind, task in KINDS.items():
        assert task.__module__ == f"projects.tasks.{kind}"
        assert (module("projects.tasks", kind).__doc__ or "").startswith(f"{kind}: ")
        written = module("projects.exports.kinds", kind)
        assert WRITTEN[kind] == (written.columns, written.annotation, written.flat)
    for kind, together in MINED.items():
        mined = module("mining.kinds", kind)
        assert together == (mined.online, mined.batch)


def test_what_is_weighed_gives_ballots_and_the_rest_gives_texts() -> None:
    for kind in KINDS:
        body = {"kind": kind, "question": "?", "required": False} | BODIES[kind]
        task = KINDS[kind].model_validate(body)
        assert bool(task.choices) == (kind in WEIGHED)
        empty = task.validate_value(None if kind != "multiple" else [])
        assert (task.written(empty) is None) == (kind not in MINED)


def test_every_style_sheet_is_of_a_kind_and_there() -> None:
    assert set(KIND_STYLES) <= set(KINDS)
    assert all((ROOT / "static" / style).is_file() for style in KIND_STYLES.values())


def test_every_kind_exports_its_empty_value_and_how_it_is_asked() -> None:
    for kind in KINDS:
        code = (ROOT / "static" / "classify" / "tasks" / f"{kind}.js").read_text()
        assert re.findall(r"^export const (empty) = ", code, re.MULTILINE) == ["empty"]
        assert re.findall(r"^export function (render)\(\{", code, re.MULTILINE) == ["render"]
