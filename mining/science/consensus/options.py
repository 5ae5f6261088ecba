"""One of very many: which option of a long list is meant, where a confusion matrix would have millions of cells.

Hovy, Berg-Kirkpatrick, Vaswani & Hovy (2013), "Learning whom to trust with MACE", NAACL, with one way of guessing for
all. A volunteer v knows the answer with the chance t_v, and says it; else guesses: option k with the chance g_k.

    E-step   p_i(k)  prop. to  prod_v (t_v [y = k] + (1 - t_v) g_y)         over the votes y on item i
             w = p_i(y) t_v / (t_v + (1 - t_v) g_y)                         v knew it
    M-step   t_v = (sum w + SHRINK T) / (n_v + SHRINK),    T = mean of w over all votes
             g_k = (sum over votes on k of (1 - w) + 1) / (sum of (1 - w) + options)

Only options that somebody chose can be the answer, so the cost is one term a vote and option chosen, whatever the
length of the list; p is a probability given that one of them is right. One vote on an item: p is 1, and says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mining.science.confusion import Array
from mining.science.votes import Codes, VotesError

SHRINK = 5.0  # votes that the crowd's mean is worth
START = 0.7  # of t


class Chosen(NamedTuple):
    """item, option int32 [P], p float64 [P]: the options chosen of each item, by item and then code; knows float64 [V];
    converged."""

    item: Codes
    option: Codes
    p: Array
    knows: Array
    converged: bool


@dataclass
class OptionCrowd:
    """EM until no probability moves by more than `tolerance`. `options`: the length of the list."""

    options: int
    max_iter: int = 200
    tolerance: float = 1e-6

    def fit(self, item: Codes, volunteer: Codes, option: Codes) -> Chosen:
        """Votes [N] as codes from 0 on; a person has one vote an item."""
        if not len(item):
            raise VotesError("no votes: there is nothing to agree on")
        people, items = int(volunteer.max()) + 1, int(item.max()) + 1
        pairs, own = np.unique(item.astype(np.int64) * (int(option.max()) + 1) + option, return_inverse=True)
        pair_item, pair_option = (part.astype(np.int32) for part in np.divmod(pairs, int(option.max()) + 1))
        n_person = np.bincount(volunteer, minlength=people)
        guess = np.full(max(self.options, int(option.max()) + 1), 1.0 / self.options)
        knows, p = np.full(people, START), np.zeros(len(pairs))
        converged = False
        for _ in range(self.max_iter):
            wrong = (1.0 - knows[volunteer]) * guess[option]
            # All votes of the item as guesses, and for those on the option the odds of knowing it besides.
            more = np.log1p(knows[volunteer] / wrong)
            log = np.asarray(np.bincount(own, more, minlength=len(pairs)), dtype=np.float64)
            new = _normalised(log, pair_item, items)
            moved, p = float(np.abs(new - p).max()), new
            knew = p[own] * knows[volunteer] / (knows[volunteer] + wrong)
            mean = float(knew.mean())
            knows = (np.bincount(volunteer, knew, minlength=people) + SHRINK * mean) / (n_person + SHRINK)
            knows = np.clip(knows, 0.01, 0.99)
            guess = np.bincount(option, 1.0 - knew, minlength=len(guess)) + 1.0
            guess /= guess.sum()
            if moved <= self.tolerance:
                converged = True
                break
        return Chosen(pair_item, pair_option, p, knows, converged)


def _normalised(log: Array, item: npt.NDArray[np.int32], items: int) -> Array:
    """Of each item the shares of exp(log)."""
    most = np.full(items, -np.inf)
    np.maximum.at(most, item, log)
    part = np.exp(log - most[item])
    return np.asarray(part / np.bincount(item, part, minlength=items)[item], dtype=np.float64)


class Shares(NamedTuple):
    """key: the most chosen, of equals the first by name; shares: (key, share), most first; dispersion: entropy of the
    shares over log n of n votes, 0 all the same, 1 each another."""

    key: str
    shares: list[tuple[str, float]]
    dispersion: float


def shares(keys: Sequence[str]) -> Shares:
    """Plain counts, everybody alike. The order of the votes changes nothing, to the bit."""
    if not keys:
        raise ValueError("no votes: nothing was chosen")
    counts: dict[str, int] = {}
    for key in sorted(keys):
        counts[key] = counts.get(key, 0) + 1
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    found = [(key, n / len(keys)) for key, n in ordered]
    entropy = -math.fsum(share * math.log(share) for _, share in found)
    return Shares(found[0][0], found, max(0.0, min(1.0, entropy / math.log(max(len(keys), 2)))))
