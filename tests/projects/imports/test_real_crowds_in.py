"""Real crowds through manage.py import_votes and mine: as right against the truth as the methods alone on the file."""

import pytest
from django.core.management import call_command

from mining.science.consensus import method
from mining.services.mine import mine
from projects.models import Classification, Subject, Workflow
from projects.services.rebuild import rebuild_workflow
from tests.load.size import SOAK
from tests.projects.imports.real import export_file
from tests.science.consensus.test_real_data import MEASURED
from tests.science.real import load

pytestmark = pytest.mark.django_db(transaction=True)

POOLED = "dawid-skene-pooled"
REPEATS = {"adult2": 2922}  # shared data's README; the others have none


@pytest.mark.parametrize("name", ["bluebirds", "rte", *(["adult2", "faces", "tweets_a"] if SOAK else [])])
def test_a_real_crowd_comes_in_whole_and_is_weighed_as_the_file_is(name):
    labels, truth = export_file(f"{name}/labels.csv"), export_file(f"{name}/truth.csv")
    call_command("import_votes", labels, "--project", name, "--truth", truth, verbosity=0)
    workflow = Workflow.objects.get()
    votes, _codes = load(name)
    counted = Classification.objects.filter(counted="yes").count()
    assert (Classification.objects.count() - counted, counted) == (REPEATS.get(name, 0), len(votes))
    run = mine(workflow, method=POOLED)
    assert run.votes == len(votes)
    said = dict(run.consensus.values_list("subject__external_id", "key"))
    texts = {a["key"]: a["label"] for a in workflow.published.definition["tasks"]["T0"]["answers"]}
    alone = method(POOLED).fit(votes)
    on_the_file = {
        str(item): str(votes.labels[code]) for item, code in zip(votes.items, alone.labels_, strict=True)
    }
    agree = sum(texts[key] == on_the_file[item] for item, key in said.items()) / len(on_the_file)
    assert agree > 0.999
    known = Subject.objects.filter(metadata__has_key="#truth").values_list("external_id", "metadata")
    true = {item: metadata["#truth"] for item, metadata in known}
    right = sum(said[item] == key for item, key in true.items() if item in said) / len(true)
    assert right == pytest.approx(MEASURED[name][2], abs=0.0031)
    if len(votes) < 10_000:
        assert rebuild_workflow(workflow) == []
