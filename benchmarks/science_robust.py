"""How the default fares on crowds it was not chosen on: `python -m benchmarks.science_robust [DATA [HOW_MANY]]`.

Made: simulated crowds of many shapes (2 to 10 answers, 100 to 3,000 items, 3 to 20 labels an item, 15 to 400 workers,
even and skewed classes, spammers or none, easy and hard), and variants of the real sets in DATA: 3 or 5 labels an
item, 100 or 300 items, half of the workers. On each: the default, majority, and Dawid-Skene as crowd-kit 1.4.2
does it (written again here in a few lines, since the library takes seconds a set; on the six real sets the two have the
same accuracies). Printed: means, and how often and how far the default is under majority.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.science_table import load
from mining.science.consensus import DEFAULT, method
from mining.science.held_out import rows_of
from mining.science.simulate import make_crowd, make_subjects, make_votes
from mining.science.votes import Votes

EPS = 1e-10
Case = tuple[str, str, Votes, np.ndarray]


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("../shared/data")
    many = int(sys.argv[2]) if len(sys.argv) > 2 else 150
    rows = []
    for group, name, votes, truth in (*variants(folder), *simulated(many)):
        rows.append(measured(group, name, votes, truth))
        if rows[-1]["default"] < rows[-1]["majority"] - 0.01:
            print(rows[-1], flush=True)
    frame = pl.DataFrame(rows)
    frame.write_csv("var/robust.csv")
    print(summary(frame))


def measured(group: str, name: str, votes: Votes, truth: np.ndarray) -> dict:
    known = (truth >= 0) & (np.bincount(votes.item, minlength=len(truth)) > 0)
    tuned = method(DEFAULT).fit(votes)
    said = {
        "default": tuned.labels_,
        "majority": method("majority").fit(votes).labels_,
        "majority, first of equal": votes.tallies().argmax(axis=1),
        "pooled": method("dawid-skene-pooled").fit(votes).labels_,
        "crowd-kit": crowd_kit(votes),
    }
    right = {each: float((labels == truth)[known].mean()) for each, labels in said.items()}
    return {
        "group": group, "name": name, "n": int(known.sum()), "k": votes.shape[2], "strength": tuned.strength_,
    } | right  # fmt: skip


def crowd_kit(votes: Votes, rounds: int = 100, tolerance: float = 1e-5) -> np.ndarray:
    """crowdkit.aggregation.DawidSkene: columns of the matrices sum to 1, no pseudo-votes, ends with the bound."""
    items, workers, k = votes.shape
    i, v, said = votes.item, votes.volunteer, votes.label
    p = votes.tallies()
    p /= np.maximum(p.sum(axis=1, keepdims=True), 1)
    seen = votes.tallies().sum(axis=1) > 0
    before = -np.inf

    def m_step() -> np.ndarray:
        errors = np.zeros((workers, k, k))  # [worker, label, truth]
        np.add.at(errors, (v, said), p[i])
        errors = np.maximum(errors, EPS)
        # a pair (worker, label) that does not occur has no row
        there = np.zeros((workers, k), dtype=bool)
        there[v, said] = True
        return errors / (errors * there[:, :, None]).sum(axis=1, keepdims=True)

    prior, errors = p[seen].mean(axis=0), m_step()
    for _ in range(rounds):
        log_p = np.tile(np.log(np.maximum(prior, EPS)), (items, 1))
        np.add.at(log_p, i, np.log(errors[v, said]))
        p = np.exp(log_p - log_p.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        prior, errors = p[seen].mean(axis=0), m_step()
        joint = (p[i] * (np.log(errors[v, said]) + np.log(np.maximum(prior, EPS)))).sum()
        safe = np.maximum(p[seen], EPS)
        bound = (joint - (np.log(safe) * safe).sum()) / len(votes)
        if bound - before < tolerance:
            break
        before = bound
    return p.argmax(axis=1)


def simulated(many: int) -> Iterator[Case]:
    for seed in range(1000, 1000 + many):
        rng = np.random.default_rng(seed)
        k, labels = int(rng.choice([2, 3, 4, 6, 10])), int(rng.choice([3, 5, 10, 20]))
        items, workers = int(rng.choice([100, 300, 1000, 3000])), int(rng.choice([15, 50, 150, 400]))
        workers = max(workers, labels + 5)
        skewed, spam, hard = rng.random() < 0.5, float(rng.choice([0.0, 0.15, 0.3])), rng.random() < 0.5
        prior = 0.5 ** np.arange(k) if skewed else np.ones(k)
        crowd = make_crowd(workers, seed=seed, spam=spam)
        subjects = make_subjects(items, seed=seed, prior=prior / prior.sum(), ease_mean=0.8 if hard else 1.65)
        votes = make_votes(crowd, subjects, seed=seed, per_item=labels)
        name = f"{seed}: K {k}, {items} items, {labels} labels, {workers} workers"
        name += f", skew {skewed}, spam {spam}, hard {hard}"
        yield f"simulated, {labels} labels", name, votes, subjects.truth


def variants(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.glob("*/truth.csv")):
        if not (path.parent / "labels.csv").is_file():
            continue
        whole, truth = load(path.parent)
        votes = rows_of(whole, (truth >= 0)[whole.item]) if len(whole) > 50_000 else whole
        for seed in (1, 2, 3):
            rng = np.random.default_rng(seed)
            order = rng.permutation(len(votes))
            order = order[np.argsort(votes.item[order], kind="stable")]
            place = np.empty(len(votes), dtype=np.int64)
            starts = np.searchsorted(votes.item[order], np.arange(votes.shape[0]))
            place[order] = np.arange(len(votes)) - starts[votes.item[order]]
            chosen = rng.permutation(np.flatnonzero(truth >= 0))
            half = rng.random(votes.shape[1]) < 0.5
            for what, rows in {
                "3 labels an item": place < 3,
                "5 labels an item": place < 5,
                "100 items": np.isin(votes.item, chosen[:100]),
                "300 items": np.isin(votes.item, chosen[:300]),
                "half of the workers": half[votes.volunteer],
            }.items():
                if 0 < rows.sum() < len(votes):
                    yield f"real, {what}", f"{path.parent.name} {seed}", rows_of(votes, rows), truth


def summary(frame: pl.DataFrame) -> str:
    worst = pl.col("default") - pl.col("majority")
    table = (
        frame.group_by("group", maintain_order=True)
        .agg(
            pl.len().alias("sets"),
            *(pl.col(each).mean() for each in ("default", "majority", "crowd-kit", "pooled")),
            (worst < -0.01001).sum().alias("under"),
            (worst * 100).min().alias("worst"),
        )
        .sort("group")
    )
    header = ("sets", "how many", "default", "majority", "crowd-kit's Dawid-Skene", "fixed point")
    header += ("> 1 point under majority", "worst")
    return "\n".join(
        [
            "| " + " | ".join(header) + " |",
            "|---" * len(header) + "|",
            *(row(*values) for values in table.iter_rows()),
        ]
    )


def row(name: str, n: int, mine: float, *others: float) -> str:
    majority, theirs, pooled, under, low = others
    return f"| {name} | {n} | **{mine:.3f}** | {majority:.3f} | {theirs:.3f} | {pooled:.3f} | {under} | {low:+.1f} |"


if __name__ == "__main__":
    main()
