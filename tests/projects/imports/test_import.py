"""Exports into the record: what is stored, what counts, and that a second time adds nothing."""

import gzip
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from projects.exceptions import Invalid
from projects.models import (
    Classification,
    Evidence,
    GoldAnswer,
    Import,
    LedgerEntry,
    PairMember,
    Project,
    Retirement,
    Subject,
    SubjectState,
    Use,
    Volunteer,
    Workflow,
    WorkflowCounter,
    WorkflowVersion,
)
from projects.services import publish_workflow, record_classification
from projects.services.rebuild import rebuild_workflow
from projects.services.team_gold import unused_gold, use_unused_gold
from tests.projects.factories import make_pass, submission
from tests.projects.imports.conftest import TakeIn
from tests.projects.imports.rows import answer, row, text, write

Newest = Callable[[], dict[str, Any]]


def counted() -> Counter[str]:
    return Counter(Classification.objects.values_list("counted", flat=True))


def everything() -> dict[str, int]:
    models = [
        Classification, Evidence, GoldAnswer, LedgerEntry, PairMember, Retirement, Subject, SubjectState, Volunteer,
        Workflow, WorkflowVersion,
    ]  # fmt: skip
    return {model.__name__: model._default_manager.count() for model in models}


def test_a_row_becomes_all_that_it_says(take_in: TakeIn, tmp_path: Path) -> None:
    take_in(write(tmp_path, row(1)))
    project = Project.objects.get()
    assert (project.slug, project.title, project.state, project.is_public) == (
        "birds",
        "Birds",
        "draft",
        False,
    )
    workflow = Workflow.objects.get()
    assert (workflow.slug, workflow.title, workflow.state) == ("is-it-a-bird", "Is it a bird?", "finished")
    assert (workflow.source, workflow.external_id) == ("zooniverse", "7")
    version = WorkflowVersion.objects.get()
    assert (version.number, version.inferred, workflow.published) == ("3.14", True, version)
    subject = Subject.objects.get()
    assert (subject.source, subject.external_id) == ("zooniverse", "100")
    assert subject.metadata == {"Filename": "a.jpg", "#truth": "bird", "#!RA": "11.2"}
    assert subject.public_metadata == {"Filename": "a.jpg"}
    volunteer = Volunteer.objects.get()
    assert (volunteer.source, volunteer.external_id) == ("zooniverse", "1001")
    stored = Classification.objects.get()
    assert stored.annotations == [{"task": "T0", "value": "yes"}]
    assert f"{stored.received_at:%Y-%m-%d %H:%M:%S}" == "2024-02-23 16:17:42"
    assert stored.metadata == {"viewport": {"width": 390, "height": 800}, "language": "el", "source_id": "1"}
    evidence = Evidence.objects.get()
    assert (evidence.task, evidence.tallies) == ("T0", {"asked": 1, "votes": {"yes": 1}, "first": ["yes"]})
    counter = WorkflowCounter.objects.get()
    assert (counter.position, counter.answers, counter.subjects, counter.retired) == (1, 1, 1, 0)


def test_the_same_file_again_adds_nothing_and_says_so(
    take_in: TakeIn, tmp_path: Path, newest: Newest
) -> None:
    file = write(tmp_path, row(1), row(2, gold_standard="true"), row(3, subject_ids="100;200"))
    take_in(file)
    before = everything()
    told = take_in(file)
    assert everything() == before
    assert (newest()["counts"]["known"], newest()["counts"]["added"]) == (3, 0)
    assert "Nothing was added: every row that is whole was here already." in told


def test_more_rows_later_come_to_the_same_as_all_at_once(take_in: TakeIn, tmp_path: Path) -> None:
    rows = [
        row(n, user_id=str(n % 4), subject_ids=str(n % 3), annotations=answer("Yes" if n % 2 else "No"))
        for n in range(12)
    ]
    take_in(write(tmp_path, *rows[:5], name="a.csv"), project="parts")
    take_in(write(tmp_path, *rows, name="b.csv"), project="parts")
    take_in(write(tmp_path, *rows), project="whole")

    def told(project: str) -> Any:
        found = Evidence.objects.filter(workflow__project__slug=project)
        return sorted(
            (e.subject.external_id, e.task, str(e.tallies)) for e in found.select_related("subject")
        )

    assert told("parts") == told("whole")
    assert counted() == {"yes": 24}


