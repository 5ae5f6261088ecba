"""Charts: drawn by the worker, each with the table that says the same, and only of finished subjects."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from mining.models import Chart, OnlineVolunteer, Reader
from mining.services.draw_charts import draw_charts
from mining.services.follow import follow
from mining.services.stale_charts import workflows_with_stale_charts
from projects.models import SubjectState, Volunteer
from tests.mining.helpers import OPEN, Crowd
from tests.projects.factories import ARTIFACT, SMOOTH, make_workflow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workflow():
    """12 subjects of which the first 9 are finished; 4 volunteers of whom one is simulated; 3 say smooth."""
    made = make_workflow(12, definition=OPEN | {"retirement": ["gte", ["votes"], 4]})
    crowd = Crowd(made, 4)
    for subject in range(12):
        for volunteer in range(4 if subject < 9 else 3):
            errs = (volunteer, subject) in {(1, 1), (2, 5)}
            crowd.answer(volunteer, subject, ARTIFACT if subject % 3 == 0 or errs else SMOOTH)
    Volunteer.objects.filter(pk=crowd.ids[3]).update(simulated=True)
    follow(made.pk)
    return made


def test_charts_and_their_tables(workflow):
    assert SubjectState.objects.filter(retired_at__isnull=False).count() == 9
    assert draw_charts(workflow.pk) == 4
    charts = {chart.name: chart for chart in Chart.objects.all()}
    for chart in charts.values():
        assert chart.position == Reader.objects.get().position
        for svg in (chart.svg_light, chart.svg_dark):
            assert ElementTree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
            assert "<style" not in svg
        assert chart.svg_light != chart.svg_dark
    progress = charts["progress"].table
    assert progress["columns"] == ["hour", "answers", "finished"]
    assert sum(row[1] for row in progress["rows"]) == 9 * 4 + 3 * 3
    assert sum(row[2] for row in progress["rows"]) == 9
    assert charts["leading-answers"].table["rows"] == [
        ["Smooth", 6, pytest.approx(6 / 9)],
        ["Features", 0, 0.0],
        ["Star or artifact", 3, pytest.approx(3 / 9)],
    ]
    assert sum(row[2] for row in charts["dispersion"].table["rows"]) == 9
    volunteers = charts["volunteers"].table
    assert [row[2] for row in volunteers["rows"]] == [12, 12, 12]  # the fourth has 9 votes, too few
    for row in volunteers["rows"]:
        skill, low, high, bits, bits_low, bits_high = row[3:]
        assert 0 <= low <= skill <= high <= 1
        assert 0 <= bits_low <= bits <= bits_high


def test_simulated_volunteers_are_marked_and_nobody_is_named(workflow):
    OnlineVolunteer.objects.update(votes=10)
    draw_charts(workflow.pk)
    rows = Chart.objects.get(name="volunteers").table["rows"]
    assert sorted(row[1] for row in rows) == [False, False, False, True]
    assert all(row[0].startswith("simulated-" if row[1] else "not-logged-in-") for row in rows)


def test_charts_grow_stale_and_are_drawn_again_after_a_rest(workflow):
    assert workflows_with_stale_charts() == [workflow.pk]
    draw_charts(workflow.pk)
    assert workflows_with_stale_charts() == []
    Crowd(workflow, 1).answer(0, 11, SMOOTH)
    follow(workflow.pk)
    assert workflows_with_stale_charts() == []
    Chart.objects.update(made_at=timezone.now() - timedelta(minutes=1))
    assert workflows_with_stale_charts() == [workflow.pk]


def test_without_answers_there_is_nothing_to_draw():
    assert draw_charts(make_workflow(1).pk) == 0
