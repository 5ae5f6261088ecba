"""A run from the answers of an earlier one ends where it would have ended anyway, and says what it started from."""

import io

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from mining.models import Consensus, Run
from mining.science.simulate import make_crowd, make_subjects, make_votes
from mining.services.mine import mine
from tests.mining.helpers import store_votes

pytestmark = pytest.mark.django_db(transaction=True)


def probabilities(run: Run) -> np.ndarray:
    rows = Consensus.objects.filter(run=run).order_by("subject").values_list("probabilities", flat=True)
    return np.array([[row[key] for key in ("k0", "k1")] for row in rows])


def test_a_run_starts_from_an_earlier_one():
    votes = make_votes(make_crowd(20, seed=3), make_subjects(40, seed=3), seed=3, per_item=10)
    workflow = store_votes(votes, ["no", "yes"])
    name = "dawid-skene-pooled"
    early = mine(workflow, method=name, position=360)
    cold = mine(workflow, method=name, parameters={"tolerance": 1e-9})
    warm = mine(workflow, method=name, parameters={"tolerance": 1e-9}, start=early)
    assert warm.parameters == cold.parameters | {"start_run": early.pk}
    np.testing.assert_allclose(probabilities(warm), probabilities(cold), atol=1e-6)
    # One round only: the start makes the difference, so it was there.
    once = {"max_iter": 1}
    near = np.abs(
        probabilities(mine(workflow, method=name, parameters=once, start=cold)) - probabilities(cold)
    )
    far = np.abs(probabilities(mine(workflow, method=name, parameters=once)) - probabilities(cold))
    assert near.max() < 1e-6 < far.max()
    call_command("mine", "zoo", "--method", name, "--start", str(early.pk), stdout=io.StringIO())
    assert Run.objects.latest("pk").parameters["start_run"] == early.pk
    with pytest.raises(CommandError, match="ends where it is meant to, whatever it starts from"):
        call_command("mine", "zoo", "--start", str(early.pk))
    Run.objects.filter(pk=early.pk).update(status="failed")
    with pytest.raises(CommandError, match=f"run {early.pk} is not one of this workflow that is done"):
        call_command("mine", "zoo", "--method", name, "--start", str(early.pk))
    with pytest.raises(CommandError, match="There is no run 999999"):
        call_command("mine", "zoo", "--method", name, "--start", "999999")
