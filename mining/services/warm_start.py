"""A run that starts from the answers of an earlier one, instead of from the vote shares.

EM then has less way to go; where there is one fixed point nearby it is the same (docs/science.md). Which run it was
is among the run's parameters, as `start_run`.
"""

from typing import Any

import numpy as np

from mining.models import Consensus, Run
from mining.science.consensus import method as make_method
from mining.science.consensus.base import Consensus as Method
from mining.science.consensus.base import vote_shares
from mining.science.consensus.dawid_skene import DawidSkene
from mining.science.votes import Votes

START = "start_run"


def check_start(start: Run, workflow_id: int, method: str) -> None:
    """ValueError where a run by that method can't start from this one, in a sentence."""
    if not isinstance(make_method(method), DawidSkene):
        raise ValueError(
            f"{method} ends where it is meant to, whatever it starts from: use dawid-skene-pooled"
        )
    if start.workflow_id != workflow_id or start.status != Run.Status.DONE:
        raise ValueError(f"run {start.pk} is not one of this workflow that is done")


def plain_method(run: Run) -> Method:
    """The run's method with its parameters."""
    return make_method(run.method, **{name: value for name, value in run.parameters.items() if name != START})


def parameters_of(run: Run) -> dict[str, Any]:
    """All parameters of the run, also those that were not given."""
    kept = {START: run.parameters[START]} if START in run.parameters else {}
    return plain_method(run).get_params() | kept


def method_for(run: Run, path: str, votes: Votes) -> Method:
    """The run's method, ready for one question."""
    method = plain_method(run)
    if START in run.parameters and isinstance(method, DawidSkene):
        method.starting_from(_stood(run.parameters[START], path, votes))
    return method


def _stood(start_run: int, path: str, votes: Votes) -> np.ndarray:
    """Probabilities [I, K] as that run left them; vote shares where it has no answer."""
    rows = Consensus.objects.filter(run=start_run, task=path).values_list("subject_id", "probabilities")
    before, keys = {str(subject): p for subject, p in rows.iterator()}, votes.labels.tolist()
    shares = vote_shares(votes)
    for at, item in enumerate(votes.items.tolist()):
        p = [before.get(item, {}).get(key, 0.0) for key in keys]
        if sum(p) > 0:
            shares[at] = np.array(p) / sum(p)
    return shares
