"""A project of our own goes out as a file and comes in elsewhere: the same votes, whatever became of its answers."""

from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command

from projects.models import Classification, Evidence, Project, Retirement, Volunteer
from projects.services import discount
from tests.projects.exports.conftest import Zoo
from tests.projects.imports.conftest import TakeIn

pytestmark = pytest.mark.django_db(transaction=True)


def tallies(project: str) -> list[tuple[str, str, str]]:
    found = Evidence.objects.filter(workflow__project__slug=project).select_related("subject")
    names = {
        each.subject_id: str(each.subject.metadata.get("external_id", each.subject.external_id))
        for each in found
    }
    return sorted((names[e.subject_id], e.task, str(e.tallies)) for e in found if e.tallies["asked"])


def test_a_project_of_ours(zoo: Zoo, take_in: TakeIn, tmp_path: Path) -> None:
    file = tmp_path / "zoo.csv"
    call_command("export", "zoo", "classifications", out=str(file))
    take_in(file, project="again", source="zoo")
    assert tallies("again") == tallies("zoo")
    there = Classification.objects.filter(workflow__project__slug="again").order_by("pk")
    here = Classification.objects.filter(workflow__project__slug="zoo").order_by("pk")
    assert [each.annotations for each in there] == [each.annotations for each in here]
    assert Counter(each.counted for each in there) == Counter(each.counted for each in here)
    assert Retirement.objects.filter(workflow__project__slug="again").count() == 2
    assert Volunteer.objects.filter(source="zoo", simulated=True).count() == 1
    assert Volunteer.objects.filter(source="zoo", external_id__startswith="not-logged-in-").count() == 1
    assert Project.objects.get(slug="again").workflows.get().published.number == "1.0"  # type: ignore[union-attr]


def test_what_was_discounted_or_late_does_not_count_elsewhere(
    zoo: Zoo, take_in: TakeIn, tmp_path: Path
) -> None:
    first = Classification.objects.order_by("pk").first()
    assert first is not None
    discount(first, "spam")
    file = tmp_path / "zoo.csv"
    call_command("export", "zoo", "classifications", out=str(file))
    take_in(file, project="again", source="zoo")
    assert tallies("again") == tallies("zoo")
    withheld = Classification.objects.get(workflow__project__slug="again", counted="withheld")
    assert withheld.counted_reason == "discounted: spam"
