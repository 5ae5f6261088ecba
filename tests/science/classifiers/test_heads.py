"""Heads on seeded votes with known truth: shares, strength, majority are found; the compiled loss is the plain one."""

import numpy as np
import pytest
from scipy.stats import dirichlet_multinomial, multinomial

from mining.science.classifiers import Classifier, ClassifierError, Table, judge
from mining.science.classifiers.dirichlet import (
    WIDE,
    log_likelihood,
    loss_and_slopes,
    multinomial_log_likelihood,
    softmax,
)
from mining.science.classifiers.gate import shares_alone
from mining.science.classifiers.heads import DirichletHead
from mining.science.classifiers.kernels import whole_loss_and_slopes
from mining.science.classifiers.model import PARTS

N, VOTES = 3_000, 12


def make_votes(seed: int, n: int = N) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(features [n, 6] that tell shares and strength, counts [n, 3], true shares, true strength)."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 6)).astype(np.float32)
    shares = softmax(x[:, :4].astype(np.float64) @ rng.normal(size=(4, 3)))
    strength = np.exp(1.5 + 0.8 * x[:, 4].astype(np.float64))
    p = np.array([rng.dirichlet(np.maximum(m * s, 1e-3)) for m, s in zip(shares, strength, strict=True)])
    counts = np.array([rng.multinomial(VOTES, each) for each in p / p.sum(axis=1, keepdims=True)])
    return x, counts.astype(np.float64), shares, strength


def test_the_log_likelihoods_are_scipys() -> None:
    rng = np.random.default_rng(1)
    alpha, counts = rng.gamma(2.0, size=(20, 3)), rng.integers(0, 9, (20, 3)).astype(np.float64)
    counts[:, 0] += 1
    p = alpha / alpha.sum(axis=1, keepdims=True)
    ours, whole = log_likelihood(alpha, counts), counts.astype(np.int64)
    theirs = [dirichlet_multinomial.logpmf(n, a, n.sum()) for a, n in zip(alpha, whole, strict=True)]
    assert ours == pytest.approx(theirs, abs=1e-9)
    theirs = [float(multinomial.logpmf(n, n.sum(), each)) for each, n in zip(p, whole, strict=True)]
    assert multinomial_log_likelihood(p, counts) == pytest.approx(theirs, abs=1e-9)


def test_the_compiled_loss_is_the_plain_one_and_its_slopes_are_slopes() -> None:
    rng = np.random.default_rng(2)
    out, counts = rng.normal(size=(40, 4)) * 3, rng.integers(0, 25, (40, 3))
    lost, dz, dt = loss_and_slopes(out[:, :3], out[:, 3], counts.astype(np.float64))
    compiled, slopes = whole_loss_and_slopes(out, counts, WIDE)
    assert compiled == pytest.approx(lost, rel=1e-10)
    assert slopes == pytest.approx(np.column_stack([dz, dt]), abs=2e-4)
    for at in range(4):
        step = np.zeros_like(out)
        step[:, at] = 1e-5
        up, down = (
            loss_and_slopes(o[:, :3], o[:, 3], counts.astype(np.float64))[0] for o in (out + step, out - step)
        )
        assert (up - down) / 2e-5 == pytest.approx(np.column_stack([dz, dt])[:, at].sum(), rel=1e-4, abs=1e-5)


def test_shares_and_strength_are_found_apart_and_beat_majority_training() -> None:
    x, counts, shares, strength = make_votes(3)
    names = [str(at) for at in range(N)]
    made = Classifier.fit({"x": x}, counts, ["a", "b", "c"], groups=names)
    told = made.crossfitted_
    assert told is not None
    assert np.abs(told.shares - shares).mean() < 0.03
    assert np.corrcoef(np.log(told.strength), np.log(strength))[0, 1] > 0.9
    truth = shares.argmax(axis=1)
    assert (told.probabilities.argmax(axis=1) == truth).mean() > 0.9
    votes = -log_likelihood(told.alpha, counts).mean()
    by_majority = -multinomial_log_likelihood(told.probabilities, counts).mean()
    assert by_majority > 1.4 * votes  # what training on majorities can't give: how spread votes are

    arrays, said = made.state()
    again = Classifier.of_state(arrays, said).tell({"x": x})
    assert np.array_equal(again.shares, made.tell({"x": x}).shares)
    warm = Classifier.fit({"x": x}, counts, ["a", "b", "c"], groups=names, start=made)
    assert np.abs(warm.tell({"x": x}).shares - again.shares).max() < 0.01


