"""Makes the subjects of Deep field: cut-outs as PNG files and `subjects.csv`. Needs no network.

The same picture gives the same files, byte for byte, with the same versions of the libraries. A few seconds.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from skimage.data import hubble_deep_field

from projects.pairing import random_pairs
from projects.samples.deep_field import cutouts, find
from projects.samples.deep_field.measure import Measured, measure

SOURCE = "Hubble eXtreme Deep Field, display picture of 2012 (NASA, ESA, G. Illingworth and others)"
SCREEN = {"large": 424, "small": 256}  # side of a cut-out on the screen, pixels
CONTEXT = {"large": 1.6, "small": 1.9}  # field of view over the source's length
LEAST_FIELD = {"large": 36, "small": 24}  # pixels of the picture; a smaller field shows its pixels, not more

KNOWN = 12  # small sources of either answer whose answer is known; every third is for the training
GOLD_COLUMNS = (
    "external_id", "workflow", "use", "secret", "T0", "right_message", "wrong_message", "expert",
)  # fmt: skip
PAIR_COLUMNS = ("subject_set", "left", "right", "meta:#stretched")
EACH = 4  # of the large ones every fourth is compared
PAIRS = 60
ALIKE = 0.03
"""Ellipticities nearer than that are taken for equal by the simulated crowd."""

MESSAGES = {
    "round": ("As wide as it is long.", "Turn it by a quarter: it looks the same."),
    "stretched": ("Clearly longer than wide.", "Turn it by a quarter: it is another picture."),
}
"""Said in the training after a right and after a wrong answer, by answer."""


def make(folder: Path, progress: Callable[[str], None]) -> None:
    """Writes images/*.png and subjects.csv into `folder` (made when absent); tells each step."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    progress("Deep field: finding sources in the picture")
    picture = hubble_deep_field()
    field = find.prepare(picture)
    rows: list[dict[str, str]] = []
    for subject_set, sources in choose(field):
        progress(f"Deep field: cutting out {len(sources.labels)} {subject_set} sources")
        rows.extend(_write(folder, subject_set, sources, picture))
    with (folder / "subjects.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    with (folder / "gold.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, fieldnames=list(GOLD_COLUMNS), lineterminator="\n")
        table.writeheader()
        table.writerows(known(rows))
    with (folder / "pairs.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, fieldnames=list(PAIR_COLUMNS), lineterminator="\n")
        table.writeheader()
        table.writerows(paired(rows))
    progress(f"Deep field: {len(rows)} subjects made")


def paired(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Pairs of some large ones drawn at random, and which of the two is measured to be more stretched."""
    large = [row for row in rows if row["subject_set"] == "large"][::EACH]
    ellipticity = {row["external_id"]: float(row["attr:ellipticity"]) for row in large}
    made = []
    for left, right in random_pairs(list(ellipticity), PAIRS, seed=1):
        more = ellipticity[left] - ellipticity[right]
        answer = "tie" if abs(more) < ALIKE else "left" if more > 0 else "right"
        made.append(dict(zip(PAIR_COLUMNS, ("pairs", left, right, answer), strict=True)))
    return made


def known(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Known answers of the small ones: the roundest and the most stretched, by their measured ellipticity."""
    small = sorted(
        (row for row in rows if row["subject_set"] == "small"), key=lambda row: float(row["attr:ellipticity"])
    )
    made = []
    for answer, ends in (("round", small[:KNOWN]), ("stretched", small[::-1][:KNOWN])):
        for at, row in enumerate(ends):
            use = "training" if at % 3 == 0 else "check"
            right, wrong = MESSAGES[answer] if use == "training" else ("", "")
            secret = "yes" if use == "check" else "no"
            cells = (row["external_id"], "small", use, secret, answer, right, wrong, "measured")
            made.append(dict(zip(GOLD_COLUMNS, cells, strict=True)))
    return made


def choose(field: find.Field) -> Iterator[tuple[str, Measured]]:
    """The two subject sets: name, measured sources.

    Left out: cut by the edge, fragments, empty in the middle; of the small ones also the faint and those with a
    rival close by.
    """
    segments = find.outline(field)
    across = find.across(segments.areas.astype(np.float64))
    whole = find.whole(segments, field.smooth)
    is_large = across >= find.LARGE_ACROSS
    is_small = (across >= find.SMALL_ACROSS) & ~is_large
    large = measure(field, segments, segments.labels[whole & is_large])
    yield "large", large.only(_centred(field, large) & ~_part_of_another(large))
    small = measure(field, segments, segments.labels[whole & is_small])
    bright = small.attributes["surface_brightness_peak"] >= find.SMALL_PEAK
    alone = small.attributes["neighbour_distance_px"] >= find.SMALL_ALONE * small.extent
    yield "small", small.only(_centred(field, small) & bright & alone)


def _centred(field: find.Field, sources: Measured) -> NDArray[np.bool_]:
    peak = sources.attributes["surface_brightness_peak"]
    return find.middle(field.grey, sources.x, sources.y) >= find.CENTRED * peak


def _part_of_another(sources: Measured) -> NDArray[np.bool_]:
    """Whether the centre of a brighter source lies within the source: then deblending has cut one galaxy in two."""
    x, y, magnitude = sources.x, sources.y, sources.attributes["display_magnitude"]
    distance = np.hypot(x[:, None] - x, y[:, None] - y)
    brighter = magnitude < magnitude[:, None]
    return np.any(brighter & (distance < find.OWN * sources.attributes["across_px"][:, None]), axis=1)


def _write(
    folder: Path, subject_set: str, sources: Measured, picture: NDArray[np.uint8]
) -> Iterator[dict[str, str]]:
    """Writes the cut-outs of one set; gives the rows of subjects.csv."""
    side = SCREEN[subject_set]
    for row, (x, y, extent) in enumerate(zip(sources.x, sources.y, sources.extent, strict=True)):
        field = max(round(CONTEXT[subject_set] * extent), LEAST_FIELD[subject_set])
        name = f"xdf-x{round(x):04d}-y{round(y):04d}"
        image = cutouts.enlarge(cutouts.cut(picture, x, y, field), side)
        image.save(folder / "images" / f"{name}.png", compress_level=3)
        yield {
            "external_id": name,
            "subject_set": subject_set,
            "file": f"images/{name}.png",
            "alt": "A patch of dark sky with one object in the middle and perhaps others around it.",
            "meta:Field of view": f"{field} x {field} pixels of the picture",
            "meta:Enlarged": f"{side / field:.1f} times in the file, smoothly (Lanczos)",
            "meta:Brightness": cutouts.STRETCH,
            "meta:Place in the picture": f"x {x:.1f}, y {y:.1f} pixels from the top left",
            "meta:Source": SOURCE,
        } | {f"attr:{key}": f"{column[row]:.4f}" for key, column in sources.attributes.items()}
