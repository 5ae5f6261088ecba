"""Marks over their picture on the results page and in the pages of runs, and in the files."""

import csv
import json
import random

import pytest
from django.contrib.auth import get_user_model

from mining.services.follow import follow
from mining.services.mine import mine
from portal.pages.overlay import overlay
from projects.models import Media, ProjectMember
from projects.tasks.drawing import DrawingTask
from projects.tasks.shapes import SHAPES
from tests.mining.helpers import Crowd
from tests.mining.services.test_drawings import MOON, THINGS, crater, drew, moon, seen
from tests.projects.tasks.test_drawing import EACH

pytestmark = pytest.mark.django_db(transaction=True)
FILES = "/api/v1/projects/zoo/workflows/shapes/"


@pytest.fixture
def workflow():
    """One subject finished by five who drew three things, one of them a slip besides, and one who drew nothing."""
    made = moon(2, definition=MOON | {"retirement": ["gte", ["votes"], 6]}, data_public=True)
    crowd, rng = Crowd(made, 6), random.Random(2)
    for person in range(5):
        slips = [crater(20, 280, 5)] if person == 4 else []
        crowd.answer(person, 0, drew(*seen(rng, THINGS), *slips))
    crowd.answer(5, 0, drew())
    crowd.answer(0, 1, drew(*seen(rng, THINGS)))
    follow(made.pk)
    return made


def table(client, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(client.get(f"{FILES}{name}.csv").getvalue().decode().splitlines()))


def test_what_was_marked_is_shown_over_the_picture_with_its_table(client, workflow):
    page = client.get("/projects/zoo/results/shapes/").content.decode()
    part = page[page.index('id="consensus"') :]
    svg = part[part.index('<svg class="marked"') : part.index("</svg>")]
    assert 'viewBox="0 0 300 300"' in svg
    assert "<image href=" in svg
    assert (svg.count("<ellipse"), svg.count("<text")) == (6, 3)  # each twice: dark below its colour
    assert svg.count('stroke="#56b4e9"') == 3
    assert part.count("5 of 6") == 3
    assert "Sharp: 5" in part
    assert "1 more was drawn by too few to be told from a slip." in part
    assert "s1" not in part  # still open
    user = get_user_model().objects.create_user("scientist")
    ProjectMember.objects.create(project=workflow.project, user=user, role="scientist")
    client.force_login(user)
    run = mine(workflow)
    assert "5 of 6" in client.get(f"/projects/zoo/runs/shapes/{run.pk}/answers/").content.decode()


def test_the_files_say_what_was_marked_and_how_many_drew_it(client, workflow):
    rows = table(client, "marks")
    assert [(row["number"], row["tool"], row["drew"], row["asked"], row["likely"]) for row in rows] == [
        ("1", "crater", "5", "6", "yes"), ("2", "crater", "5", "6", "yes"), ("3", "crater", "5", "6", "yes"),
        ("4", "crater", "1", "6", "no"),
    ]  # fmt: skip
    assert {row["external_id"] for row in rows} == {"s0"}
    places = sorted((float(row["x_center_px"]), float(row["r_px"])) for row in rows[:3])
    assert places == [(pytest.approx(x, abs=3), pytest.approx(r, rel=0.1)) for x, _, r, _ in sorted(THINGS)]
    assert [row["x_px"] for row in rows] == [""] * 4
    assert min(row["details"] for row in rows[:3]) == json.dumps([{"votes": {"sharp": 5}}])
    (row,) = table(client, "catalogue")
    assert {name: row[name] for name in row if name.startswith("T0_")} == {
        "T0_crater_count": "3", "T0_crater_median": "3", "T0_crater_drew": "5", "T0_boulder_count": "0",
        "T0_boulder_median": "0", "T0_boulder_drew": "0", "T0_dispersion": row["T0_dispersion"], "T0_asked": "6",
    }  # fmt: skip
    documented = {(each["table"], each["column"]) for each in table(client, "columns")}
    assert {("marks", name) for name in rows[0]} <= documented
    assert f"{FILES}marks.csv" in client.get("/projects/zoo/data/").content.decode()


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_has_its_outline(shape):
    tool = {"key": "a", "label": "A", "shape": shape, "color": "sky"}
    task = DrawingTask.model_validate({"kind": "drawing", "question": "?", "tools": [tool]})
    thing = {"tool": "a", "p": 0.9, "drew": 2, "error": 1.0, "mark": EACH[shape], "details": []}
    value = {"asked": 3, "left_out": 0, "marks": [thing]}
    found = overlay(task, value, Media(path="a.png", width=100, height=50))
    name, geometry = {
        "point": ("path", 'd="M1.0 4.2h4.0M3.0 2.2v4.0"'),
        "line": ("polyline", 'points="0.0,0.0 3.5,4.0"'),
        "rectangle": ("polygon", 'points="1.0,2.0 4.0,2.0 4.0,6.5 1.0,6.5"'),
        "rotated_rectangle": ("polygon", 'points="4.7,3.5 7.3,5.0 5.3,8.5 2.7,7.0"'),
        "circle": ("ellipse", 'rx="2.5" ry="2.5"'),
        "ellipse": ("ellipse", 'transform="rotate(179.99 5 6)"'),
        "polygon": ("polygon", 'points="0.0,0.0 4.0,0.0 4.0,3.5"'),
        "segmented_line": ("polyline", 'points="0.0,0.0 4.0,0.0"'),
        "freehand": ("polygon", 'points="0.0,0.0 4.0,0.0 4.0,3.0 0.0,0.0"'),
    }[shape]
    assert found is not None
    svg = found.things[0].svg
    assert (svg.count(f"<{name} "), svg.count(geometry), svg.count('stroke="#56b4e9"')) == (2, 2, 1)
    assert overlay(task, value, Media(path="a.png")) is None
    assert overlay(task, {"text": "x"}, Media(path="a.png", width=1, height=1)) is None
