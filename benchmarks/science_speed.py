"""How fast the science is, as ratios: `python -m benchmarks.science_speed [MILLIONS [FILE.parquet]]` (default 5).

A crowd of 50,000 workers with Zipf(0.8) activity, 8 % of them guessing, 6 classes, at most a million items. Printed:
labels/s of one iteration (E and M together) beside a plain gather of the same table; the command line from Parquet to
both files, with its memory beside the table's; crowd-kit's Dawid-Skene on a million labels, if `make peers` was
done; and the online update. On a busy machine wall times mean little: CPU times are printed too.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numba
import numpy as np
import polars as pl

from mining.science.consensus.kernels import by_item, em_pass
from mining.science.consensus.online import OnlineTask
from mining.science.simulate import make_crowd, make_subjects, make_votes
from mining.science.votes import Votes

ROOT = Path(__file__).resolve().parents[1]
WORKERS, CLASSES = 50_000, 6


def main() -> None:
    millions = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    path = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "var" / "speed.parquet"
    votes, truth = crowd(int(millions * 1e6))
    path.parent.mkdir(exist_ok=True)
    write(path, votes)
    iteration(votes)
    del votes
    command_line(path, truth)
    peer()
    online()


def crowd(n: int) -> tuple[Votes, np.ndarray]:
    rng = np.random.default_rng(0)
    items = min(max(n // 5, 1), 1_000_000)
    activity = 1.0 / np.arange(1, WORKERS + 1) ** 0.8
    pair = rng.integers(0, items, n) * WORKERS + rng.choice(WORKERS, n, p=activity / activity.sum())
    pair = np.unique(pair)
    rng.shuffle(pair)
    truth = rng.choice(CLASSES, items, p=[0.4, 0.2, 0.15, 0.1, 0.1, 0.05])
    right = np.where(rng.random(WORKERS) < 0.08, 1 / CLASSES, rng.beta(7, 3, WORKERS))
    item, worker = (pair // WORKERS).astype(np.int32), (pair % WORKERS).astype(np.int32)
    guess = rng.integers(0, CLASSES, len(pair))
    label = np.where(rng.random(len(pair)) < right[worker], truth[item], guess).astype(np.int32)
    names = [
        np.array([f"{kind}{n}" for n in range(size)])
        for kind, size in (("i", items), ("w", WORKERS), ("a", CLASSES))
    ]
    return Votes(item, worker, label, *names), truth


def write(path: Path, votes: Votes) -> None:
    columns = {
        "item": (votes.items, votes.item),
        "worker": (votes.volunteers, votes.volunteer),
        "label": (votes.labels, votes.label),
    }
    frame = pl.DataFrame(
        {name: pl.Series(names.tolist()).gather(codes) for name, (names, codes) in columns.items()}
    )
    print(f"{len(votes) / 1e6:.1f} M labels; the table is {frame.estimated_size('mb'):.0f} MB in memory")
    frame.write_parquet(path)


def timed(work: Callable[[], object], turns: int = 3) -> tuple[float, float]:
    """Best wall and CPU seconds of some turns."""
    walls, cpus = [], []
    for _ in range(turns):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return min(walls), min(cpus)


@numba.njit(nogil=True)
def gather(start, stop, cell, table, out):  # type: ignore[no-untyped-def]
    """For each vote the sum of its row: what no E-step can do without."""
    for n in range(start, stop):
        total = 0.0
        for c in range(table.shape[1]):
            total += table[cell[n], c]
        out[n] = total


def iteration(votes: Votes) -> None:
    table = by_item(votes)
    items, workers, k = votes.shape
    p, counts = np.full((items, k), 1 / k), np.zeros((workers * k, k))
    log_confusion = np.log(np.random.default_rng(1).random((workers * k, k)))
    prior, gold = np.log(np.full(k, 1 / k)), np.full(items, -1, dtype=np.int32)
    out, n = np.empty(len(votes)), len(votes)

    def gathered() -> None:
        with ThreadPoolExecutor(2) as pool:
            list(
                pool.map(
                    lambda at: gather(at * n // 2, (at + 1) * n // 2, table.cell, log_confusion, out),
                    range(2),
                )
            )

    def both_steps() -> None:
        em_pass(table, prior, log_confusion, gold, p, counts)

    gathered(), both_steps()  # compiled
    for name, work in {"plain gather": gathered, "one iteration (E and M)": both_steps}.items():
        wall, cpu = timed(work)
        print(f"{name}: {n / wall / 1e6:.1f} M labels/s on 2 threads; {n / cpu / 1e6:.1f} a second of CPU")


def command_line(path: Path, truth: np.ndarray) -> None:
    out = path.with_name("speed-out.csv")
    for name in ("dawid-skene-pooled", "dawid-skene-tuned"):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        call = [sys.executable, "-m", "mining.science", "consensus", "--votes", str(path), "--method", name]
        subprocess.run(
            [*call, "--out", str(out), "--merit", str(out) + ".merit"],
            check=True,
            capture_output=True,
            cwd=ROOT,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        frame = pl.read_csv(out)
        at = frame["item"].str.strip_prefix("i").cast(pl.Int64).to_numpy()
        right = (frame["label"].str.strip_prefix("a").cast(pl.Int64).to_numpy() == truth[at]).mean()
        print(
            f"{name}, Parquet to both files: {time.perf_counter() - began:.1f} s, {cpu:.1f} s of CPU,"
            f" at most {after.ru_maxrss / 1024:.0f} MB (largest child so far); right {right:.4f}"
        )


def peer() -> None:
    python = ROOT / ".venv-peers" / "bin" / "python"
    if not python.exists():
        print("crowd-kit: not installed (make peers)")
        return
    votes, _ = crowd(1_000_000)
    path = ROOT / "var" / "speed.csv"
    rows = {
        "item": votes.items[votes.item],
        "worker": votes.volunteers[votes.volunteer],
        "label": votes.labels[votes.label],
    }
    pl.DataFrame({name: pl.Series(column.tolist()) for name, column in rows.items()}).write_csv(path)
    call = [str(python), str(ROOT / "benchmarks" / "peers.py"), str(path), "DawidSkene"]
    theirs = json.loads(subprocess.run(call, check=True, capture_output=True, text=True).stdout)[
        "DawidSkene"
    ]["seconds"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ours_call = [
        sys.executable,
        "-m",
        "mining.science",
        "consensus",
        "--votes",
        str(path),
        "--out",
        str(path) + ".out",
    ]
    subprocess.run(ours_call, check=True, capture_output=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    ours = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"a million labels: crowd-kit's Dawid-Skene {theirs:.1f} s of CPU without reading; ours, tuned, from CSV to"
        f" CSV, merit and start included {ours:.1f} s: {theirs / ours:.1f} times as long"
    )


def online() -> None:
    for k, per_item in ((2, 10), (10, 40)):
        votes = make_votes(
            make_crowd(60, seed=1), make_subjects(50, seed=1, prior=[1 / k] * k), seed=1, per_item=per_item
        )
        task = OnlineTask([str(label) for label in votes.labels])
        began = time.process_time()
        for item, volunteer, label in zip(
            votes.item.tolist(), votes.volunteer.tolist(), votes.label.tolist(), strict=True
        ):
            task.apply(item, volunteer, task.keys[label])
        spent = (time.process_time() - began) / len(votes)
        print(f"online, {k} answers, up to {per_item} voters: {1000 * spent:.3f} ms of CPU a vote (limit 2)")


if __name__ == "__main__":
    main()
