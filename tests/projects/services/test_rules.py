"""Rules: tried before they act, silent in the background, live ones decide once; the strictest of two wins."""

import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from projects.exceptions import Invalid
from projects.models import Arrival, Decision, Rule, RuleHit, Subject, SubjectState, Workflow
from projects.services import NewMedia, NewSubject, import_subjects, record_classification, rule_work
from projects.services.decisions import Decider, decide, undo
from projects.services.policies import publish_policy, put_region, set_triage
from projects.services.rule_work import look_at_arrivals, tend_rules
from projects.services.rules import MatchesAll, alter_rule, make_rule, set_rule_state, try_rule
from tests.projects.factories import SMOOTH, make_pass, make_workflow, submission

CONTENT = {"languages": ["en"], "categories": [{"key": "drugs", "titles": {"en": "Drugs"}}]}
TEXTS = ["blue pills", "pills and a knife", "a knife", "a chair"]


@pytest.fixture
def shop(transactional_db: None) -> Workflow:
    """A workflow that decides by a policy: s0 has blue pills, s1 pills and a knife, s2 a knife, s3 a chair."""
    workflow = make_workflow(4)
    project = workflow.project
    project.attributes.create(key="price", label="Price")
    for subject in project.subjects.all():
        at = int(subject.external_id[1:])
        subject.metadata, subject.attributes = {"Text": TEXTS[at]}, {"price": 10.0 * at}
        subject.save()
    policy = publish_policy(project, title="Policy", content=CONTENT).policy
    set_triage(workflow, policy=policy, task="T0", verdicts={"smooth": "ok", "features": "fraud"})
    return workflow


def rule_of(workflow: Workflow, pattern: str = "pills", verdict: str = "prohibited", **more: Any) -> Rule:
    fields = {"condition": ["matches", "Text", pattern], "title": pattern, "audit": 0.0} | more
    return make_rule(workflow=workflow, verdict=verdict, **fields)


def acting(workflow: Workflow, *arguments: Any, state: str = "live", **more: Any) -> Rule:
    rule = rule_of(workflow, *arguments, **more)
    try_rule(rule)
    assert set_rule_state(rule, state)
    return rule


def decided() -> dict[str, str]:
    return {d.subject.external_id: d.verdict for d in Decision.objects.standing().select_related("subject")}


def still_open(workflow: Workflow) -> list[str]:
    rows = SubjectState.objects.filter(workflow=workflow, retired_at=None)
    return sorted(rows.values_list("subject__external_id", flat=True))


def test_a_trial_counts_hits_and_what_people_decided_otherwise(shop: Workflow) -> None:
    names = dict(shop.project.subjects.values_list("external_id", "pk"))
    for _ in range(3):
        record_classification(submission(shop, names["s0"], SMOOTH), make_pass())
    decide(
        workflow=shop,
        subject_id=names["s1"],
        verdict="prohibited",
        decider=Decider.person(User.objects.create_user("mod")),
    )
    rule = rule_of(shop)
    trial = try_rule(rule)
    assert {key: trial[key] for key in ("subjects", "hits", "decided", "otherwise", "edition")} == {
        "subjects": 4, "hits": 2, "decided": 2, "otherwise": 1, "edition": 1,
    }  # fmt: skip
    assert trial["against"] == [names["s0"]]
    assert not RuleHit.objects.exists()


def test_what_was_not_tried_as_it_stands_does_not_act_and_what_matches_all_asks_first(shop: Workflow) -> None:
    rule = rule_of(shop)
    with pytest.raises(Invalid, match="Try the rule on the past first"):
        set_rule_state(rule, "live")
    try_rule(rule)
    alter_rule(rule, condition=["matches", "Text", "a"])
    rule.refresh_from_db()
    assert rule.edition == 2
    with pytest.raises(Invalid, match="Try the rule on the past first"):
        set_rule_state(rule, "background")
    alter_rule(rule, condition=["matches", "Text", "a?"])
    rule.refresh_from_db()
    try_rule(rule)
    with pytest.raises(MatchesAll, match="matches all 4 subjects"):
        set_rule_state(rule, "live")
    assert not Arrival.objects.exists()
    assert set_rule_state(rule, "live", sure=True)
    alter_rule(rule, verdict="ok")
    rule.refresh_from_db()
    assert (rule.state, rule.edition) == ("draft", 4)


