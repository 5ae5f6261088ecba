"""The same numbers on two worker processes as on one, also when one of them is killed."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.galaxy_zoo import TASK, write
from mining.cluster import ClusterError, Spread, connected, gains_on, weigh_on, weigh_question
from mining.science.attributes.gain import gains
from mining.science.attributes.labels import Labels
from mining.science.attributes.table import attribute_table
from mining.science.consensus import method as make_method
from mining.science.simulate.galaxy_zoo import CLASSES, galaxy_zoo
from mining.science.votes import VotesError

distributed = pytest.importorskip("distributed", reason="needs requirements/cluster.txt")
pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("ignore")]  # Dask's own, of its processes that end

LABELS = list(CLASSES)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    place = tmp_path_factory.mktemp("zoo")
    write(galaxy_zoo(800, 600, 20, seed=6), place, rows_a_partition=5000)
    return sorted(place.glob("*.parquet"))


@pytest.fixture(scope="module")
def cluster() -> Iterator["distributed.LocalCluster"]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as made:
        yield made


@pytest.mark.parametrize("name", ["majority", "dawid-skene-pooled"])
def test_two_workers_find_what_one_machine_finds(name: str, files, cluster):
    assert len(files) == 4
    here = weigh_question(files, TASK, LABELS, make_method(name))
    there = weigh_question(files, TASK, LABELS, make_method(name), scheduler=cluster.scheduler_address)
    assert there.method.n_iter_ == here.method.n_iter_
    subjects, people = np.argsort(here.subjects), np.argsort(here.volunteers)
    other, others = np.argsort(there.subjects), np.argsort(there.volunteers)
    np.testing.assert_array_equal(there.subjects[other], here.subjects[subjects])
    np.testing.assert_array_equal(there.volunteers[others], here.volunteers[people])
    np.testing.assert_array_equal(there.votes[other], here.votes[subjects])
    np.testing.assert_array_equal(there.method.labels_[other], here.method.labels_[subjects])
    for field, at, elsewhere in (
        ("probabilities_", subjects, other), ("confusion_", people, others), ("counts_", people, others),
    ):  # fmt: skip
        np.testing.assert_allclose(
            getattr(there.method, field)[elsewhere], getattr(here.method, field)[at], atol=1e-6, rtol=1e-9
        )
    np.testing.assert_allclose(there.method.prior_, here.method.prior_, atol=1e-9)


def test_a_worker_that_is_killed_is_replaced(files, cluster, monkeypatch):
    here = weigh_question(files, TASK, LABELS, make_method("dawid-skene-pooled"))
    rounds, step = [], Spread.step

    def killing(self: Spread, *tables: object) -> float:
        rounds.append(len(rounds))
        if len(rounds) == 3:
            os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
        return step(self, *tables)

    monkeypatch.setattr(Spread, "step", killing)
    with connected(cluster.scheduler_address) as client:
        there = weigh_on(client, files, TASK, LABELS, make_method("dawid-skene-pooled"))
    assert len(rounds) > 3
    np.testing.assert_allclose(
        there.method.probabilities_[np.argsort(there.subjects)],
        here.method.probabilities_[np.argsort(here.subjects)],
        atol=1e-4,  # a round more is nearer to the fixed point
    )


@pytest.mark.parametrize("soft", [False, True])
def test_gains_of_attributes_are_the_same_to_the_bit(soft: bool, cluster):
    rng = np.random.default_rng(3)
    n = 200
    truth = rng.random(n) < 0.4
    columns = {f"x{at}": rng.normal(size=n) + truth * at / 2 for at in range(4)}
    columns["holes"] = np.where(rng.random(n) < 0.3, np.nan, columns["x1"])
    frame = pl.DataFrame(columns).with_columns(colour=pl.Series(rng.choice(["blue", "red", "green"], n)))
    table = attribute_table(frame)
    share = np.where(truth, 0.8, 0.3)
    labels = (
        Labels(("no", "yes"), np.arange(n), n, shares=np.column_stack([1 - share, share]))
        if soft
        else Labels(("no", "yes"), np.arange(n), n, codes=truth.astype(np.uint8))
    )
    options = {"permutations": 40, "bootstraps": 20, "noise_draws": 10, "seed": 7}
    here = gains(table, labels, **options)
    with connected(cluster.scheduler_address) as client:
        there = gains_on(client, table, labels, **options)
    assert len(here.rows) == 7
    assert {row.attribute for row in here.rows} >= {"colour", "holes is missing"}
    assert repr(there) == repr(here)  # NaN is NaN here


def test_what_can_t_be_done_is_said(files, cluster):
    with pytest.raises(ClusterError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        weigh_question(files, TASK, LABELS, make_method("majority"), scheduler="tcp://127.0.0.1:9")
    with pytest.raises(VotesError, match="swap is not made for a cluster"):
        weigh_question(files, TASK, LABELS, make_method("swap"), scheduler=cluster.scheduler_address)
    for scheduler in ("", cluster.scheduler_address):
        with pytest.raises(VotesError, match="no votes"):
            weigh_question(files, "T9", LABELS, make_method("majority"), scheduler=scheduler)
