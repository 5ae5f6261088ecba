"""python -m benchmarks.classifier_quality DATA [NAME ...]: how good classifiers are on real sets.

DATA is a folder with galaxy_images_a, tweets_a, gz_decals_votes_a.

galaxies : area under the curve of encoders and heads on pictures of galaxies (five parts, three draws of them).
tweets   : votes on texts; loss of the vote vectors, nats a vote, of the Dirichlet-multinomial, of training on
           majorities and of shares alone.
decals   : vote counts without pictures: one Dirichlet-multinomial or one multinomial for all, on rows held out.
"""

import csv
import sys
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from mining.science.classifiers.dirichlet import log_likelihood, multinomial_log_likelihood
from mining.science.classifiers.encoders import ENCODERS, EncoderMissing, encoder
from mining.science.classifiers.encoders.text import hashed
from mining.science.classifiers.gate import shares_alone
from mining.science.classifiers.heads import majority
from mining.science.classifiers.model import Classifier


def galaxies(folder: Path) -> None:
    rows = list(csv.DictReader((folder / "labels.csv").open()))
    truth = np.array([row["label"] == "spiral" for row in rows]).astype(np.int64)
    files = [(folder / "images" / row["file"]).read_bytes() for row in rows]
    features = {}
    for name in ENCODERS:
        try:
            features[name] = encoder(name).encode(files)
        except EncoderMissing as missing:
            print(f"{name}: {missing}")
    for names in [*([name] for name in features), *([list(features)] if len(features) > 1 else [])]:
        areas = []
        for seed in range(3):
            made = Classifier.fit(
                {name: features[name] for name in names},
                np.eye(2)[truth],
                ["other", "spiral"],
                groups=[row["file"] for row in rows],
                seed=seed,
            )
            assert made.crossfitted_ is not None
            areas.append(roc_auc_score(truth, made.crossfitted_.probabilities[:, 1]))
        print(
            f"galaxies, {' + '.join(names):<14} area {np.mean(areas):.3f} ({', '.join(f'{a:.3f}' for a in areas)})"
        )


def tweets(folder: Path) -> None:
    items = {row["item"]: row["text"] for row in csv.DictReader((folder / "items.csv").open())}
    votes = list(csv.DictReader((folder / "labels.csv").open()))
    answers = sorted({row["label"] for row in votes})
    at = {item: place for place, item in enumerate(items)}
    counts = np.zeros((len(items), len(answers)))
    for row in votes:
        counts[at[row["item"]], answers.index(row["label"])] += 1
    told_of("tweets", {"text": hashed(list(items.values()))}, counts, answers)


def told_of(name: str, raws: dict[str, object], counts: np.ndarray, answers: list[str]) -> None:
    """Cross-fitted; the majority head's probabilities taken for shares, as training on majorities does."""
    made = Classifier.fit(raws, counts, answers, groups=[str(i) for i in range(len(counts))])
    told = made.crossfitted_
    assert told is not None
    n = counts.sum(axis=1)
    alone = shares_alone(counts, len(counts))
    print(
        f"{name}: {len(counts)} items, {int(n.sum())} votes; minus log probability of the vote vector, nats a vote"
    )
    for what, found in (
        ("Dirichlet-multinomial", log_likelihood(told.alpha, counts)),
        ("its shares, as a multinomial", multinomial_log_likelihood(told.shares, counts)),
        ("trained on majorities", multinomial_log_likelihood(told.probabilities, counts)),
        ("shares alone, Dirichlet", log_likelihood(alone.alpha, counts)),
    ):
        print(f"  {what:<30} {-(found / n).mean():.4f}")
    truth = majority(counts).max(axis=1) == 1
    for what, p in (("votes' head", told.shares), ("majority head", told.probabilities)):
        right = p[truth].argmax(axis=1) == counts[truth].argmax(axis=1)
        print(f"  {what} leads with the majority {right.mean():.4f}")


def decals(folder: Path) -> None:
    with (folder / "table.csv").open() as file:
        rows = list(csv.DictReader(file))
    columns = ["votes_smooth", "votes_featured", "votes_artifact"]
    counts = np.array([[float(row[name] or 0) for name in columns] for row in rows])
    counts = counts[counts.sum(axis=1) > 0]
    order = np.random.default_rng(0).permutation(len(counts))
    learnt, held = counts[order[: len(order) // 2]], counts[order[len(order) // 2 :]]
    told = shares_alone(learnt, len(held))
    n = held.sum(axis=1)
    plain = np.tile(learnt.sum(axis=0) / learnt.sum(), (len(held), 1))
    one, other = (
        -(log_likelihood(told.alpha, held) / n).mean(),
        -(multinomial_log_likelihood(plain, held) / n).mean(),
    )
    print(f"decals: {columns}, {len(held)} rows held out")
    print(f"  shares {told.shares[0].round(3)}, strength {told.strength[0]:.2f}")
    print(f"  Dirichlet-multinomial {one:.4f}, multinomial {other:.4f} nats a vote: ratio {other / one:.2f}")


PARTS = {
    "galaxies": (galaxies, "galaxy_images_a"),
    "tweets": (tweets, "tweets_a"),
    "decals": (decals, "gz_decals_votes_a"),
}

if __name__ == "__main__":
    data = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    for part in sys.argv[2:] or PARTS:
        measure, where = PARTS[part]
        measure(data / where)
