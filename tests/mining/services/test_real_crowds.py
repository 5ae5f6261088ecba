"""Real crowds pushed through the record: what the site says live, against the batch over the same votes.

The tolerance is that of tests/science/consensus/test_online.py: after one pass the leading answers are the batch's on
all of bluebirds and on 98 % of rte.
"""

import time

import pytest

from mining.services.follow import follow
from mining.services.mine import mine
from projects.models import Evidence
from tests.load.size import SOAK
from tests.mining.helpers import store_votes
from tests.science.real import load

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.soak
@pytest.mark.parametrize(("name", "least"), [("bluebirds", 1.0), *([("rte", 0.98)] if SOAK else [])])
def test_online_leads_to_the_answers_of_the_batch(name, least):
    votes, truth = load(name)
    workflow = store_votes(votes, [str(label) for label in votes.labels])
    started = time.process_time()
    assert follow(workflow.pk) == len(votes)
    print(f"{name}: {1000 * (time.process_time() - started) / len(votes):.2f} ms CPU a vote in the worker")
    run = mine(workflow, method="dawid-skene-pooled")
    assert run.votes == len(votes)
    batch = dict(run.consensus.values_list("subject_id", "key"))
    online = {e.subject_id: max(e.probabilities, key=e.probabilities.get) for e in Evidence.objects.all()}
    assert len(batch) == len(votes.items)
    agree = sum(online[subject] == key for subject, key in batch.items()) / len(batch)
    assert agree >= least
    by_item = dict(
        zip(sorted(batch), range(len(batch)), strict=True)
    )  # subjects were made in the order of items
    right = [batch[s] == f"k{truth[i]}" for s, i in by_item.items() if truth[i] >= 0]
    assert sum(right) / len(right) > {"bluebirds": 0.85, "rte": 0.9}[name]