def test_in_the_background_hits_are_kept_and_nothing_is_decided_until_it_is_live(shop: Workflow) -> None:
    rule = acting(shop, state="background", category="drugs")
    assert tend_rules() == 4
    assert list(RuleHit.objects.values_list("live", "decision")) == [(False, None)] * 2
    assert (decided(), still_open(shop)) == ({}, ["s0", "s1", "s2", "s3"])
    assert set_rule_state(rule, "live")
    assert tend_rules() == 4
    assert decided() == {"s0": "prohibited", "s1": "prohibited"}
    assert still_open(shop) == ["s2", "s3"]
    hit = RuleHit.objects.get(subject__external_id="s0")
    assert hit.found == [{"where": "Text", "what": "blue pills"}]
    assert hit.live
    assert hit.decision is not None
    assert (hit.decision.rule, hit.decision.category, hit.decision.evidence["found"]) == (
        rule,
        "drugs",
        hit.found,
    )
    assert tend_rules() == 0
    assert RuleHit.objects.count() == Decision.objects.count() == 2


def test_what_arrives_is_looked_at_also_by_its_file_and_in_a_region(shop: Workflow) -> None:
    put_region(shop.project, slug="eu", title="EU")
    digest = "ab" * 32
    acting(shop, "seen", "fraud", condition=["hash", digest], region="eu")
    acting(shop, "dear", "restricted", condition=["gte", "price", 100])
    tend_rules()
    new = [
        NewSubject("n1", [NewMedia("n.png", "image/png", sha256=digest)], {"Text": "x"}, {"price": 100.0}),
        NewSubject("n2", [NewMedia("n.png", "image/png")], {"Text": "x"}, {}),
    ]
    import_subjects(shop.subject_set, new)
    assert Arrival.objects.count() == 2
    tend_rules()
    rows = Decision.objects.values_list("subject__external_id", "region__slug", "verdict")
    assert sorted(rows, key=str) == [("n1", "eu", "fraud"), ("n1", None, "restricted")]
    assert "n2" in still_open(shop)


def test_of_two_that_contradict_the_strictest_wins_and_names_the_other(shop: Workflow) -> None:
    acting(shop, "knife", "restricted")
    acting(shop, "pills", "prohibited")
    tend_rules()
    assert decided() == {"s0": "prohibited", "s1": "prohibited", "s2": "restricted"}
    both = Decision.objects.get(subject__external_id="s1")
    assert both.evidence["contradicts"] == [{"rule": "knife", "verdict": "restricted"}]
    assert RuleHit.objects.filter(live=True).count() == 4


def test_an_audited_hit_stays_open_and_people_overturn_it(shop: Workflow) -> None:
    rule = acting(shop, audit=1.0)
    tend_rules()
    assert decided() == {"s0": "prohibited", "s1": "prohibited"}
    assert len(still_open(shop)) == 4
    subject = Subject.objects.get(external_id="s0").pk
    for _ in range(3):
        record_classification(submission(shop, subject, SMOOTH), make_pass())
    assert decided()["s0"] == "ok"
    set_rule_state(rule, "draft")
    set_rule_state(rule, "live")  # looks at all that is open again
    tend_rules()
    assert decided()["s0"] == "ok"
    assert Decision.objects.count() == 3


def test_what_was_undone_or_lost_its_category_stops_no_job(shop: Workflow) -> None:
    rule = acting(shop, category="drugs")
    tend_rules()
    first = Decision.objects.get(subject__external_id="s0")
    undo([first], by=User.objects.create_user("mod"))
    alter_rule(rule, title="Pills of any colour")
    publish_policy(shop.project, slug="policy", content={"languages": ["en"]})
    import_subjects(shop.subject_set, [NewSubject("n1", [NewMedia("n.png", "image/png")], {"Text": "pills"})])
    Arrival.objects.create(workflow=shop, subject_id=first.subject_id)
    tend_rules()
    assert decided() == {"s1": "prohibited", "n1": "prohibited"}
    assert Decision.objects.get(subject__external_id="n1").category == ""
    assert "s0" in still_open(shop)


def test_a_job_that_is_killed_leaves_the_rest_where_it_was_and_two_decide_nothing_twice(
    shop: Workflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    acting(shop)

    def killed(*anything: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rule_work, "_keep", killed)
        with pytest.raises(KeyboardInterrupt):
            tend_rules()
    assert (Arrival.objects.count(), Decision.objects.count()) == (4, 0)

    def work() -> None:
        while look_at_arrivals(shop, 1):
            pass
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert decided() == {"s0": "prohibited", "s1": "prohibited"}
    assert (Arrival.objects.count(), Decision.objects.count(), RuleHit.objects.count()) == (0, 2, 2)