def test_two_sources_may_share_ids(take_in: TakeIn, tmp_path: Path) -> None:
    file = write(tmp_path, row(1))
    take_in(file)
    take_in(file, source="elsewhere")
    assert everything() == {**everything(), "Classification": 2, "Subject": 2, "Volunteer": 2, "Workflow": 2}
    assert {w.slug for w in Workflow.objects.all()} == {"is-it-a-bird", "is-it-a-bird-7"}


def test_the_first_row_counts_whatever_its_date(take_in: TakeIn, tmp_path: Path) -> None:
    later, earlier = "2024-03-01 00:00:00 UTC", "2024-01-01 00:00:00 UTC"
    take_in(
        write(
            tmp_path,
            row(1, user_id="5", created_at=later, annotations=answer("Yes")),
            row(2, user_id="5", created_at=earlier, annotations=answer("No")),
        )
    )
    assert list(Classification.objects.order_by("pk").values_list("counted", flat=True)) == ["yes", "repeat"]
    assert Evidence.objects.get().tallies["votes"] == {"yes": 1}


def test_a_repeat_in_a_later_file_is_one(take_in: TakeIn, tmp_path: Path) -> None:
    take_in(write(tmp_path, row(1, user_id="5")))
    take_in(write(tmp_path, row(2, user_id="5")))
    assert counted() == {"yes": 1, "repeat": 1}


def test_gold_is_kept_apart(take_in: TakeIn, tmp_path: Path, newest: Newest) -> None:
    take_in(
        write(
            tmp_path,
            row(1, gold_standard="true", expert="expert", user_name="ada", annotations=answer("No")),
            row(2),
        )
    )
    gold = GoldAnswer.objects.get()
    assert (gold.expert, gold.annotations) == ("ada", [{"task": "T0", "value": "no"}])
    withheld = Classification.objects.get(counted="withheld")
    assert (withheld.counted_reason, withheld.metadata["expert"]) == ("gold", "expert")
    assert Evidence.objects.get().tallies["votes"] == {"yes": 1}
    assert newest()["counts"]["gold"] == 1
    assert list(LedgerEntry.objects.order_by("position").values_list("kind", flat=True)) == [
        "classification",
        "classification",
        "gold",
    ]


def test_imported_gold_stays_work_until_the_team_uses_it(take_in: TakeIn, tmp_path: Path) -> None:
    """Of two open known subjects and a finished one the two become checks, once the workflow has been opened again."""
    told = {"gold_standard": "true", "user_name": "ada"}
    finished = {"subject_data": {"3": {"retired": {"retired_at": "2024-02-24T10:00:00.000Z"}}}}
    take_in(
        write(
            tmp_path,
            row(1, subject_ids="1", subject_data={"1": {}}, **told),
            row(2, subject_ids="2", subject_data={"2": {}}, **told),
            row(3, subject_ids="3", **finished, **told),
            row(4, subject_ids="1", subject_data={"1": {}}),
        )
    )
    workflow = Workflow.objects.get()
    assert SubjectState.objects.filter(use=Use.WORK).count() == 3
    definition = {
        key: value for key, value in workflow.versions.get().definition.items() if key != "inferred"
    }
    publish_workflow(workflow, definition)
    Workflow.objects.update(state=Workflow.State.ACTIVE)
    assert use_unused_gold(workflow) == 2
    assert unused_gold(workflow) == []
    uses = dict(SubjectState.objects.values_list("subject__external_id", "use"))
    assert uses == {"1": Use.CHECK, "2": Use.CHECK, "3": Use.WORK}
    assert Evidence.objects.get().tallies["votes"] == {"yes": 1}  # what counted before still does
    assert rebuild_workflow(workflow) == []


def test_several_subjects_make_a_pair(take_in: TakeIn, tmp_path: Path, newest: Newest) -> None:
    data = {"9": {"name": "left"}, "8": {"name": "right"}}
    take_in(
        write(
            tmp_path,
            row(1, subject_ids="9;8", subject_data=data),
            row(2, subject_ids="9;8", subject_data=data),
        )
    )
    pair = Subject.objects.get(external_id="9;8")
    assert [(each.position, each.member.metadata["name"]) for each in pair.members.all()] == [
        (0, "left"),
        (1, "right"),
    ]
    assert SubjectState.objects.values_list("subject__external_id", "answered").get() == ("9;8", 2)
    assert newest()["counts"]["pairs"] == 1


