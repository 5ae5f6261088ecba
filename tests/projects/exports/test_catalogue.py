"""The catalogue, cell by cell."""

import csv
import io

from django.utils import timezone

from projects.exports.files import pieces
from projects.models import Classification, Evidence, SubjectState
from projects.services import discount, publish_workflow
from projects.services.lanes import make_lane
from tests.projects.exports.conftest import Zoo
from tests.projects.exports.reading import table
from tests.projects.factories import SMOOTH, TREE

T0 = ["T0_label", "T0_probability", "T0_certainty", "T0_dispersion", "T0_undecided", "T0_asked"]
T1 = ["T1_label", "T1_probability", "T1_certainty", "T1_dispersion", "T1_undecided", "T1_asked"]


def cells(row, names):
    return [row[name] for name in names]


def test_the_header_is_in_a_fixed_order(zoo: Zoo):
    header = next(csv.reader(io.StringIO("".join(pieces("catalogue", zoo.workflow, team=False)))))
    assert header == [
        "subject_id", "external_id", "meta_field", "attr_radius", "attr_class",
        *T0, "T0_votes_smooth", "T0_votes_features", "T0_votes_artifact",
        *T1, "T1_votes_bar", "T1_votes_arms", "T1_votes_none",
        "path", "classifications_count", "simulated_count", "retired_reason", "retired_at", "mined_position", "method",
    ]  # fmt: skip


def test_a_subject_that_mining_has_weighed(zoo: Zoo):
    row = table("catalogue", zoo.workflow)[0]
    assert cells(row, ["subject_id", "external_id", "meta_field", "meta_#secret", "attr_radius"]) == [
        str(zoo.subjects[0]), "s0", "A", "x", "2.5",
    ]  # fmt: skip
    assert cells(row, T0) == ["features", "0.8", "", "0.9", "", "3"]
    assert cells(row, ["T0_votes_smooth", "T0_votes_features", "T0_votes_artifact"]) == ["1", "2", "0"]
    # Exactly {arms}: 0.75 that there are arms, 1 - 0.25 that there is no bar.
    assert cells(row, T1) == ["arms", "0.5625", "", "0.1", "", "2"]
    assert row["path"] == "T0.features>T1.arms"
    assert cells(row, ["classifications_count", "simulated_count", "retired_reason"]) == [
        "3",
        "1",
        "votes ≥ 3",
    ]
    retired_at = SubjectState.objects.get(subject_id=zoo.subjects[0]).retired_at
    assert row["retired_at"] == retired_at.isoformat().replace("+00:00", "Z")
    assert cells(row, ["mined_position", "method"]) == ["7", "online"]


def test_what_fewer_than_half_were_asked_is_empty_but_for_their_number(zoo: Zoo):
    row = table("catalogue", zoo.workflow)[1]
    assert cells(row, T1) == ["", "", "", "", "", "1"]
    assert cells(row, ["T1_votes_bar", "T1_votes_arms", "T1_votes_none"]) == ["", "", ""]
    assert cells(row, T0) == ["smooth", "", "", "", "", "3"]
    assert cells(row, ["path", "mined_position", "method"]) == ["T0.smooth", "", "votes"]


def test_exactly_half_is_at_least_half(zoo: Zoo):
    state = SubjectState.objects.filter(subject_id=zoo.subjects[0])
    state.update(answered=4)
    assert table("catalogue", zoo.workflow)[0]["T1_label"] == "arms"
    state.update(answered=5)
    assert table("catalogue", zoo.workflow)[0]["T1_label"] == ""


def test_the_team_sees_open_and_untouched_subjects(zoo: Zoo):
    _, _, opened, untouched = table("catalogue", zoo.workflow)
    assert cells(opened, ["external_id", "T0_label", "classifications_count", "retired_at"]) == [
        "s2",
        "smooth",
        "1",
        "",
    ]
    assert cells(untouched, [*T0, "path", "classifications_count"]) == ["", "", "", "", "", "0", "", "0"]


