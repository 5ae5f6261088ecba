"""What a run says of itself, question by question: plain numbers for Run.report.

{"known": subjects whose answer is known and that volunteers answered without help, "answers": those answers,
 "calibration": null or {"power", "known", "raw", "error", "bins": [[subjects, probability, right]]},
 "spread": {"correlation", "p", "volunteers", "found"}, "subjects", "volunteers", "votes"},
and of the first question also "convergence" and "accuracy" ({"subjects", "points": [[votes, weighed, majority]]}; the
second against known answers, null without enough) and "over_time" ({"unit", "rows": [[time, votes, agreement]]}).
"""

from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from mining.science.convergence import convergence
from mining.science.enough import LEAST_GOLD
from mining.science.merit import spread
from mining.science.weigh import Weighed

if TYPE_CHECKING:
    import polars as pl

    from mining.science.votes import Codes, Votes

UNITS = {"1h": "hour", "1d": "day", "1w": "week", "1mo": "month", "1y": "year"}
MOST_TIMES = 60
"""The shortest unit of time is taken that makes no more of them."""


def judge(votes: "Votes", found: Weighed, *, seed: int) -> dict[str, Any]:
    on_known = np.zeros(len(votes), dtype=bool) if found.gold is None else found.gold[votes.item] >= 0
    learned = np.ones(len(votes), dtype=bool) if votes.learned is None else votes.learned
    test = spread(votes.volunteer[learned], _hits(votes, found)[learned], seed=seed)
    return {
        "known": len(np.unique(votes.item[on_known])),
        "answers": int(on_known.sum()),
        "calibration": _calibration(found),
        "spread": {
            "correlation": None if isnan(test.correlation) else round(test.correlation, 4),
            "p": round(test.p, 4),
            "volunteers": test.volunteers,
            "found": test.found,
        },
        "subjects": len(np.unique(votes.item[~on_known])),
        "volunteers": len(votes.volunteers),
        "votes": int((~on_known).sum()),
    }


def judge_more(votes: "Votes", found: Weighed, times: "pl.Series", *, seed: int) -> dict[str, Any]:
    """Of the first question. times: when the votes that are not on known subjects came, in the table's order."""
    known = np.full(votes.shape[0], -1, dtype=np.int32) if found.gold is None else found.gold
    final = np.where(known < 0, found.fitted.labels_, -1).astype(np.int32)
    enough = len(np.unique(votes.item[known[votes.item] >= 0])) >= LEAST_GOLD
    return {
        "convergence": _converging(found, votes, final, seed),
        "accuracy": _converging(found, votes, known, seed) if enough else None,
        "over_time": _over_time(times, _hits(votes, found)[: len(times)]),
    }


def _hits(votes: "Votes", found: Weighed) -> np.ndarray:
    """How probably each vote is right, by the model of the matrices; on known subjects 0 or 1."""
    return np.asarray(found.fitted.by_matrices_[votes.item, votes.label])


def _calibration(found: Weighed) -> dict[str, Any] | None:
    each = found.calibration
    if each is None:
        return None
    return {
        "power": round(each.power, 6),
        "known": each.n,
        "raw": round(each.raw, 6),
        "error": round(each.error, 6),
        "bins": [[b.items, round(b.probability, 6), round(b.right, 6)] for b in each.bins],
    }


def _converging(found: Weighed, votes: "Votes", target: "Codes", seed: int) -> dict[str, Any]:
    subjects, points = convergence(found.fitted, votes, target, seed=seed)
    return {
        "subjects": subjects,
        "points": [[p.votes, round(p.weighed, 6), round(p.majority, 6)] for p in points],
    }


def _over_time(times: "pl.Series", hits: np.ndarray) -> dict[str, Any]:
    import polars as pl

    frame = pl.DataFrame({"at": times, "hit": hits})
    unit = ""
    for step, unit in UNITS.items():  # noqa: B007 - read after the loop
        by_time = frame.group_by(pl.col("at").dt.truncate(step)).agg(
            pl.len().alias("votes"), pl.col("hit").mean()
        )
        if by_time.height <= MOST_TIMES or step == "1y":
            break
    pattern = "%Y-%m-%d %H:00" if unit == "hour" else "%Y-%m-%d"
    rows = [[at.strftime(pattern), n, round(hit, 6)] for at, n, hit in by_time.sort("at").iter_rows()]
    return {"unit": unit, "rows": rows}