def test_what_was_finished_there_is_finished_here(take_in: TakeIn, tmp_path: Path) -> None:
    retired = {
        "workflow_id": 7, "subject_id": 100, "classifications_count": 15,
        "retired_at": "2024-02-25T03:27:13.475Z", "retirement_reason": "consensus",
    }  # fmt: skip
    other = {**retired, "workflow_id": 8}
    take_in(
        write(
            tmp_path,
            row(1, subject_data={"100": {"retired": retired}}),
            row(2, subject_ids="101", subject_data={"101": {"retired": other}}),
        )
    )
    record = Retirement.objects.get()
    assert (record.subject.external_id, record.reason, record.at.day) == ("100", "consensus", 25)
    assert WorkflowCounter.objects.get().retired == 1


def test_a_new_answer_of_an_old_version_makes_an_edition_of_it(take_in: TakeIn, tmp_path: Path) -> None:
    take_in(write(tmp_path, row(1, annotations=answer("Yes"))))
    take_in(write(tmp_path, row(2, annotations=answer("Maybe")), row(3, annotations=answer("Yes"))))
    first, second = WorkflowVersion.objects.order_by("pk")
    assert (first.number, second.number, first.minor, second.minor) == ("3.14", "3.14", 14, 1_000_014)
    assert [each["key"] for each in first.definition["tasks"]["T0"]["answers"]] == ["yes"]
    assert [each["key"] for each in second.definition["tasks"]["T0"]["answers"]] == ["yes", "maybe"]
    assert Workflow.objects.get().published == second
    take_in(write(tmp_path, row(4, annotations=answer("Yes"))))
    assert WorkflowVersion.objects.count() == 2


def test_written_answers_can_be_said(take_in: TakeIn, tmp_path: Path, newest: Newest) -> None:
    file = write(tmp_path, row(1))
    with pytest.raises(
        CommandError, match=r"The file has no task 7\.T5; write WORKFLOW_ID\.TASK, such as 4870\.T1\."
    ):
        take_in(file, written=["7.T5"])
    take_in(file, written=["7.T0"])
    assert newest()["tasks"] == [["7", "T0", "text", 1]]
    assert Evidence.objects.get().tallies["votes"] == {"text": 1}


def test_nobody_answers_what_was_put_together(take_in: TakeIn, tmp_path: Path) -> None:
    take_in(write(tmp_path, row(1), row(2, annotations=[*answer("No"), *answer([{"x": 1}], "T1")])))
    workflow = Workflow.objects.get()
    Workflow.objects.update(state="active")
    Project.objects.update(state="live", is_public=True)
    with pytest.raises(Invalid, match="This version was put together by an import: publish one of your own"):
        record_classification(submission(workflow, Subject.objects.get().pk, answer("Yes")), make_pass())
    definition = WorkflowVersion.objects.get().definition
    changed = {**definition, "glance": False}
    with pytest.raises(Invalid, match="put together by an import; write one without `inferred`"):
        publish_workflow(workflow, changed)
    with pytest.raises(Invalid, match="T1 has the kind raw, which is only for answers of an import"):
        publish_workflow(workflow, {**definition, "inferred": False})


def test_its_pages_lead_to_the_results_and_the_admin_keeps_it_closed(
    take_in: TakeIn, tmp_path: Path, admin_client: Client, redis_client: object
) -> None:
    take_in(write(tmp_path, row(1)))
    page = admin_client.get("/projects/birds/classify/is-it-a-bird/", follow=True)
    assert page.redirect_chain == [("/projects/birds/results/is-it-a-bird/", 302)]
    assert "it takes no answers here" in page.content.decode()
    workflow = Workflow.objects.get()
    definition = WorkflowVersion.objects.get().definition
    form = {"slug": "birds", "title": "Birds", "position": 0, "state": "finished", "requires": "[]"}

    def save(**changes: Any) -> str:
        given = {**form, "definition": json.dumps(definition), **changes}
        return admin_client.post(
            f"/admin/projects/workflow/{workflow.pk}/change/", given, follow=True
        ).content.decode()

    assert "What an import put together takes no answers" in save(state="active")
    assert "An import put this together." in save(definition=json.dumps({**definition, "glance": False}))
    save(title="Renamed")
    workflow.refresh_from_db()
    assert (workflow.title, workflow.state, WorkflowVersion.objects.count()) == ("Renamed", "finished", 1)


