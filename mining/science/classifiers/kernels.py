"""The loss of dirichlet.py in one walk over the subjects, for whole counts.

There lnG(a + n) - lnG(a) = ln(a (a+1) ... (a+n-1)), and its slope 1/a + ... + 1/(a+n-1): a few multiplications and one
logarithm instead of four special functions. Five times as fast; the test holds it against the plain form.
"""

from __future__ import annotations

import numba
import numpy as np

MOST_VOTES = 60
"""More votes of one subject, or votes with weights, are left to the plain form."""


@numba.njit(cache=True, nogil=True)
def rising(a, n):  # type: ignore[no-untyped-def]
    """(lnG(a + n) - lnG(a), digamma(a + n) - digamma(a)) for whole n."""
    product, slope, log = 1.0, 0.0, 0.0
    for i in range(n):
        product *= a + i
        slope += 1.0 / (a + i)
        if product > 1e200 or product < 1e-200:
            log += np.log(product)
            product = 1.0
    return log + np.log(product), slope


@numba.njit(cache=True, nogil=True)
def whole_loss_and_slopes(out, counts, wide):  # type: ignore[no-untyped-def]
    """out [N, K + 1] the logits and t, counts int64 [N, K]. Returns (loss, slopes [N, K + 1] float32)."""
    n, k = counts.shape
    slopes = np.empty((n, k + 1), dtype=np.float32)
    m, g = np.empty(k), np.empty(k)
    lost = 0.0
    for i in range(n):
        top = out[i, 0]
        for c in range(1, k):
            top = max(top, out[i, c])
        total, votes = 0.0, 0
        for c in range(k):
            m[c] = np.exp(out[i, c] - top)
            total += m[c]
            votes += counts[i, c]
        bend = np.tanh(out[i, k] / wide)
        s = np.exp(wide * bend)
        log_s, slope_s = rising(s, votes)
        lost += log_s
        mean = 0.0
        for c in range(k):
            m[c] /= total
            log_c, slope_c = rising(max(m[c] * s, 1e-10), counts[i, c])
            lost -= log_c
            g[c] = -slope_c
            mean += m[c] * g[c]
        for c in range(k):
            slopes[i, c] = max(m[c] * s, 1e-10) * (g[c] - mean)
        slopes[i, k] = (slope_s + mean) * s * (1 - bend * bend)
    return lost, slopes
