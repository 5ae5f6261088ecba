"""Real crowd data with truth, where the data folder stands beside the repository; tests skip without it."""

from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from mining.science.tables import read_votes
from mining.science.votes import Codes, Votes

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"


def labels_file(name: str) -> Path:
    path = FOLDER / name / "labels.csv"
    if not path.is_file():
        pytest.skip(f"no data: {path}")
    return path


@cache
def load(name: str) -> tuple[Votes, Codes]:
    """The votes of a set, and the true label of each item (-1 where not known)."""
    votes = read_votes(labels_file(name))
    truth = pl.read_csv(FOLDER / name / "truth.csv", infer_schema=False)
    known = dict(zip(truth["item"], truth["label"], strict=True))
    codes = {str(label): code for code, label in enumerate(votes.labels)}
    return votes, np.array([codes.get(known.get(str(item), ""), -1) for item in votes.items], dtype=np.int32)


def accuracy(labels: Codes, truth: Codes) -> float:
    """Share of right labels among the items with truth."""
    known = truth >= 0
    return float((labels[known] == truth[known]).mean())


def hits(votes: Votes, truth: Codes) -> tuple[np.ndarray, np.ndarray]:
    """Right votes and all votes on items with truth, by volunteer [V]."""
    known = truth[votes.item] >= 0
    right = known & (truth[votes.item] == votes.label)
    size = len(votes.volunteers)
    return np.bincount(votes.volunteer[right], minlength=size), np.bincount(
        votes.volunteer[known], minlength=size
    )
