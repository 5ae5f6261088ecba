"""Makes the subjects of Papyri, pictures of lines and of pages and `subjects.csv`, and the letters for its guide.

Needs no network and no font of the machine. The same versions of the libraries give the same files, byte for byte.
"""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from projects.samples.papyri import letters
from projects.samples.papyri.hands import HANDS
from projects.samples.papyri.page import draw_page
from projects.samples.papyri.picture import BOARD, Line, Sheet, draw_line
from projects.samples.papyri.texts import PASSAGES, lines

SEED = 1798  # the year in which papyri were first taken to Europe to be read
QUALITY = 84  # of the JPEG files, 0 to 95
LOST = 0.15  # a letter that has kept less of its ink is counted as lost
LEAST_WEAR, MOST_WEAR = 0.04, 0.74
ALT = "A strip of brown papyrus with one line of Greek capital letters without spaces, in places worn away."
PAGE_ALT = (
    "A piece of brown papyrus with {n} lines of Greek capital letters without spaces, in places worn away."
)
PAGES, LINES_OF_A_PAGE = 6, 4
"""Papyri of which the first lines are a page, too."""

PAGE_WEAR = 0.25
MADE = "Simulated: the papyrus and the writing were drawn by this programme. There is no such papyrus."


def make(folder: Path, progress: Callable[[str], None]) -> None:
    """Writes images/*.jpg, letters/*.png and subjects.csv into `folder` (made when absent); tells each step."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    progress("Papyri: drawing the letters of the guide")
    letters.write(folder / "letters")
    rows: list[dict[str, str]] = []
    for number, passage in enumerate(PASSAGES, start=1):
        progress(f"Papyri: writing papyrus {number} of {len(PASSAGES)}")
        rows.extend(_write(folder, number, passage.key, lines(passage)))
    with (folder / "subjects.csv").open("w", newline="", encoding="utf-8") as file:
        names = list(dict.fromkeys(name for row in rows for name in row))
        table = csv.DictWriter(file, fieldnames=names, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    progress(f"Papyri: {len(rows)} subjects made")


def _write(folder: Path, number: int, work: str, texts: list[str]) -> Iterator[dict[str, str]]:
    """Writes one papyrus, line by line; gives the rows of subjects.csv."""
    rng = np.random.default_rng([SEED, number])
    sheet = Sheet(
        hand=HANDS[(number - 1) % len(HANDS)],
        tone=float(rng.uniform(0.44, 0.62)),
        black=float(rng.uniform(0.82, 0.96)),
        warm=float(rng.uniform(-1.0, 1.0)),
        board=int(rng.integers(len(BOARD))),
    )
    wear = (
        rng.uniform(0.12, 0.52)
        + np.cumsum(rng.normal(0.0, 0.07, len(texts)))
        + rng.normal(0.0, 0.07, len(texts))
    )
    wear = np.clip(wear, LEAST_WEAR, MOST_WEAR)
    for at, text in enumerate(texts):
        above = texts[at - 1] if at else ""
        below = texts[at + 1] if at + 1 < len(texts) else ""
        line = draw_line(text, above, below, sheet, float(wear[at]), [SEED, number, at])
        name = f"papyrus-{number:02d}-line-{at + 1:02d}"
        line.picture.save(folder / "images" / f"{name}.jpg", quality=QUALITY)
        yield _row(name, number, at + 1, text, line) | {
            "attr:work": work,
            "attr:hand": sheet.hand.name,
            "attr:line": str(at + 1),
            "attr:letters": str(len(text)),
            "attr:letter_height_px": f"{line.height:.1f}",
            "attr:wear": f"{1.0 - line.left.mean():.4f}",
            "attr:letters_lost": str(int((line.left < LOST).sum())),
            "attr:contrast": f"{line.contrast:.2f}",
            "attr:holes": f"{line.holes:.4f}",
        }
    if number <= PAGES:
        yield _page(folder, number, work, texts[:LINES_OF_A_PAGE], sheet)


def _page(folder: Path, number: int, work: str, texts: list[str], sheet: Sheet) -> dict[str, str]:
    """Writes a page; gives its row, in which the lines are as a volunteer would mark them, under their letters."""
    picture, written = draw_page(texts, sheet, PAGE_WEAR, [SEED, number, 1000])
    name = f"papyrus-{number:02d}-page"
    picture.save(folder / "images" / f"{name}.jpg", quality=QUALITY)
    lines = [
        {
            "tool": "line", "frame": 0, "x1": round(row.left, 1), "y1": round(row.base, 1),
            "x2": round(row.right, 1), "y2": round(row.base, 1), "details": [row.text],
        }
        for row in written
    ]  # fmt: skip
    truth = {"width": picture.width, "height": picture.height, "marks": lines}
    return {
        "external_id": name,
        "subject_set": "pages",
        "file": f"images/{name}.jpg",
        "alt": PAGE_ALT.format(n=len(texts)),
        "meta:Papyrus": f"{number} of {len(PASSAGES)}, its first lines",
        "meta:Made": MADE,
        "meta:#lines": json.dumps(truth, ensure_ascii=False),
        "attr:work": work,
        "attr:hand": sheet.hand.name,
    }


def _row(name: str, number: int, line: int, text: str, drawn: Line) -> dict[str, str]:
    """What is told of a line, and behind # what only the team may see: its text, the wear of each letter, 0 to 9."""
    return {
        "external_id": name,
        "subject_set": "lines",
        "file": f"images/{name}.jpg",
        "alt": ALT,
        "meta:Papyrus": f"{number} of {len(PASSAGES)}, line {line}",
        "meta:Made": MADE,
        "meta:#truth": text,
        "meta:#wear": "".join(str(round(9 * (1.0 - float(share)))) for share in drawn.left),
    }