def test_the_public_sees_neither_open_subjects_nor_the_teams_metadata(zoo: Zoo):
    rows = table("catalogue", zoo.workflow, team=False)
    assert [row["external_id"] for row in rows] == ["s0", "s1"]
    assert "meta_#secret" not in rows[0]


def test_a_batch_run_is_named(zoo: Zoo):
    Evidence.objects.filter(subject_id=zoo.subjects[0]).update(run_id=12)
    assert table("catalogue", zoo.workflow)[0]["method"] == "run 12"


def test_a_text_that_a_spreadsheet_would_run_is_neutralised(zoo: Zoo):
    assert table("catalogue", zoo.workflow)[0]["attr_class"] == "'=1+1"


def test_a_task_of_an_older_version_keeps_its_columns(zoo: Zoo):
    task = TREE["tasks"]["T0"]
    plain = {**task, "answers": [{k: v for k, v in a.items() if k != "next"} for a in task["answers"]]}
    publish_workflow(zoo.workflow, {**TREE, "tasks": {"T0": plain}})
    row = table("catalogue", zoo.workflow)[0]
    assert (row["T1_label"], row["path"]) == ("arms", "T0.features")


def test_answers_taken_out_of_the_count_leave_the_numbers(zoo: Zoo):
    simulated = Classification.objects.get(subject_id=zoo.subjects[0], volunteer__simulated=True)
    discount(simulated, "test")
    row = table("catalogue", zoo.workflow)[0]
    assert cells(row, ["classifications_count", "simulated_count", "T0_asked", "retired_at"]) == [
        "2",
        "0",
        "2",
        "",
    ]


def test_pages_lose_and_repeat_nothing(zoo: Zoo, monkeypatch):
    whole = "".join(pieces("catalogue", zoo.workflow, team=True))
    monkeypatch.setattr("projects.exports.pages.SIZE", 1)
    assert "".join(pieces("catalogue", zoo.workflow, team=True)) == whole


def test_the_columns_of_both_files_are_documented_by_what_writes_them(zoo: Zoo):
    rows = table("columns", zoo.workflow)
    for name in ("catalogue", "classifications"):
        header = next(csv.reader(io.StringIO("".join(pieces(name, zoo.workflow, team=True)))))
        assert [row["column"] for row in rows if row["table"] == name] == header
    by_name = {row["column"]: row for row in rows}
    assert cells(by_name["attr_radius"], ["description", "unit"]) == ["Radius. Half light.", "px"]
    assert by_name["meta_field"]["description"] == (
        'What the team wrote of the subject under "field" in its metadata, which volunteers can open beside the '
        "picture; may be the same in each row"
    )
    assert (
        '"#secret" in its metadata, which volunteers are not shown;' in by_name["meta_#secret"]["description"]
    )
    assert by_name["T0_label"]["values"] == "smooth: Smooth; features: Features; artifact: Star or artifact"
    assert all(row["description"] for row in rows)


def test_an_answer_more_changes_the_file(zoo: Zoo):
    before = table("catalogue", zoo.workflow)[2]["T0_votes_smooth"]
    zoo.answer(2, 1, SMOOTH)
    assert (before, table("catalogue", zoo.workflow)[2]["T0_votes_smooth"]) == ("1", "2")


def test_the_lane_is_a_column_of_the_teams_file_where_there_are_lanes(zoo: Zoo):
    assert "lane" not in table("catalogue", zoo.workflow)[0]
    lane = make_lane(workflow=zoo.workflow, title="Late ones")
    SubjectState.objects.filter(subject_id=zoo.subjects[0]).update(
        lane=lane, priority=0, laned_at=timezone.now()
    )
    assert [row["lane"] for row in table("catalogue", zoo.workflow)][:2] == ["late-ones", ""]
    assert "lane" not in table("catalogue", zoo.workflow, team=False)[0]
