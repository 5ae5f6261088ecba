"""The sample papyri: the texts, the pictures, what is told of them, and that the bundle loads."""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pytest_django import Settings

from mining.science.simulate import Walker, make_crowd
from projects import samples
from projects.bundles.load import load_bundle
from projects.bundles.read import read_bundle
from projects.bundles.subjects import read_subjects
from projects.models import Project, Subject, SubjectState
from projects.samples.papyri.alphabet import ALPHABET
from projects.samples.papyri.hands import HANDS, Placed, ink
from projects.samples.papyri.picture import Sheet, draw_line
from projects.samples.papyri.texts import PASSAGES, Passage, lines

pytestmark = pytest.mark.long
FOLDER = Path(samples.__file__).parent / "papyri"
SHEET = Sheet(hand=HANDS[0], tone=0.55, black=0.9, warm=0.0, board=0)
Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def papyri(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made folder."""
    from projects.samples.papyri.maker import make

    folder = tmp_path_factory.mktemp("papyri")
    make(folder, lambda line: None)
    return folder


@pytest.fixture(scope="session")
def every_row(papyri: Path) -> Rows:
    with (papyri / "subjects.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def rows(every_row: Rows) -> Rows:
    """Of the lines."""
    return [row for row in every_row if row["subject_set"] == "lines"]


def numbers(rows: Rows, key: str) -> np.ndarray:
    return np.array([float(row[f"attr:{key}"]) for row in rows])


def test_lines_hold_the_whole_text_and_only_letters_that_can_be_drawn() -> None:
    for passage in PASSAGES:
        written = lines(passage)
        assert "".join(written) == "".join(passage.text.split()).replace("ς", "σ")
        assert set("".join(written)) <= set(ALPHABET)
        assert all(9 <= len(line) <= 27 for line in written)


def test_every_letter_of_the_alphabet_occurs() -> None:
    """Also the rare ones, zeta and psi: a guide to 24 letters must not show one that nobody meets."""
    assert {letter for passage in PASSAGES for line in lines(passage) for letter in line} == set(ALPHABET)
    assert list(ALPHABET) == list("αβγδεζηθικλμνξοπρστυφχψω")


def test_running_text_is_divided_at_words_and_syllables() -> None:
    text = "ηροδοτου αλικαρνησσεος ιστοριης αποδεξις ηδε ως μητε τα γενομενα"
    assert lines(Passage("", text, column=12)) == [
        "ηροδοτουαλι",
        "καρνησσεοσισ",
        "τοριησαποδε",
        "ξισηδεωσμητε",
        "ταγενομενα",
    ]


def test_a_long_verse_is_two_lines() -> None:
    assert lines(Passage("", "\n μηνιν αειδε θεα πηληιαδεω αχιληος\n ποικιλοθρον αθανατ", verse=True)) == [
        "μηνιναειδεθεα",
        "πηληιαδεωαχιληοσ",
        "ποικιλοθροναθανατ",
    ]


def test_same_seed_gives_the_same_picture_and_another_a_different_one() -> None:
    def drawn(seed: int) -> tuple[bytes, list[float]]:
        line = draw_line("μηνιναειδε", "ανδρα", "", SHEET, 0.5, [1, seed])
        return line.picture.tobytes(), line.left.tolist()

    assert drawn(1) == drawn(1)
    assert drawn(1)[0] != drawn(2)[0]


def test_more_wear_leaves_less_ink() -> None:
    def left(wear: float) -> float:
        return float(
            np.mean([draw_line("μηνιναειδε", "", "", SHEET, wear, [1, n]).left.mean() for n in range(3)])
        )

    assert left(0.04) > 0.75
    assert left(0.04) > left(0.4) + 0.15
    assert left(0.4) > left(0.74) + 0.15


def test_letters_are_told_apart_by_their_shapes() -> None:
    """No two letters of a hand are drawn nearly alike: their ink overlaps by less than three quarters."""
    for hand in HANDS:
        steady = type(hand)(**{**vars(hand), "unsteady": 0.0})
        masks = {}
        for key, letter in ALPHABET.items():
            width = letter.width * hand.narrow.get(key, 1.0) * 60
            placed = [Placed(key, 50 - width / 2, 100.0, width)]
            masks[key] = ink((130, 110), placed, steady, 60.0, np.random.default_rng(1))
        for one in ALPHABET:
            for other in ALPHABET:
                if one < other:
                    both = np.minimum(masks[one], masks[other]).sum()
                    either = np.maximum(masks[one], masks[other]).sum()
                    assert both / either < 0.75, (hand.name, one, other)


def test_making_again_gives_the_same_bytes(
    papyri: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the papyri one is made again; each begins from numbers of its own."""
    from projects.samples.papyri import maker

    monkeypatch.setattr(maker, "PASSAGES", (PASSAGES[0],))
    maker.make(tmp_path, lambda line: None)
    names = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.*g"))
    assert len(names) == len(lines(PASSAGES[0])) + 1 + 25
    for name in names:
        assert _digest(tmp_path / name) == _digest(papyri / name), name


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_pictures_are_wide_strips_and_small_files(papyri: Path, rows: Rows) -> None:
    assert len(rows) == 139
    for row in rows:
        file = papyri / row["file"]
        assert file.stat().st_size <= 150_000
        with Image.open(file) as picture:
            assert 1100 <= picture.width <= 1400
            assert 150 <= picture.height <= 270


def test_truth_and_wear_are_hidden_and_as_long_as_the_line(rows: Rows) -> None:
    for row in rows:
        truth, wear = row["meta:#truth"], row["meta:#wear"]
        assert len(truth) == len(wear) == int(row["attr:letters"])
        assert set(truth) <= set(ALPHABET)
        assert wear.isdigit()
        gone = np.array([int(digit) for digit in wear]) / 9
        assert gone.mean() == pytest.approx(float(row["attr:wear"]), abs=0.03)
        shown = " ".join(text for key, text in row.items() if not key.startswith(("meta:#", "attr:")))
        assert truth not in shown
        assert "Simulated" in row["meta:Made"]


def test_lines_range_from_plain_to_hard_to_read(rows: Rows) -> None:
    wear, contrast = numbers(rows, "wear"), numbers(rows, "contrast")
    assert np.percentile(wear, [10, 50, 90]) == pytest.approx([0.19, 0.34, 0.55], abs=0.04)
    assert np.corrcoef(wear, contrast)[0, 1] < -0.7
    assert numbers(rows, "letters_lost").max() <= 6
    assert (numbers(rows, "holes") > 0.004).mean() > 0.5
    assert {row["attr:hand"] for row in rows} == {hand.name for hand in HANDS}


def test_pages_have_ink_above_the_known_lines_and_little_below(papyri: Path, every_row: Rows) -> None:
    pages = [row for row in every_row if row["subject_set"] == "pages"]
    assert len(pages) == 6
    (task,) = read_bundle(FOLDER).workflows[2].definition.tasks.values()
    for row in pages:
        truth = json.loads(row["meta:#lines"])
        with Image.open(papyri / row["file"]) as picture:
            grey = np.asarray(picture.convert("L"), dtype=np.float64)
        assert grey.shape == (truth["height"], truth["width"])
        stored = task.validate_value(truth["marks"])
        task.check_inside(stored, truth["width"], truth["height"])
        assert [set(line["details"][0]) <= set(ALPHABET) for line in stored] == [True] * 4
        for line in stored:
            left, right, base = round(line["x1"]), round(line["x2"]), round(line["y1"])
            on, below = grey[base - 20 : base - 5, left:right], grey[base + 8 : base + 23, left:right]
            assert on.mean() < below.mean() - 5


def test_whatever_a_simulated_crowd_says_of_a_page_is_taken() -> None:
    (definition,) = (w.definition for w in read_bundle(FOLDER).workflows if w.slug == "pages")
    line = {"tool": "line", "frame": 0, "x1": 9, "y1": 50, "x2": 90, "y2": 50, "details": ["μηνιν"]}
    truth = {"width": 100, "height": 100, "marks": [line]}
    crowd = make_crowd(12, seed=1)
    assert crowd.careless.any()  # who draws nothing
    body = definition.model_dump()
    for walk in Walker(body, {"T0": [truth]}, crowd, 1, seed=1).classifications(12):
        assert definition.walk(walk.annotations) == walk.annotations


def test_bundle_and_subjects_fit_together(papyri: Path, rows: Rows) -> None:
    bundle = read_bundle(FOLDER)
    keys = [f"attr:{entry.key}" for entry in bundle.project.attributes]
    assert [key for key in rows[0] if key.startswith("attr:")] == keys
    assert all(entry.description for entry in bundle.project.attributes)
    assert len(read_subjects(papyri, bundle.project)) == len(rows) + 6
    used = set().union(*(workflow.icon_names() for workflow in bundle.workflows))
    assert set(bundle.icons) == used
    assert all(task.help for w in bundle.workflows for task in w.definition.tasks.values())


def test_every_page_of_the_project_that_introduces_it_says_that_it_is_simulated() -> None:
    bundle = read_bundle(FOLDER)
    texts = {page.slug: page.body for page in bundle.pages}
    assert "simulated" in texts["about"]
    assert "Simulated" in texts["team"]
    assert "simulated" in bundle.tutorial[0].text
    assert "drawn by this programme" in bundle.project.source
    assert "drew" in bundle.project.description
    for workflow in bundle.workflows:
        assert "simulated papyrus" in workflow.definition.viewer.scale_note


def test_scale_notes_tell_what_occurs(rows: Rows) -> None:
    letters, heights = numbers(rows, "letters"), numbers(rows, "letter_height_px")
    said = (
        f"one line of {letters.min():.0f} to {letters.max():.0f} letters, "
        f"{heights.min():.0f} to {heights.max():.0f} pixels high in the file"
    )
    for workflow in read_bundle(FOLDER).workflows[:2]:
        assert said in workflow.definition.viewer.scale_note


@pytest.mark.django_db
def test_bundle_loads_and_a_second_load_changes_nothing(
    papyri: Path, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"

    def stored() -> tuple[Any, ...]:
        project = Project.objects.get(slug="papyri")
        return (
            sorted(Subject.objects.filter(project=project).values_list("pk", "external_id")),
            [(w.slug, w.published and w.published.pk) for w in project.workflows.order_by("slug")],
            SubjectState.objects.filter(workflow__project=project).count(),
            [(page.slug, page.body) for page in project.pages.all()],
            sorted(str(path) for path in (tmp_path / "media").rglob("*.*")),
        )

    load_bundle(FOLDER, papyri)
    first = stored()
    assert len(first[0]) == 139 + 6
    assert first[2] == 2 * 139 + 6
    guide = dict(first[3])["guide"]
    assert guide.count("(/media/papyri/") == 24
    load_bundle(FOLDER, papyri)
    assert stored() == first
    subject = Subject.objects.get(external_id="papyrus-01-line-01")
    assert subject.metadata["#truth"] == "μηνιναειδεθεα"
    assert "#truth" not in subject.public_metadata
