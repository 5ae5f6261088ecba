"""The members of compared pairs, ranked: part of a run's report on a question that asks which of two is more so."""

from typing import TYPE_CHECKING, Any

import numpy as np

from mining.science.consensus.ranking import LEFT, MOST, RIGHT, TIE, rank
from projects.models import PairMember, SubjectState
from projects.services import get_version
from projects.tasks.comparison import MORE, ComparisonTask

if TYPE_CHECKING:
    import polars as pl

SAID = {"left": LEFT, "right": RIGHT, "tie": TIE}
RANKING = "ranking"


def ranking_of(
    workflow_id: int, path: str, frame: "pl.DataFrame", weights: dict[int, float]
) -> dict[str, Any]:
    """{"ranking": {"side", "side_error", "tie", "pairs": how many, "members": [[subject, strength, low, high,
    votes], ...]}}, strongest first; empty for another kind of question, and where more than MOST members were compared.
    Of the pairs that are finished when it is made, so that it tells nothing of one that somebody may still be asked.

    frame: the votes of the question; weights: of persons who weigh less. Pairs keep their order, and what standing on
    the left does is estimated (`side`).
    """
    versions = frame["version"].unique().to_list()
    tasks = [get_version(version).definition.tasks.get(path) for version in versions]
    if not any(isinstance(task, ComparisonTask) and task.ask == MORE for task in tasks):
        return {}
    pairs: dict[int, list[int]] = {}
    finished = SubjectState.objects.filter(workflow_id=workflow_id, retired_at__isnull=False)
    members = PairMember.objects.filter(pair__in=finished.values("subject")).order_by("pair", "position")
    for pair, member in members.values_list("pair_id", "member_id"):
        pairs.setdefault(pair, []).append(member)
    votes = [
        (*pairs[subject][:2], SAID[key], weights.get(int(person), 1.0))
        for subject, person, key in zip(frame["subject"], frame["volunteer"], frame["key"], strict=True)
        if key in SAID and len(pairs.get(subject, ())) >= 2
    ]
    ids = sorted({member for left, right, *_ in votes for member in (left, right)})
    if not 2 <= len(ids) <= MOST:
        return {}
    place = {member: at for at, member in enumerate(ids)}
    left, right, said = (
        np.array(column, dtype=np.int32)
        for column in zip(*((place[a], place[b], what) for a, b, what, _ in votes), strict=True)
    )
    found = rank(left, right, said, len(ids), weight=np.array([vote[3] for vote in votes]))
    times = np.bincount(left, minlength=len(ids)) + np.bincount(right, minlength=len(ids))
    rows = [
        [
            ids[at],
            *(round(float(of[at]), 4) for of in (found.strength, found.low, found.high)),
            int(times[at]),
        ]
        for at in found.order.tolist()
    ]
    tie = None if found.tie is None else round(found.tie, 4)
    told = {
        "side": round(found.side, 4),
        "side_error": round(found.side_error, 4),
        "tie": tie,
        "pairs": len({tuple(sorted(vote[:2])) for vote in votes}),
        "members": rows,
    }
    return {RANKING: told}
