"""A small bundle, written anew for each test, which then breaks it."""

from pathlib import Path

import pytest
from PIL import Image

ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="9"/></svg>'
FILES = {
    "project.yaml": """\
slug: beans
title: Beans
accent: "#336699"
state: live
is_public: true
sets:
  - {slug: all, title: All beans}
attributes:
  - {key: mass, label: Mass, unit: g, description: Weighed by us.}
  - {key: colour, label: Colour, kind: category}
""",
    "pages/about.md": "---\ntitle: About\nposition: 2\n---\nWe sort *beans*.\n",
    "tutorial.yaml": """\
- {title: Hello, text: Look at the bean., image: hello.png}
- {title: Sort, text: Say what it is., workflow: sort}
""",
    "workflows/sort.yaml": """\
slug: sort
title: Sort beans
position: 1
subject_set: all
first_task: T0
tasks:
  T0:
    kind: single
    question: Is it a bean?
    answers:
      - {key: bean, label: Bean, icon: dot, next: T1}
      - {key: other, label: Something else, next: null}
  T1:
    kind: multiple
    question: What do you see?
    required: false
    answers:
      - {key: spots, label: Spots}
      - {key: crack, label: A crack}
retirement: [gte, [votes], 3]
""",
    "icons/dot.svg": ICON,
    "subjects.csv": """\
external_id,subject_set,file,alt,meta:Field,attr:mass,attr:colour
b1,all,b1.png,A bean,north,1.5,red
b2,all,b2.png,A bean,,,white
b2,all,b2-side.png,The same from the side,,,
""",
}


def write_bundle(folder: Path) -> Path:
    """A bundle that carries its own subjects: b1 with one picture, b2 with two."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for number, name in enumerate(["b1", "b2", "b2-side", "hello"]):
        Image.new("RGB", (8 + number, 6), (40 * number, 90, 20)).save(folder / f"{name}.png")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_bundle(tmp_path / "beans")


def replace(folder: Path, name: str, old: str, new: str) -> None:
    """Breaks (or edits) one file; fails when there is nothing to replace."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
