"""Where the tasks of a draft stand when they are drawn: in rows by how far from the start they are, with few crossings.

A small layered drawing after Sugiyama: a task's row is its longest way from the start; ways that pass a row get a place
in it; two sweeps put each beside what it hangs on. Everything in pixels of the drawing.
"""

from dataclasses import dataclass, field
from itertools import pairwise

from projects.drafting import Definition
from projects.drafting.graph import Way, all_ways, in_order

WIDE, HIGH = 200, 62
BETWEEN, DOWN = 28, 64
THIN = 84
"""What a way takes of a row that it passes: room for its label."""
ABOVE = 14
"""So far over what a way leads to stands its label."""
END = 26
"""The end's height."""
MARGIN = 10
TOP = 24
SWEEPS = 4
LETTERS = 26
"""Of a line in a box; of a label LABEL."""
LABEL = 22


@dataclass
class Box:
    name: str
    lines: list[str]
    more: int
    x: float = 0
    y: float = 0
    width: float = WIDE
    height: float = HIGH
    kind: str = ""

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass
class Line:
    """A way as a path of SVG. x, y: where its label stands."""

    path: str
    label: str
    x: float
    y: float
    source: str
    to: str


@dataclass
class Drawing:
    width: float
    height: float
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    end: Box | None = None


def layout(definition: Definition) -> Drawing:
    """Of a definition without circles; tasks that nothing leads to stand in the first row."""
    tasks = definition["tasks"]
    ways = [way for way in all_ways(definition) if way.to is None or way.to in tasks]
    rows = _rows(definition, ways)
    slots, chains = _with_passing(rows, ways)
    for _sweep in range(SWEEPS):
        _sort(slots, chains)
    boxes = _placed(definition, slots)
    width = max((box.x + box.width for box in boxes.values()), default=0) + MARGIN
    height = max((box.y + box.height for box in boxes.values()), default=0) + MARGIN
    lines = [_line(way, [boxes[each] for each in chain]) for way, chain in zip(ways, chains, strict=True)]
    shown = [box for name, box in boxes.items() if name in tasks]
    return Drawing(width, height, shown, lines, boxes.get(""))


def _rows(definition: Definition, ways: list[Way]) -> dict[str, int]:
    """Task to row; the end, "", is below all that lead to it."""
    row = dict.fromkeys(definition["tasks"], 0)
    for _again in row:
        for way in ways:
            if way.to and row[way.to] <= row[way.source]:
                row[way.to] = row[way.source] + 1
    if row:
        row[""] = max(row.values()) + 1
    order = {name: at for at, name in enumerate([*in_order(definition), ""])}
    return dict(sorted(row.items(), key=lambda each: order[each[0]]))


def _with_passing(rows: dict[str, int], ways: list[Way]) -> tuple[list[list[str]], list[list[str]]]:
    """The rows' places from left to right, and each way as the places that it goes through."""
    slots: list[list[str]] = [[] for _ in range(max(rows.values(), default=-1) + 1)]
    for name, row in rows.items():
        slots[row].append(name)
    chains = []
    for at, way in enumerate(ways):
        to = way.to or ""
        passed = [f"~{at}.{row}" for row in range(rows[way.source] + 1, rows[to])]
        for row, name in enumerate(passed, rows[way.source] + 1):
            slots[row].append(name)
        chains.append([way.source, *passed, to])
    return slots, chains


def _sort(slots: list[list[str]], chains: list[list[str]]) -> None:
    """Each to the mean place of what it hangs on above, then of what hangs on it below."""
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    for chain in chains:
        for a, b in pairwise(chain):
            above.setdefault(b, []).append(a)
            below.setdefault(a, []).append(b)
    for row, beside in [(row, above) for row in slots[1:]] + [(row, below) for row in reversed(slots[:-1])]:
        place = {name: at / max(1, len(each) - 1) for each in slots for at, name in enumerate(each)}

        def mean(name: str, beside: dict[str, list[str]] = beside, place: dict[str, float] = place) -> float:
            near = beside.get(name, [])
            return sum(place[each] for each in near) / len(near) if near else place[name]

        row.sort(key=mean)


def _placed(definition: Definition, slots: list[list[str]]) -> dict[str, Box]:
    tasks = definition["tasks"]
    found: dict[str, Box] = {}
    widths = [sum(_width(name, tasks) for name in row) + BETWEEN * (len(row) - 1) for row in slots]
    widest = max(widths, default=0)
    for at, (row, width) in enumerate(zip(slots, widths, strict=True)):
        x = MARGIN + (widest - width) / 2
        for name in row:
            wide = _width(name, tasks)
            task = tasks.get(name)
            lines, more = _wrapped(task["question"]) if task else ([], 0)
            high = HIGH if task else END if name == "" else 0
            y = TOP + at * (HIGH + DOWN) + (0 if task or name == "" else HIGH / 2)
            found[name] = Box(name, lines, more, x, y, wide, high, task["kind"] if task else "")
            x += wide + BETWEEN
    return found


def _width(name: str, tasks: dict[str, object]) -> float:
    return WIDE if name in tasks else 64 if name == "" else THIN


def _line(way: Way, through: list[Box]) -> Line:
    first, last = through[0], through[-1]
    points = [(first.middle, first.y + first.height)]
    points += [(box.middle, box.y) for box in through[1:]]
    path = f"M{points[0][0]:.0f} {points[0][1]:.0f}"
    for (x1, y1), (x2, y2) in pairwise(points):
        half = (y1 + y2) / 2
        path += f"C{x1:.0f} {half:.0f} {x2:.0f} {half:.0f} {x2:.0f} {y2:.0f}"
    label = ", ".join(way.labels)
    if len(label) > LABEL:
        label = f"{label[: LABEL - 1].rstrip(' ,')}…"
    x, y = points[1]
    return Line(path, label, x, y - ABOVE - (HIGH / 2 if len(through) > 2 else 0), way.source, last.name)


def _wrapped(text: str) -> tuple[list[str], int]:
    """Two lines at most; how many letters are left out."""
    lines: list[str] = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > LETTERS:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    shown = [line if len(line) <= LETTERS else f"{line[: LETTERS - 1]}…" for line in lines[:2]]
    left = sum(len(line) for line in lines[2:])
    if left:
        shown[-1] = f"{shown[-1][: LETTERS - 1].rstrip()}…"
    return shown, left