def test_the_teams_own_version_comes_after_and_stays(take_in: TakeIn, tmp_path: Path) -> None:
    take_in(write(tmp_path, row(1), row(2, workflow_version="9.1")))
    workflow = Workflow.objects.get()
    tasks = {"T0": {"kind": "single", "question": "Bird?", "answers": [{"key": "yes", "label": "Yes"}]}}
    own = publish_workflow(
        workflow, {"first_task": "T0", "tasks": tasks, "retirement": ["gte", ["votes"], 5]}
    )
    assert own.number == "10.0"
    take_in(write(tmp_path, row(3)))
    workflow.refresh_from_db()
    assert workflow.published == own


def test_gzip_bom_and_latin_1(take_in: TakeIn, tmp_path: Path) -> None:
    packed, marked, latin = tmp_path / "a.csv.gz", tmp_path / "b.csv", tmp_path / "c.csv"
    packed.write_bytes(gzip.compress(text(row(1)).encode()))
    marked.write_bytes(text(row(2)).encode("utf-8-sig"))
    latin.write_bytes(text(row(3, user_name="zoë")).encode("latin-1"))
    take_in(packed)
    take_in(marked)
    with pytest.raises(
        CommandError, match=r"Line 2 is not UTF-8\. Save the file as UTF-8, or say that it is Latin-1\."
    ):
        take_in(latin)
    take_in(latin, encoding="latin-1")
    assert Classification.objects.count() == 3


BROKEN = [
    row(1),
    row(2, annotations="[{"),
    row(1),
    row(4, created_at="2124-02-23 16:17:42 UTC"),
    row(5),
]


def test_broken_rows_are_told_and_the_rest_goes_in(take_in: TakeIn, tmp_path: Path, newest: Newest) -> None:
    told = take_in(write(tmp_path, *BROKEN))
    expected = [
        [3, "annotations is no JSON (Expecting property name enclosed in double quotes, character 3)"],
        [4, "classification_id 1 is given twice, first on line 2"],
        [5, "created_at is 2124-02-23 16:17:42 UTC, which lies in the future"],
    ]
    assert newest()["broken"] == expected
    assert all(f"line {line}: {reason}" in told for line, reason in expected)
    assert Classification.objects.count() == 2


def test_strict_takes_all_or_nothing(take_in: TakeIn, tmp_path: Path, newest: Newest) -> None:
    take_in(write(tmp_path, row(9)))
    before = everything()
    with pytest.raises(CommandError) as refusal:
        take_in(write(tmp_path, *BROKEN), strict=True)
    assert "3 rows are broken, first line 3: annotations is no JSON" in str(refusal.value)
    assert "Nothing was stored, as strict asks." in str(refusal.value)
    assert everything() == before
    assert (Import.objects.latest("pk").state, newest()["broken_total"]) == ("failed", 3)


def test_a_refused_file_leaves_no_project_behind(tmp_path: Path, transactional_db: None) -> None:
    file = tmp_path / "cut.csv"
    file.write_text(text(row(1), row(2)).rstrip("\n"))
    with pytest.raises(
        CommandError, match=r"The file ends in the middle of line 3: it was cut off\. Fetch it again\."
    ):
        call_command("import_classifications", file, project="birds")
    assert (Project.objects.count(), Import.objects.count(), Subject.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"project": "a b"}, "a b is no slug: write letters, digits, - and _."),
        ({"source": "Zoo!"}, "A source is named in small letters, digits and . _ -, such as zooniverse."),
        ({"file": Path("/nowhere.csv")}, "There is no file /nowhere.csv."),
    ],
)
def test_what_the_command_refuses(
    tmp_path: Path, words: dict[str, Any], sentence: str, transactional_db: None
) -> None:
    file = words.pop("file", None) or write(tmp_path, row(1))
    with pytest.raises(CommandError) as refusal:
        call_command("import_classifications", file, **{"project": "birds", **words})
    assert str(refusal.value) == sentence
    assert Project.objects.count() == 0
