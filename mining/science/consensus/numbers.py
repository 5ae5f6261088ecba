"""Numbers: how far, how many, how bright. Weighted by how precise each volunteer is, freed of each one's bias.

Raykar et al. (2010), "Learning from crowds", JMLR 11, 1297, section 4 (continuous labels), with a bias a volunteer. A
volunteer v says of item i

    y = z_i + b_v + e,   e ~ Normal(0, s_v^2),   z_i ~ Normal(m, t^2)

    E-step   1 / var_i = 1 / t^2 + sum 1 / s_v^2          z_i = var_i (m / t^2 + sum (y - b_v) / s_v^2)
    M-step   b_v   = (sum (y - z_i) + SHRINK B) / (n_v + SHRINK),   B = mean of y - z_i over all votes
             s_v^2 = (sum ((y - z_i - b_v)^2 + var_i) + SHRINK S^2) / (n_v + SHRINK)
             S^2   = the same mean over all votes;   m, t^2 = mean and variance of z

Without gold biases are only known against one another: B is 0, and they are shifted so that their mean over votes
is 0. A known item keeps its z, with variance 0. Wild values pull a precise model far off: for counts and sizes that
spread over decades give the logarithms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mining.science.confusion import Array
from mining.science.votes import Codes, VotesError

SHRINK = 5.0  # votes that the crowd's spread and mean bias are worth
FLOOR = 1e-6  # of a variance, in units of the spread of all values


class Numbers(NamedTuple):
    """value, deviation float64 [I]: the estimate and its standard deviation; bias, spread float64 [V]; converged."""

    value: Array
    deviation: Array
    bias: Array
    spread: Array
    converged: bool


@dataclass
class NumberCrowd:
    """EM until no value moves by more than `tolerance` times the spread of all values."""

    max_iter: int = 500
    tolerance: float = 1e-7

    def fit(self, item: Codes, volunteer: Codes, y: Array, gold: Array | None = None) -> Numbers:
        """Votes [N] as codes 0..I-1 and 0..V-1 with finite numbers; `gold` [I], NaN where not known."""
        if not len(y):
            raise VotesError("no votes: there is nothing to agree on")
        if not np.isfinite(y).all():
            raise VotesError("not a finite number", int(np.flatnonzero(~np.isfinite(y))[0]))
        items, people = int(item.max()) + 1, int(volunteer.max()) + 1
        known = np.zeros(items, dtype=np.bool_) if gold is None else np.isfinite(gold[:items])
        truth = np.zeros(items) if gold is None else np.where(known, gold[:items], 0.0)
        scale = max(float(y.var()), 1e-300)
        n_item, n_person = _sum(item, np.ones(len(y)), items), _sum(volunteer, np.ones(len(y)), people)
        z = np.where(known, truth, _sum(item, y, items) / np.maximum(n_item, 1.0))
        var = np.where(known, 0.0, scale / np.maximum(n_item, 1.0))
        bias, spread = np.zeros(people), np.full(people, scale)
        converged = False
        for _ in range(self.max_iter):
            common = float((y - z[item]).mean()) if known.any() else 0.0
            bias = (_sum(volunteer, y - z[item], people) + SHRINK * common) / (n_person + SHRINK)
            if not known.any():
                bias = bias - (bias * n_person).sum() / n_person.sum()
            square = (y - z[item] - bias[volunteer]) ** 2 + var[item]
            crowd = max(float(square.mean()), FLOOR * scale)
            spread = (_sum(volunteer, square, people) + SHRINK * crowd) / (n_person + SHRINK)
            spread = np.maximum(spread, FLOOR * scale)
            middle, width = float(z.mean()), max(float(z.var() + var.mean()), FLOOR * scale)
            weight = 1.0 / spread[volunteer]
            var = np.where(known, 0.0, 1.0 / (1.0 / width + _sum(item, weight, items)))
            pull = middle / width + _sum(item, weight * (y - bias[volunteer]), items)
            new = np.where(known, truth, var * pull)
            moved, z = float(np.abs(new - z).max()), new
            if moved <= self.tolerance * np.sqrt(scale):
                converged = True
                break
        return Numbers(z, np.sqrt(var), bias, np.sqrt(spread), converged)


def _sum(at: npt.NDArray[np.int32], values: Array, size: int) -> Array:
    return np.asarray(np.bincount(at, values, minlength=size), dtype=np.float64)
