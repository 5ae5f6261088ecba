"""python -m benchmarks.classifier_speed [N]: how long a refit of both heads takes on N cached items (100,000).

Cold and warm, beside scikit-learn's logistic regression on the same columns; seconds of the clock and of the processor,
and ratios.

Made: features [N, 1280] as float16, as the cache has them, with 40 directions that mean something; 8 votes an item on
Made: features [N, 1280] as float16, as the cache has them, with 40 directions that mean something; 8 votes each over
temperature. Warm goes on from the classifier before. One thread. scikit-learn fits one head to the majority answers,
once, on 128 principal axes that it is given.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
import time
from collections.abc import Callable

import numpy as np


def make(n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(n, 40)).astype(np.float32)
    mixed = rng.normal(size=(40, 1280)).astype(np.float32)
    features = np.empty((n, 1280), dtype=np.float16)
    for at in range(0, n, 10_000):
        part = hidden[at : at + 10_000] @ mixed
        features[at : at + 10_000] = part + rng.normal(size=part.shape).astype(np.float32)
    p = np.exp(hidden @ rng.normal(size=(40, 3)) * 0.5)
    own = rng.gamma(5 * p / p.sum(axis=1, keepdims=True))
    own = np.cumsum(own / own.sum(axis=1, keepdims=True), axis=1)
    votes = (rng.random((n, 8, 1)) > own[:, None, :-1]).sum(axis=2)
    return features, np.stack([(votes == answer).sum(axis=1) for answer in range(3)], axis=1).astype(
        np.float64
    )


def timed(name: str, do: Callable[[], object]) -> tuple[object, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    found = do()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{name:<46} {wall:7.2f} s of the clock, {cpu:7.2f} s of the processor")
    return found, cpu


def main(n: int) -> None:
    from sklearn.linear_model import LogisticRegression

    from mining.science.classifiers.model import Classifier

    print(f"{n:,} items, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    features, counts = make(n)
    names = [str(at) for at in range(n)]

    def fit(some: int, start: Classifier | None = None) -> Classifier:
        return Classifier.fit(
            {"x": features[:some]}, counts[:some], ["a", "b", "c"], groups=names[:some], start=start
        )

    fit(2_000)  # compiles
    cold, cold_cpu = timed("cold: all of a first fit", lambda: fit(n))
    assert isinstance(cold, Classifier)
    warm, warm_cpu = timed("warm: from the classifier before", lambda: fit(n, cold))
    assert isinstance(warm, Classifier)
    columns, project_cpu = timed("of that, features to columns", lambda: cold.columns({"x": features}))
    assert isinstance(columns, list)
    truth = counts.argmax(axis=1)
    logistic = LogisticRegression(C=1.0, max_iter=200)
    _, peer_cpu = timed(
        "scikit-learn: logistic regression on columns", lambda: logistic.fit(columns[0], truth)
    )
    ours = warm.most.probabilities(columns).argmax(axis=1)
    theirs = logistic.predict(columns[0])
    clear = (counts == counts.max(axis=1, keepdims=True)).sum(axis=1) == 1
    print(
        f"right on the majority: ours {(ours == truth)[clear].mean():.4f}, theirs {(theirs == truth)[clear].mean():.4f}"
    )
    print(f"processor: cold / scikit-learn {cold_cpu / peer_cpu:.2f}, (warm - columns) / scikit-learn"
          f" {(warm_cpu - project_cpu) / peer_cpu:.2f}")  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