def test_weighted_votes_are_fitted_too() -> None:
    x, counts, shares, _strength = make_votes(4, 400)
    made = DirichletHead.fit([x], counts * 0.5, penalty=1e-3)
    assert np.abs(made.shares([x])[0] - shares).mean() < 0.06


def test_the_gate_lets_the_better_pass_and_names_what_is_worse() -> None:
    x, counts, _shares, _strength = make_votes(5, 1_200)
    names = [str(at) for at in range(900)]
    answers = ["a", "b", "c"]
    good = Classifier.fit({"x": x[:900]}, counts[:900], answers, groups=names)
    rng = np.random.default_rng(0)
    bad = Classifier.fit({"x": x[rng.permutation(900)]}, counts[:900], answers, groups=names)
    held = {"x": x[900:]}
    first = judge(good.tell(held), None, counts[:900], counts[900:], answers)
    assert (first.promoted, first.against) == (True, "shares")
    assert judge(good.tell(held), good.tell(held), counts[:900], counts[900:], answers).promoted
    refused = judge(bad.tell(held), good.tell(held), counts[:900], counts[900:], answers)
    assert {code for code, _ in refused.reasons} >= {"worse", "recall"}
    nothing = judge(bad.tell(held), None, counts[:900], counts[900:], answers)
    assert nothing.reasons[0][0] == "no better than shares"
    few = judge(good.tell({"x": x[900:910]}), None, counts[:900], counts[900:910], answers)
    assert few.reasons[0][0] == "few"
    alike = np.tile([5.0, 1.0, 0.0], (50, 1))
    assert judge(shares_alone(alike, 50), None, alike, alike, answers).reasons == (
        ("one answer", {"answer": "a"}),
    )


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (np.empty((0, 2)), "needs a vote"),
        (np.tile([1.0, 0.0], (50, 1)), "all votes are for one answer"),
        (np.array([[1.0, 0.0], [0.0, 1.0]]), f"at least {2 * PARTS}"),
        (np.tile([np.nan, 1.0], (50, 1)), "must be numbers"),
        (np.tile([0.0, 0.0], (50, 1)), "needs a vote"),
    ],
)
def test_what_can_not_be_learnt_says_why(counts: np.ndarray, said: str) -> None:
    x = np.zeros((len(counts), 3), dtype=np.float32)
    with pytest.raises(ClassifierError, match=said):
        Classifier.fit({"x": x}, counts, ["a", "b"], groups=[str(at) for at in range(len(counts))])


def test_two_sources_that_only_together_tell_are_fused_and_gaps_do_no_harm() -> None:
    """The answer follows a + b; each alone leaves half of it open."""
    rng = np.random.default_rng(6)
    a, b = rng.normal(size=(2, 1_000))
    x = np.column_stack([a, rng.normal(size=(1_000, 3))]).astype(np.float32)
    x[:30] = np.nan
    missing = rng.random(1_000) < 0.1
    table = Table({"b": np.where(missing, np.nan, b), "empty": np.full(1_000, np.nan)}, {}, 1_000)
    counts = np.eye(2)[(a + b > 0).astype(int)] * 5
    right = {}
    for names in (("x",), ("t",), ("x", "t")):
        raws = {name: {"x": x, "t": table}[name] for name in names}
        made = Classifier.fit(raws, counts, ["no", "yes"], groups=[str(at) for at in range(1_000)])
        assert made.crossfitted_ is not None
        right["".join(names)] = (
            made.crossfitted_.probabilities.argmax(axis=1) == counts.argmax(axis=1)
        ).mean()
    assert right["xt"] > max(right["x"], right["t"]) + 0.1
    assert right["xt"] > 0.9
