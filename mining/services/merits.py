"""What a run stores of each person on one question: figure of merit, class by class, over time, and their pace."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from mining.models import Merit, Run
from mining.science.merit import by_class, mean_skill, over_time
from mining.science.pace import pace
from mining.science.votes import Votes
from mining.science.weigh import Weighed

if TYPE_CHECKING:
    import polars as pl

LEAST_FOR_DRIFT = 20
"""Votes of a person from which their parts are told: five in each."""

Paces = dict[int, tuple[float, float | None, float | None]]
"""Person to median seconds an answer on the workflow, and its interval; without those of whom no time is known."""


def paces_of(frame: "pl.DataFrame") -> Paces:
    """From `seconds_frame`."""
    people, codes = np.unique(frame["volunteer"].to_numpy(), return_inverse=True)
    found = pace(codes.astype(np.int32), frame["seconds"].to_numpy(), len(people))
    return {
        who: (middle, None if np.isnan(low) else low, None if np.isnan(high) else high)
        for who, middle, low, high in zip(people.tolist(), *(part.tolist() for part in found), strict=True)
        if not np.isnan(middle)
    }


def store_merit(
    run: Run, path: str, votes: Votes, found: Weighed, times: Sequence[datetime], paces: Paces
) -> None:
    """A row for each person. Votes on known subjects are among their votes. `times`: of receipt, of each vote."""
    people, keys = len(votes.volunteers), [str(key) for key in votes.labels]
    on_known = np.zeros(len(votes), dtype=bool) if found.gold is None else found.gold[votes.item] >= 0
    right = on_known if found.gold is None else on_known & (found.gold[votes.item] == votes.label)

    def tally(rows: np.ndarray) -> np.ndarray:
        return np.bincount(votes.volunteer[rows], minlength=people)

    every = tally(np.ones(len(votes), dtype=bool))
    mean = mean_skill(found.crowd)
    classes = by_class(found.counts, mean)
    parts = _parts(votes, found, times, mean)
    columns = [*found.skill, *found.bits, every, tally(on_known), tally(right)]
    Merit.objects.bulk_create(
        [
            Merit(
                run=run, volunteer_id=int(who), task=path,
                skill=s, skill_low=s0, skill_high=s1, bits=b, bits_low=b0, bits_high=b1,
                votes=n, known=k, known_right=r,
                classes=[
                    [key, *(round(float(part[at, c]), 4) for part in classes)] for c, key in enumerate(keys)
                ],
                **_drift(parts[at].tolist() if n >= LEAST_FOR_DRIFT else []),
                **dict(zip(("seconds", "seconds_low", "seconds_high"), paces.get(int(who), ()), strict=False)),
            )
            for at, (who, s, s0, s1, b, b0, b1, n, k, r) in enumerate(
                zip(votes.volunteers, *(column.tolist() for column in columns), strict=True)
            )
        ],
        batch_size=1000,
    )  # fmt: skip


def _parts(votes: Votes, found: Weighed, times: Sequence[datetime], mean: float) -> np.ndarray:
    """[V, Merit.PARTS, 3]: skill, low, high in equal parts of each person's learned votes, by receipt."""
    hits = np.asarray(found.fitted.probabilities_[votes.item, votes.label])
    order = np.argsort(np.array([at.timestamp() for at in times]), kind="stable")
    if votes.learned is not None:
        order = order[votes.learned[order]]
    by_part = over_time(
        votes.volunteer[order], hits[order], len(votes.volunteers), parts=Merit.PARTS, mean=mean
    )
    return np.stack(by_part, axis=-1)


def _drift(parts: list[list[float]]) -> dict[str, object]:
    """They drift where the intervals of the first and last part lie apart."""
    if not parts:
        return {}
    (first, first_low, first_high), (last, low, high) = parts[0], parts[-1]
    rounded = [[round(value, 4) for value in part] for part in parts]
    return {"parts": rounded, "drift": last - first, "drifts": low > first_high or high < first_low}
