"""The lab's pages: who may, what they make, how two people don't overwrite each other, what they refuse."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from portal.pages.lab.task_forms import FORMS
from portal.pages.lab.task_forms import KINDS as WORDS
from projects.imports.waiting import run_waiting
from projects.models import (
    Classification,
    Draft,
    Import,
    Look,
    Media,
    Project,
    ProjectMember,
    Subject,
    SubjectState,
    Workflow,
    WorkflowVersion,
)
from projects.services.drafts import draft_of, edition_at
from projects.services.make_project import MOST_OWN
from projects.tasks import KINDS
from tests.portal.pages.helpers import answer, make_pass, member
from tests.portal.pages.lab_hands import edition, packed, picture, question, signed_in, upload
from tests.projects.factories import TREE, make_workflow

pytestmark = pytest.mark.django_db
LAB = "/lab/zoo/"
FLOW = f"{LAB}workflows/shapes/"
TEAM_DOORS = [
    *(
        LAB + rest
        for rest in (
            "",
            "details/",
            "copy/",
            "subjects/",
            "subjects/all/",
            "subjects/state/",
            "pages/",
            "pages/team/",
        )
    ),
    *(LAB + rest for rest in ("tutorial/", "workflows/")),
    *(
        FLOW + rest
        for rest in ("", "settings/", "questions/T0/", "questions/new/single/", "rule/", "versions/")
    ),
    *(FLOW + rest for rest in ("text/", "text/workflow.yaml", "practice/")),
]
SENDS: list[tuple[str, dict[str, Any]]] = [
    (f"{LAB}details/", {"title": "Mine", "accent": "#112233"}),
    (f"{LAB}copy/", {"title": "Mine"}),
    (f"{FLOW}do/", {"do": "copy"}),
    (f"{FLOW}text/", {"edition": 0}),
    (f"{FLOW}practice/", {"edition": 0, "training": "on"}),
    (f"{LAB}launch/", {"to": "finished"}),
    (f"{LAB}subjects/all/", {"do": "retire", "which": "all", "reason": "x"}),
    (f"{LAB}pages/", {"title": "Mine", "body": "x", "position": 0}),
    (f"{LAB}pages/team/", {"do": "remove"}),
    (f"{LAB}tutorial/", {"do": "save", "row-title": ["Mine"], "row-body": ["x"]}),
    (f"{LAB}team/", {"username": "a-None", "role": "owner"}),
    (f"{LAB}workflows/", {"title": "Mine"}),
    (f"{FLOW}do/", {"do": "remove", "task": "T1", "edition": 0}),
    (f"{FLOW}do/", {"do": "publish", "edition": 0}),
    (f"{FLOW}settings/", {"title": "Mine", "state": "paused", "redo_minutes": 1, "edition": 0}),
    (f"{FLOW}questions/T0/", question(edition=0)),
    (f"{FLOW}questions/new/single/", question(edition=0)),
    (f"{FLOW}rule/", {"do": "save", "row-what": ["votes"], "row-number": ["1"], "least": "1", "edition": 0}),
]


@pytest.fixture
def workflow() -> Workflow:
    made = make_workflow(4)
    made.project.pages.create(slug="team", title="Team", body="# We")
    return made


def state() -> Any:
    project = Project.objects.get(slug="zoo")
    return (
        list(Project.objects.values("title", "state", "is_public")),
        list(project.pages.values_list("title", flat=True)),
        list(project.tutorial_steps.values_list("title", flat=True)),
        list(project.workflows.values_list("title", "state")),
        Draft.objects.count(),
        WorkflowVersion.objects.count(),
        ProjectMember.objects.filter(role="owner").exclude(user__username="a-owner").count(),
        Import.objects.count(),
        SubjectState.objects.filter(retired_at__isnull=False).count(),
    )


@pytest.mark.parametrize(
    ("role", "edits", "tries"),
    [
        ("owner", True, True),
        ("scientist", True, True),
        ("expert", False, True),
        ("moderator", False, True),
        ("tester", False, True),
        ("translator", False, True),
        ("stranger", False, False),
        (None, False, False),
        ("nobody", False, False),
    ],
)
def test_each_door_opens_for_those_who_may(
    workflow: Workflow, role: str | None, edits: bool, tries: bool
) -> None:
    """stranger: a scientist of another project. nobody: not signed in. The project itself is public."""
    if role == "stranger":
        client = signed_in(Project.objects.create(slug="other", title="Other"), "owner")
    else:
        client = Client() if role == "nobody" else signed_in(workflow.project, role)
    assert {door: client.get(door).status_code for door in TEAM_DOORS} == dict.fromkeys(
        TEAM_DOORS, 200 if edits else 404
    )
    assert client.get(f"{LAB}team/").status_code == (200 if role == "owner" else 404)
    assert (f'href="{LAB}"' in client.get("/projects/zoo/").text) == edits
    trial = f"/api/v1/workflows/{workflow.pk}/trial"
    assert client.get(trial).status_code == (200 if tries else 404)
    body = {"edition": 0, "subject": workflow.subject_set.subjects.first().pk, "annotations": []}
    sent = client.post(trial, body, content_type="application/json").status_code
    assert sent == (400 if tries else 404)
    page = client.get("/projects/zoo/classify/shapes/?use=try").text
    assert ("A trial of the draft" in page) == tries
    if edits:
        return
    before = state()
    files = {"pictures": upload("a.png", picture(1))}
    assert {client.post(place, sent).status_code for place, sent in [*SENDS, (f"{LAB}subjects/", files)]} == {
        404
    }
    assert state() == before


def test_a_scientist_edits_and_only_an_owner_opens_and_names_the_team(workflow: Workflow) -> None:
    client = signed_in(workflow.project, "scientist")
    assert client.post(f"{LAB}launch/", {"to": "finished"}).status_code == 404
    assert client.post(f"{LAB}team/", {"username": "a-scientist", "role": "owner"}).status_code == 404
    assert Project.objects.get().state == "live"
    assert client.post(f"{LAB}details/", {"title": "Zoo 2", "accent": "#112233"}).status_code == 302
    assert Project.objects.get().title == "Zoo 2"


def test_only_who_is_signed_in_makes_a_project(settings: Any) -> None:
    assert Client().get("/lab/").headers["Location"] == "/accounts/login/?next=/lab/"
    assert (
        Client().post("/lab/new/", {"title": "Mine"}).headers["Location"] == "/accounts/login/?next=/lab/new/"
    )
    assert Project.objects.count() == 0
    client = signed_in(None)
    assert client.post("/lab/new/", {"title": "Ringed planets"}).headers["Location"] == "/lab/ringed-planets/"
    made = Project.objects.get()
    assert (made.state, made.is_public, made.members.get().role) == ("draft", False, "owner")
    assert Client().get("/projects/ringed-planets/").status_code == 404
    for slug, sentence in [
        ("ringed-planets", "The address ringed-planets is taken"),
        ("new", "The address new is taken"),
        ("Ringed", "Use small letters and digits"),
    ]:
        refused = client.post("/lab/new/", {"title": "Again", "slug": slug})
        assert (refused.status_code, sentence in refused.text) == (400, True)
    assert "Write an address in Latin letters" in client.post("/lab/new/", {"title": "Ω"}).text
    user = User.objects.get()
    for n in range(MOST_OWN - 1):
        project = Project.objects.create(slug=f"p{n}", title="P")
        ProjectMember.objects.create(project=project, user=user, role="owner")
    assert "which is the most" in client.post("/lab/new/", {"title": "One more"}).text
    settings.NEW_PROJECTS = False
    ProjectMember.objects.all().delete()
    assert "only the staff makes new projects" in client.post("/lab/new/", {"title": "One more"}).text
    User.objects.update(is_staff=True)
    assert client.post("/lab/new/", {"title": "One more"}).status_code == 302


def test_a_draft_is_made_tried_published_and_told(workflow: Workflow) -> None:
    """From the published version on: text mended under the same keys, a question between, the rule; then the diff."""
    client = signed_in(workflow.project)
    form = question(
        question="What do you see?",
        edition=0,
        **{
            "row-label": ["Smooth", "Features", "A star", "Nothing at all"],
            "row-key": ["smooth", "features", "artifact", ""],
            "row-next": ["end", "T1", "end", ""],
        },
    )
    assert client.post(f"{FLOW}questions/T0/", form).status_code == 302
    text = {
        "question": "Anything odd?",
        "after": "T0:features",
        "lines": 2,
        "max_length": 80,
        "edition": 1,
        "do": "save",
    }
    assert client.post(f"{FLOW}questions/new/text/", text).status_code == 302
    rule = {"row-joined": ["or", "and"], "row-what": ["asked:T0", "agreement:T0"], "row-number": ["4", "75"],
            "least": "4", "edition": 2, "do": "save"}  # fmt: skip
    assert client.post(f"{FLOW}rule/", rule).status_code == 302
    definition = Draft.objects.get(edition=3).definition
    assert definition["tasks"]["T0"]["answers"] == [
        {"key": "smooth", "label": "Smooth", "next": None},
        {"key": "features", "label": "Features", "next": "T2"},
        {"key": "artifact", "label": "A star", "next": None},
        {"key": "nothing-at-all", "label": "Nothing at all"},
    ]
    assert definition["tasks"]["T2"] == {
        "kind": "text", "question": "Anything odd?", "required": False, "lines": 2, "max_length": 80, "next": "T1",
    }  # fmt: skip
    assert definition["retirement"] == [
        "all",
        ["gte", ["asked", "T0"], 4],
        ["gte", ["agreement", "T0"], 0.75],
    ]

    subject = workflow.subject_set.subjects.first().pk
    trial = f"/api/v1/workflows/{workflow.pk}/trial"
    given = [{"task": "T0", "value": "nothing-at-all"}]
    body = {"edition": 3, "subject": subject, "annotations": given}
    assert client.post(trial, body, content_type="application/json").json() == {
        "subject": subject,
        "stored": False,
    }
    broken = client.post(
        trial, {**body, "annotations": [{"task": "T0", "value": "no"}]}, content_type="application/json"
    )
    assert (broken.status_code, broken.json()["error"]["code"]) == (400, "invalid")
    assert len(client.get(f"{trial}?n=50").json()["subjects"]) == 4
    assert Classification.objects.count() == 0

    page = client.post(f"{FLOW}do/", {"do": "publish", "edition": 3}, follow=True).text
    assert "Version 2.0 is published." in page
    workflow.refresh_from_db()
    assert workflow.published.definition == definition
    answer(workflow, make_pass(), "s0", given)
    first = WorkflowVersion.objects.get(major=1)
    told = client.get(f"{FLOW}versions/?old=v{first.pk}&new=v{workflow.published_id}").text
    for sentence in (
        "T0: “Star or artifact” is called “A star” now.",
        "New question T2 “Anything odd?”.",
        "T0: after “Features” comes T2 now.",
    ):
        assert sentence in told
    assert '<td class="number">1</td>' in told.split("2.0")[1].split("</tr>")[0]
    between = client.get(f"{FLOW}versions/?old=e1&new=e2").text
    assert ("New question T2 “Anything odd?”." in between, "is called “A star” now" in between) == (
        True,
        False,
    )
    back = {"do": "restore", "task": f"v{first.pk}", "edition": 3}
    assert "The draft is what it was then." in client.post(f"{FLOW}do/", back, follow=True).text
    assert Draft.objects.get(edition=4).definition == TREE
    client.post(f"{FLOW}do/", {**back, "task": "e2", "edition": 4})
    assert Draft.objects.get(edition=5).definition["retirement"] == TREE["retirement"]
    other = make_workflow(0, slug="other")
    for which in (f"v{other.versions.get().pk}", "e99", "x", ""):
        said = client.post(f"{FLOW}do/", {**back, "task": which, "edition": 5}, follow=True).text
        assert "This state of the draft is not here" in said
    workflow.refresh_from_db()
    assert (Draft.objects.count(), workflow.published.number) == (5, "2.0")


def test_of_two_who_edit_one_draft_the_second_is_told_and_overwrites_nothing(workflow: Workflow) -> None:
    ann, bob = signed_in(workflow.project), Client()
    bob.force_login(member(workflow.project))
    ours = question(edition=0, question="Ann asks?", **{"row-key": ["smooth", "artifact", ""]})
    assert ann.post(f"{FLOW}questions/T0/", ours).status_code == 302
    refused = bob.post(
        f"{FLOW}questions/T1/", question(edition=0, question="Bob asks?", **{"row-key": ["bar", "arms", ""]})
    )
    assert refused.status_code == 409
    for words in (
        "a-owner has saved this draft since you opened it.",
        "T0, question: “Ann asks?”. Before: “What is it?”.",
        'value="Bob asks?"',
        '<input type="hidden" name="edition" value="1">',
    ):
        assert words in refused.text
    assert Draft.objects.get().definition["tasks"]["T1"]["question"] == "What do you see?"
    for place, sent in [(f"{FLOW}rule/", SENDS[-1][1]), (f"{FLOW}settings/", SENDS[14][1])]:
        assert bob.post(place, sent).status_code == 409
    assert "Ann asks?" in bob.post(f"{FLOW}do/", {"do": "publish", "edition": 0}, follow=True).text
    assert (WorkflowVersion.objects.count(), Workflow.objects.get().state, Draft.objects.count()) == (
        1,
        "active",
        1,
    )
    assert bob.post(
        f"{FLOW}questions/T1/", question(edition=1, question="Bob asks?", **{"row-key": ["bar", "arms", ""]})
    )
    tasks = Draft.objects.get(edition=2).definition["tasks"]
    assert (tasks["T0"]["question"], tasks["T1"]["question"]) == ("Ann asks?", "Bob asks?")


def test_what_is_missing_is_told_and_keeps_a_draft_from_being_published(workflow: Workflow) -> None:
    client = signed_in(workflow.project)
    lost = question(edition=0, **{"row-key": ["smooth", "artifact", ""]})
    client.post(f"{FLOW}questions/T0/", lost)
    client.post(
        f"{FLOW}rule/", {"row-what": ["first:T0:smooth"], "row-number": ["2"], "least": "1", "edition": 1}
    )
    page = client.get(FLOW).text
    for sentence in (
        "No answer leads to T1 “What do you see?”, so nobody would be asked it",
        "There are only 4 subjects: volunteers are through with them in a moment.",
        "The project has no line that says what it is about.",
    ):
        assert sentence in page
    assert 'value="publish"' not in page
    told = client.post(f"{FLOW}do/", {"do": "publish", "edition": 2}, follow=True).text
    assert "No answer leads to T1" in told
    client.post(f"{FLOW}do/", {"do": "remove", "task": "T1", "edition": 2})
    page = client.get(FLOW).text
    assert "The rule can finish a subject with fewer than 3 answers" in page
    assert "is asked for ever" in page
    assert WorkflowVersion.objects.count() == 1
    exam = {**Draft.objects.get(edition=3).definition, "exam": {"subjects": 5, "grants": "shapes-exam"}}
    Draft.objects.create(workflow=workflow, edition=4, definition=exam)
    assert "The exam asks for 5 known subjects and there are 0" in client.get(FLOW).text
    empty = Workflow.objects.create(
        project=workflow.project, slug="b", title="B", subject_set=workflow.subject_set
    )
    assert "There is no question yet: add the first." in client.get(f"{LAB}workflows/b/").text
    assert client.get("/projects/zoo/classify/b/?use=try").headers["Location"] == f"{LAB}workflows/b/"
    assert empty.published_id is None


@pytest.mark.parametrize(
    ("place", "sent", "sentence"),
    [
        ("questions/new/single/", question(**{"row-label": ["", ""]}), "Write at least one answer."),
        ("questions/new/single/", question(**{"row-key": ["a b", "", ""]}), "String should match pattern"),
        ("questions/new/single/", question(**{"row-key": ["a", "a", ""]}), "two answers have the same key"),
        ("questions/new/single/", question(question=""), "This field is required."),
        (
            "questions/new/number/",
            {"question": "?", "min": 9, "max": 1, "display": "field"},
            "max is greater than min",
        ),
        ("questions/new/drawing/", question(**{"row-max": ["many", "", ""]}), "whole numbers up to 200"),
        ("questions/T0/", question(next="T0"), "T0 is not one of the available choices"),
        ("questions/T0/", question(**{"row-next": ["T9", "", ""]}), "T9, to which this leads, was removed"),
        (
            "rule/",
            {"row-what": ["votes"], "row-number": [""], "least": "3"},
            "Give at least one condition its number.",
        ),
        (
            "rule/",
            {"row-what": ["agreement:T0"], "row-number": ["900"], "least": "3"},
            "a number from 0 to 100",
        ),
        (
            "rule/",
            {"row-what": ["agreement:T9"], "row-number": ["9"], "least": "3"},
            "a question that was removed",
        ),
        ("rule/", {"row-what": ["votes"], "row-number": ["2.5"], "least": "3"}, "a whole number from 1 to"),
        ("rule/", {"row-what": ["votes"], "row-number": ["nan"], "least": "3"}, "a whole number from 1 to"),
        (
            "rule/",
            {"row-what": ["votes"], "row-number": ["9"], "least": "0"},
            "a whole number from 1 to 1000",
        ),
        (
            "settings/",
            {"title": "S", "state": "active", "redo_minutes": "9999"},
            "less than or equal to 1440",
        ),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(
    workflow: Workflow, place: str, sent: dict[str, Any], sentence: str
) -> None:
    response = signed_in(workflow.project).post(FLOW + place, {"edition": 0, **sent})
    assert (response.status_code, sentence in response.text) == (400, True)
    assert Draft.objects.count() == 0


def test_rows_grow_move_and_go_and_nothing_typed_is_lost(workflow: Workflow) -> None:
    client = signed_in(workflow.project)
    page = client.post(f"{FLOW}questions/T0/", question(edition=0, question="Typed?", do="down:0")).text
    assert page.index('value="Star or artifact"') < page.index('value="Smooth"')
    assert 'value="Typed?"' in page
    page = client.post(f"{FLOW}questions/T0/", question(edition=0, do="out:0")).text
    assert ('value="Smooth"' in page, 'value="Star or artifact"' in page) == (False, True)
    assert (
        client.post(f"{FLOW}questions/T0/", question(edition=0, do="more")).text.count('name="row-label"')
        == 4
    )
    assert Draft.objects.count() == 0


def test_every_kind_is_made_by_its_form(workflow: Workflow) -> None:
    client = signed_in(workflow.project)
    plain = {"question": "And?", "do": "save"}
    forms: list[tuple[str, dict[str, Any]]] = [
        ("multiple", question()),
        ("number", {**plain, "min": 0, "max": 10, "step": 1, "unit": "mm", "display": "slider"}),
        ("tags", {**plain, "suggestions": "Ring\n#Two Moons", "min": 1, "max": 3}),
        ("dropdown", {**plain, "options": "Mars\nThe Moon | moon\nMars"}),
        ("drawing", question(**{"row-shape": ["circle", "point", ""], "row-color": ["sky", "orange", ""],
                                "row-min": ["1", "", ""], "row-max": ["5", "", ""]})),
        ("transcription", {**plain, "label": "Row", "max": 9, "max_length": 80, "keyboard": "polytonic_greek",
                           "leiden": "on"}),
        ("highlighter", question(text="Text", max=9, **{"row-color": ["sky", "", ""]})),
        ("survey", question(
            aspects="Coat: spots, plain",
            questions="How many? | howmany | number 1 to 9\nAge? | age | one: young, old | optional",
            pictures=upload("a.png", picture(9)), **{
                "row-label": ["A", "B", "None"], "row-key": ["a", "b", "no"], "row-aspects": ["Spots", "plain", ""],
                "row-like": ["b: no spots", "", ""], "row-asks": ["", "howmany", ""], "row-alone": ["", "", "yes"],
                "row-description": ["Seen at night.", "", ""]},
        )),
    ]  # fmt: skip
    forms.append(("comparison", {**plain, "ask": "more", "answers": "This\n-\nThat"}))
    for at, (kind, sent) in enumerate(forms):
        sent = {**sent, "edition": at, "after": f"T{at + 1}"}
        assert client.post(f"{FLOW}questions/new/{kind}/", sent).status_code == 302
    assert {"text", *(kind for kind, _sent in forms), "single"} == set(KINDS) == set(FORMS) == set(WORDS)
    tasks = Draft.objects.get(edition=9).definition["tasks"]
    assert tasks["T3"] == {
        "kind": "number",
        "question": "And?",
        "required": False,
        "min": 0.0,
        "max": 10.0,
        "step": 1.0,
        "unit": "mm",
        "display": "slider",
        "next": "T4",
    }
    assert (tasks["T4"]["suggestions"], tasks["T4"]["max"]) == (["ring", "two-moons"], 3)
    assert [each["key"] for each in tasks["T5"]["answers"]] == ["mars", "moon", "mars-2"]
    assert tasks["T6"]["tools"] == [
        {"key": "smooth", "label": "Smooth", "shape": "circle", "color": "sky", "min": 1, "max": 5},
        {"key": "star-or-artifact", "label": "Star or artifact", "shape": "point", "color": "orange"},
    ]
    assert tasks["T7"] == {
        "kind": "transcription", "question": "And?", "required": False, "label": "Row", "max": 9, "max_length": 80,
        "keyboard": "polytonic_greek", "leiden": True, "next": "T8",
    }  # fmt: skip
    assert (tasks["T8"]["text"], tasks["T8"]["max"]) == ("Text", 9)
    assert tasks["T8"]["labels"] == [
        {"key": "smooth", "label": "Smooth", "color": "sky"},
        {"key": "star-or-artifact", "label": "Star or artifact", "color": "orange"},
    ]
    survey = tasks["T9"]
    (path,) = survey["answers"][0].pop("pictures")
    assert path.startswith("zoo/a.")
    assert survey["answers"] == [
        {
            "key": "a", "label": "A", "description": "Seen at night.", "aspects": {"coat": ["spots"]},
            "like": {"b": "no spots"},
        },
        {"key": "b", "label": "B", "aspects": {"coat": ["plain"]}, "asks": ["howmany"]},
        {"key": "no", "label": "None", "alone": True},
    ]  # fmt: skip
    assert [(each["key"], each["kind"], each["required"]) for each in survey["questions"]] == [
        ("howmany", "number", True),
        ("age", "single", False),
    ]
    assert (tasks["T10"]["ask"], [(each["key"], each["label"]) for each in tasks["T10"]["answers"]]) == (
        "more",
        [("left", "This"), ("right", "That")],
    )
    assert Draft.objects.get(edition=9).definition["viewer"]["kind"] == "pair"
    page = client.get(f"{FLOW}questions/T9/").text
    assert "Coat: spots, plain" in page
    assert "Age? | age | one: young, old | optional" in page
    assert 'value="b: no spots"' in page
    for name in (
        "T2",
        "T3",
        "T4",
        "T5",
        "T6",
        "T7",
        "T8",
        "T9",
        "T10",
    ):  # each form shows what it made, and sends it back unchanged
        assert client.get(f"{FLOW}questions/{name}/").status_code == 200
    assert client.post(f"{FLOW}do/", {"do": "publish", "edition": 9}, follow=True).status_code == 200
    assert WorkflowVersion.objects.count() == 2


def test_a_new_question_is_asked_last_unless_one_says_where(workflow: Workflow) -> None:
    client, place = signed_in(workflow.project), f"{FLOW}questions/new/text/"
    assert '<option value="T1" selected>' in client.get(place).text
    assert '<option value="T0:smooth" selected>' in client.get(f"{place}?after=T0:smooth").text
    assert '<option value="" selected>' in client.get(f"{place}?after=").text
    assert '<option value="T1" selected>' in client.get(f"{place}?after=T9").text


def test_pages_tutorial_team_and_state(workflow: Workflow) -> None:
    client = signed_in(workflow.project)
    User.objects.create_user("carl")
    client.post(f"{LAB}pages/", {"title": "Research", "body": "*Why*", "position": 3})
    assert "<em>Why</em>" in Client().get("/projects/zoo/about/research/").text
    look = client.post(
        f"{LAB}pages/research/", {"title": "R", "body": "**now**", "position": 3, "do": "look"}
    ).text
    assert "<strong>now</strong>" in look
    assert workflow.project.pages.get(slug="research").body == "*Why*"
    steps = {"row-title": ["One", "Two"], "row-body": ["a", "b"], "do": "save"}
    client.post(f"{LAB}tutorial/", steps)
    assert list(workflow.project.tutorial_steps.values_list("position", "title", "body")) == [
        (0, "One", "a"),
        (1, "Two", "b"),
    ]
    assert (
        "Each step has a title and a text."
        in client.post(f"{LAB}tutorial/", {**steps, "row-body": ["a", ""]}).text
    )
    for sent, sentence in [
        ({"username": "carl", "role": "tester"}, "carl is tester now."),
        ({"username": "carl", "role": "tester"}, "carl is that already."),
        ({"username": "Carl", "role": "tester"}, "There is no account Carl"),
        ({"username": "carl", "role": "king"}, "king is not one of the available choices"),
        ({"remove": str(ProjectMember.objects.get(role="owner").pk)}, "A project has an owner"),
        ({"remove": "x"}, "That was taken away before."),
    ]:
        assert sentence in client.post(f"{LAB}team/", sent, follow=True).text
    assert sorted(ProjectMember.objects.values_list("role", flat=True)) == ["owner", "tester"]
    for to, stands in [
        ("paused", ("paused", True)),
        ("draft", ("draft", False)),
        ("private", ("live", False)),
        ("public", ("live", True)),
        ("finished", ("finished", True)),
        ("no", ("finished", True)),
    ]:
        client.post(f"{LAB}launch/", {"to": to})
        assert Project.objects.values_list("state", "is_public").get() == stands
    Workflow.objects.update(published=None)
    assert "publish one first" in client.post(f"{LAB}launch/", {"to": "public"}, follow=True).text


def test_pictures_come_in_from_the_page(redis_client: object, workflow: Workflow) -> None:
    client = signed_in(workflow.project)
    place = f"{LAB}subjects/"
    sent = {"pictures": [upload("a.png", picture(1)), upload("b.jpg", picture(2, "JPEG"))],
            "table": upload("t.csv", b"file,external_id,field\na.png,A 1,7\nb.jpg,B 1,8\n"),
            "subject_set": workflow.subject_set_id}  # fmt: skip
    assert client.post(place, sent).status_code == 302
    record = Import.objects.get()
    assert (record.kind, record.state, record.file_name) == ("pictures", "waiting", "a.png and 1 more")
    assert "waiting for the worker" in client.get(place).text
    assert "HX-Refresh" not in client.get(f"{place}state/?seen={record.pk}").headers
    run_waiting(record)
    assert client.get(f"{place}state/?seen={record.pk}").headers["HX-Refresh"] == "true"
    found = Subject.objects.get(external_id="A 1")
    assert (found.metadata, found.media.get().mime) == ({"field": "7"}, "image/png")
    media = Media.objects.get(subject__external_id="B 1")
    assert (media.mime, media.width, media.height) == ("image/jpeg", 8, 6)
    assert Client().get(media.url).status_code == 200
    assert "A 1" in client.get(place).text
    workflow.counter.refresh_from_db()
    for bad, sentence in [
        ({"pictures": [upload("a.zip", b"nope")]}, "This is no zip archive"),
        (
            {"pictures": [upload("a.zip", packed({"a.png": picture(1)})), upload("b.png", picture(2))]},
            "Send one zip alone",
        ),
        (
            {"pictures": [upload("a.zip", packed({"a.png": picture(1)}))], "table": upload("t.csv", b"file")},
            "With a zip, put the table into the zip.",
        ),
        (
            {"pictures": [upload("a.png", picture(1))], "table": upload("t.docx", b"x")},
            "Give one of .csv, .tsv",
        ),
        ({}, "This field is required."),
    ]:
        response = client.post(place, {"subject_set": workflow.subject_set_id, **bad})
        assert (response.status_code, sentence in response.text) == (400, True)
    assert Import.objects.count() == 1


def test_a_draft_is_begun_anew_where_an_import_put_the_version_together(workflow: Workflow) -> None:
    """Whoever is told what has changed since, and whoever tries it, meets the same beginning."""
    WorkflowVersion.objects.update(inferred=True)
    workflow = Workflow.objects.get(pk=workflow.pk)
    assert draft_of(workflow).definition["tasks"] == {}
    assert edition_at(workflow, 0) == draft_of(workflow).definition


def test_the_tree_of_the_tests_is_shown_whole(workflow: Workflow) -> None:
    page = signed_in(workflow.project).get(FLOW).text
    assert page.count('<path class="way"') == 3  # smooth and artifact end it in one way; features; T1
    assert ">Smooth, Star or artif…</text>" in page
    assert TREE["tasks"]["T1"]["question"] in page
    assert edition() == 0


def test_a_workflow_and_a_project_are_copied_without_subjects_answers_and_people(workflow: Workflow) -> None:
    client = signed_in(workflow.project)
    project = workflow.project
    project.qualifications.create(slug="greek", title="Greek", kind="language")
    project.attributes.create(key="radius", label="Radius", unit="px")
    answer(workflow, make_pass(), "s0")
    Workflow.objects.update(requires=["greek"])
    project.tutorial_steps.create(title="One", body="a", workflow=workflow)
    member(project)
    copied = client.post(f"{FLOW}do/", {"do": "copy"})
    assert copied.headers["Location"] == f"{LAB}workflows/shapes-a-copy/settings/"
    twin = Workflow.objects.get(slug="shapes-a-copy")
    assert (twin.published_id, twin.subject_set_id, twin.requires) == (
        None,
        workflow.subject_set_id,
        ["greek"],
    )
    assert twin.drafts.get().definition == TREE
    assert client.post(f"{LAB}copy/", {"title": "Zoo 2"}).headers["Location"] == "/lab/zoo-2/"
    made = Project.objects.get(slug="zoo-2")
    assert (made.state, made.is_public, made.members.get().user.username) == ("draft", False, "a-owner")
    assert list(made.workflows.values_list("slug", "published", "requires")) == [
        ("shapes", None, ["greek"]),
        ("shapes-a-copy", None, ["greek"]),
    ]
    assert made.subject_sets.get().subjects.count() == 0
    assert (made.pages.get().body, made.tutorial_steps.get().workflow.project) == ("# We", made)
    assert (made.attributes.get().unit, made.qualifications.get().title) == ("px", "Greek")
    assert "The address zoo is taken" in client.post(f"{LAB}copy/", {"title": "Zoo"}).text
    assert Project.objects.count() == 2


def test_a_workflow_as_text_is_kept_edited_and_taken_in_as_the_draft(workflow: Workflow) -> None:
    client, place = signed_in(workflow.project), f"{FLOW}text/"
    kept = client.get(f"{place}workflow.yaml")
    assert kept.headers["Content-Disposition"] == 'attachment; filename="shapes.yaml"'
    text = kept.text
    assert text.startswith("slug: shapes\ntitle: Shapes\nposition: 0\nsubject_set: all\nfirst_task: T0\n")
    said = client.post(place, {"edition": 0, "file": upload("s.yaml", text.encode())}).text
    assert ("The file changes nothing." in said, Draft.objects.count()) == (True, 0)
    edited = text.replace("label: Smooth", "label: Quite smooth").encode()
    said = client.post(place, {"edition": 0, "file": upload("s.yaml", edited)}).text
    assert "T0: “Smooth” is called “Quite smooth” now." in said
    assert Draft.objects.get().definition["tasks"]["T0"]["answers"][0]["label"] == "Quite smooth"
    assert client.post(place, {"edition": 0, "file": upload("s.yaml", edited)}).status_code == 409
    for content, sentence in [
        (b"a: [", "line 1"),
        (
            b"slug: other\n" + edited.partition(b"\n")[2],
            "this is the workflow other, and the page is about shapes",
        ),
        (edited.replace(b"next: T1", b"next: T0"), "the tasks go in a circle"),
        (edited.replace(b"kind: multiple", b"kind: magic"), "magic"),
        (edited.replace(b"label: Bar", b"label: Bar\n        icon: dot"), "An answer names the icon dot"),
        (b"\xff", "not UTF-8"),
    ]:
        refused = client.post(place, {"edition": 1, "file": upload("s.yaml", content)})
        assert (refused.status_code, sentence in refused.text) == (400, True), content
    assert "Choose a file first." in client.post(place, {"edition": 1}).text
    assert Draft.objects.count() == 1


def test_a_rule_is_tried_on_past_answers_and_not_kept(workflow: Workflow) -> None:
    client, place = signed_in(workflow.project), f"{FLOW}rule/"
    rule = {"row-what": ["votes"], "row-number": ["2"], "least": "2", "edition": 0, "do": "try"}
    assert "There is no answer to try it on yet." in client.post(place, rule).text
    for subject in ("s0", "s0", "s0", "s1"):
        answer(workflow, make_pass(), subject)
    said = " ".join(client.post(place, rule).text.split())
    assert "Finished: 1 of 2 subjects that have answers." in said
    assert "Spared: 1 of 4 answers came after that." in said
    looked = Look.objects.filter(volunteer__account__username="a-owner").values_list(
        "subject__external_id", flat=True
    )
    assert list(looked) == ["s1"]  # s0 has its three answers, and is finished
    assert client.post(place, {**rule, "row-number": ["x"]}).status_code == 400
    assert Draft.objects.count() == 0


def test_training_exam_and_checks_are_set_and_what_they_lack_is_told(workflow: Workflow) -> None:
    client, place = signed_in(workflow.project), f"{FLOW}practice/"
    sent = {"training": "on", "training_subjects": 5, "exam": "on", "exam_subjects": 4, "pass_mark": 75, "tries": 2,
            "hours": 1, "checks": "few", "edition": 0}  # fmt: skip
    assert client.post(place, sent).status_code == 302
    definition = Draft.objects.get().definition
    assert (definition["training"], definition["checks"]) == ({"subjects": 5}, {"shares": [], "floor": 0.1})
    assert definition["exam"] == {
        "subjects": 4, "pass_mark": 0.75, "tries": 2, "retry_after_hours": 1.0, "grants": "shapes-exam",
    }  # fmt: skip
    granted = workflow.project.qualifications.get()
    assert (granted.slug, granted.kind, granted.rule) == ("shapes-exam", "exam", {"workflow": "shapes"})
    page = client.get(FLOW).text
    for sentence in (
        "The training asks for 5 known subjects and there is none: it stays closed.",
        "The exam asks for 4 known subjects and there are 0: it stays closed",
        "There is no hidden check to mix in",
    ):
        assert sentence in page
    client.post(f"{FLOW}do/", {"do": "publish", "edition": 1})
    workflow.refresh_from_db()
    assert workflow.published.definition["exam"]["tries"] == 2
    asks = {"title": "S", "state": "active", "requires": ["shapes-exam"], "redo_minutes": 15, "glance": "on"}
    assert client.post(f"{FLOW}settings/", {**asks, "edition": 1}).status_code == 302
    workflow.refresh_from_db()
    assert (workflow.requires, workflow.title) == (["shapes-exam"], "S")
    off = {name: value for name, value in sent.items() if name not in ("training", "exam")}
    seen = Draft.objects.order_by("-edition").first().edition
    assert client.post(place, {**off, "checks": "usual", "edition": seen}).status_code == 302
    assert {"training", "exam", "checks"}.isdisjoint(Draft.objects.order_by("-edition").first().definition)
    refused = client.post(place, {**sent, "pass_mark": 200, "edition": seen + 1})
    assert (refused.status_code, "less than or equal to 100" in refused.text) == (400, True)
    assert client.post(place, sent).status_code == 409


def test_pairs_are_made_by_a_form_once_and_refused_with_a_sentence(workflow: Workflow) -> None:
    client, place = signed_in(workflow.project), f"{LAB}subjects/pairs/"
    (members,) = workflow.project.subject_sets.all()
    form = {"members": members.pk, "title": "Pairs", "how": "all", "seed": 1}
    page = client.post(place, form, follow=True)
    assert "6 new pairs are in." in page.text
    assert "0 new pairs are in." in client.post(place, form, follow=True).text
    target = workflow.project.subject_sets.get(slug="pairs")
    assert target.subjects.count() == 6
    listed = {**form, "how": "listed", "file": upload("p.csv", b"left,right\ns0,s1\ns1,s9\n")}
    for sent, why in (
        ({**form, "how": "random", "number": 7}, "from 1 to 6 pairs can be drawn, not 7"),
        ({**form, "title": members.title}, "has subjects that are no pairs"),
        ({**form, "how": "listed"}, "Give the file"),
        (listed, "The project has no subject s9"),
        ({**form, "how": "listed", "file": upload("p.csv", b"\xff\xfe")}, "This is no CSV in UTF-8"),
    ):
        response = client.post(place, sent)
        assert (response.status_code, why in response.text) == (400, True), why
    assert target.subjects.count() == 6
