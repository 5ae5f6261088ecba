"""The sample: what was found in the picture, how it was measured, what the volunteers are shown."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.data import hubble_deep_field

from projects import samples
from projects.bundles.read import read_bundle
from projects.bundles.subjects import read_subjects
from projects.samples.deep_field import find
from projects.samples.deep_field.maker import choose

FOLDER = Path(samples.__file__).parent / "deep_field"


@pytest.fixture(scope="session")
def rows(made: Path) -> list[dict[str, str]]:
    with (made / "subjects.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_sets_have_the_size_that_the_project_promises(rows: list[dict[str, str]]) -> None:
    large = [row for row in rows if row["subject_set"] == "large"]
    small = [row for row in rows if row["subject_set"] == "small"]
    assert 80 <= len(large) <= 110
    assert 250 <= len(small) <= 400
    assert len(large) + len(small) == len(rows)
    assert min(float(row["attr:across_px"]) for row in large) >= 16.0
    assert max(float(row["attr:across_px"]) for row in small) < 16.0


def test_every_attribute_is_a_finite_number_for_every_source(rows: list[dict[str, str]]) -> None:
    keys = [key for key in rows[0] if key.startswith("attr:")]
    assert len(keys) >= 12
    not_finite = [
        (row["external_id"], key) for row in rows for key in keys if not math.isfinite(float(row[key]))
    ]
    assert not_finite == []


def test_attributes_are_those_of_project_yaml_in_its_order(made: Path, rows: list[dict[str, str]]) -> None:
    bundle = read_bundle(FOLDER)
    assert [key for key in rows[0] if key.startswith("attr:")] == [
        f"attr:{entry.key}" for entry in bundle.project.attributes
    ]
    assert all(entry.description for entry in bundle.project.attributes)
    assert len(read_subjects(made, bundle.project)) == len(rows)


def test_attributes_stay_within_their_ranges(rows: list[dict[str, str]]) -> None:
    def column(key: str) -> np.ndarray:
        return np.array([float(row[f"attr:{key}"]) for row in rows])

    assert column("ellipticity").min() >= 0.0
    assert column("ellipticity").max() < 1.0
    assert column("orientation_deg").min() >= 0.0
    assert column("orientation_deg").max() < 180.0
    assert column("gini").min() > 0.0
    assert column("gini").max() < 1.0
    assert column("asymmetry").min() >= 0.0
    assert column("m20").max() < 0.0
    assert column("surface_brightness_peak").max() <= 255.0


def test_known_galaxies_measure_as_they_look(rows: list[dict[str, str]]) -> None:
    """Three that anybody can find in the picture: a thin disk, a round red giant, a bright star."""
    places = np.array([[int(row["external_id"][5:9]), int(row["external_id"][11:15])] for row in rows])

    def at(x: int, y: int) -> dict[str, str]:
        distances = np.hypot(*(places - [x, y]).T)
        assert distances.min() < 5
        return rows[int(np.argmin(distances))]

    disk, giant, star = at(580, 406), at(727, 474), at(754, 577)
    assert float(disk["attr:ellipticity"]) > 0.6
    assert float(giant["attr:ellipticity"]) < 0.15
    assert float(giant["attr:display_red"]) > 1.2 * float(giant["attr:display_blue"])
    assert float(star["attr:surface_brightness_peak"]) > 230.0


def test_cut_outs_are_pictures_with_their_source_in_the_middle(
    made: Path, rows: list[dict[str, str]]
) -> None:
    empty = []
    for row in rows:
        side = {"large": 424, "small": 256}[row["subject_set"]]
        with Image.open(made / row["file"]) as picture:
            assert picture.size == (side, side)
            levels = np.asarray(picture, dtype=float).mean(axis=-1)
        # 3 pixels of the original; 0.45 of the peak, brightened and blurred, shows as 0.48 of it or more.
        half = max(round(1.5 * side / int(row["meta:Field of view"].split(" ")[0])), 1)
        middle = levels[side // 2 - half : side // 2 + half, side // 2 - half : side // 2 + half]
        if middle.mean() < 0.48 * float(row["attr:surface_brightness_peak"]):
            empty.append(row["external_id"])
    assert empty == []


def test_no_galaxy_is_two_subjects(rows: list[dict[str, str]]) -> None:
    """Of two large sources that overlap, the fainter's centre is at least 0.6 of its size away."""
    large = [row for row in rows if row["subject_set"] == "large"]
    places = [row["meta:Place in the picture"].replace(",", "").split(" ") for row in large]
    where = np.array([[float(place[1]), float(place[3])] for place in places])
    size = np.array([float(row["attr:across_px"]) for row in large])
    brightness = np.array([float(row["attr:display_magnitude"]) for row in large])
    for row, (x, y) in enumerate(where):
        brighter = where[brightness < brightness[row]]
        nearest = np.hypot(*(brighter - [x, y]).T).min(initial=np.inf)
        assert nearest >= 0.6 * size[row] - 0.1, large[row]["external_id"]


def test_scale_is_stated_with_every_picture(rows: list[dict[str, str]]) -> None:
    for row in rows:
        field = int(row["meta:Field of view"].split(" ")[0])
        side = {"large": 424, "small": 256}[row["subject_set"]]
        assert row["meta:Enlarged"] == f"{side / field:.1f} times in the file, smoothly (Lanczos)"
        assert field >= 24


def test_choosing_again_gives_the_same_sources_and_numbers() -> None:
    """In a part of the picture, for the sake of time."""
    part = hubble_deep_field()[250:600, 450:800]
    once, again = (dict(choose(find.prepare(part))) for _ in range(2))
    assert len(once["large"].x) >= 10
    for name in ("large", "small"):
        assert (once[name].x.tolist(), once[name].y.tolist()) == (
            again[name].x.tolist(),
            again[name].y.tolist(),
        )
        for key, values in once[name].attributes.items():
            assert values.tobytes() == again[name].attributes[key].tobytes(), key


def test_bundle_is_readable_and_every_icon_is_used() -> None:
    bundle = read_bundle(FOLDER)
    used = set().union(*(workflow.icon_names() for workflow in bundle.workflows))
    assert set(bundle.icons) == used
    every = [
        answer
        for w in bundle.workflows
        for task in w.definition.tasks.values()
        for answer in task.choices
        if not task.compares
    ]
    assert all(answer.icon for answer in every)
    assert all(task.help for w in bundle.workflows for task in w.definition.tasks.values())


def test_star_ends_the_tree_and_a_spiral_walks_through_seven_tasks() -> None:
    shapes = next(
        workflow for workflow in read_bundle(FOLDER).workflows if workflow.slug == "shapes"
    ).definition
    assert shapes.walk([{"task": "T0", "value": "artifact"}]) == [{"task": "T0", "value": "artifact"}]
    spiral = ["features", "not_edge_on", "no_bar", "spiral", "two", "small", []]
    tasks = ["T0", "T2", "T3", "T4", "T5", "T6", "T7"]
    annotations = [{"task": task, "value": value} for task, value in zip(tasks, spiral, strict=True)]
    assert shapes.walk(annotations) == annotations


def test_scale_notes_tell_the_widths_that_occur(rows: list[dict[str, str]]) -> None:
    for workflow in read_bundle(FOLDER).workflows:
        if workflow.subject_set == "pairs":
            continue
        of_set = [row for row in rows if row["subject_set"] == workflow.subject_set]
        fields = [int(row["meta:Field of view"].split(" ")[0]) for row in of_set]
        note = workflow.definition.viewer.scale_note
        assert note.startswith(
            f"The view is {min(fields)} to {max(fields)} pixels of the published picture wide"
        )
