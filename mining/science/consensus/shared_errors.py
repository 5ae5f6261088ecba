"""What votes on one item tell of its class, where they share its errors.

Dawid and Skene take the votes on an item for independent, given its class. But an item that looks like something else
does so to everybody, and then one answer comes again and again that the class rarely gets. So the j+1st vote l on an
item of class c has here not the crowd's chance C[c, l], but that of Polya's urn, with t_l votes l before it:

    (A C[c, l] + t_l) / (A + j),        A = 1 / SHARED - 1,

which makes an item's votes a Dirichlet-multinomial (Mosimann 1962, Biometrika 49, 65-82); SHARED is the correlation
between any two of them. Against independent votes the class c gains, with n_i[l] votes l,

    log G_i[c] = sum_l sum over t < n_i[l] of log(1 + t / (A C[c, l])).

An answer that was given once changes nothing; one that is rare for c is not seven times as strange when it comes seven
times. And the class frequencies, which the model hears once, count

    1 + e_i times,        e_i = SHARED (n_i - 1), 0 at least,

since n votes that are so alike tell what n / (1 + e_i) independent ones would (the design effect: Kish 1965): to hear
the frequencies more is, for the answer, the same as to hear each vote less.
"""

from __future__ import annotations

import math

import numba
import numpy as np

from mining.science.confusion import Array

SHARED = 0.07  # correlation between the errors of two votes on one item
FEW, LARGE = 20, 1e100  # votes for one answer; a product that is logged before it overflows


def log_gain(tallies: Array, rows: Array, prior: Array) -> Array:
    """log G_i[c] + e_i log prior[c], float64 [I, K], from (weighted) tallies [I, K], C [K, K] and frequencies [K]."""
    found = np.maximum(tallies.sum(axis=1, keepdims=True) - 1.0, 0.0) * (SHARED * np.log(prior))
    _add_urns(tallies, (1.0 / SHARED - 1.0) * rows, found)
    return np.asarray(found)


@numba.njit(cache=True, nogil=True)
def _add_urns(tallies, cells, found):  # type: ignore[no-untyped-def]
    """log G, added to `found`; `cells` are A C. A product for few whole votes, gamma functions for others."""
    k = len(cells)
    for i in range(len(tallies)):
        for c in range(k):
            product = 1.0
            for label in range(k):
                votes = tallies[i, label]
                if votes == 0.0 or votes == 1.0:
                    continue
                cell = cells[c, label]
                if votes <= FEW and votes == int(votes):
                    for t in range(1, int(votes)):
                        product *= 1.0 + t / cell
                    if product > LARGE:
                        found[i, c] += math.log(product)
                        product = 1.0
                else:
                    found[i, c] += math.lgamma(cell + votes) - math.lgamma(cell) - votes * math.log(cell)
            found[i, c] += math.log(product)
