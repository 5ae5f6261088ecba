"""How fast the science is, as ratios: `python -m benchmarks.science_speed [MILLIONS [FILE.parquet]]` (default 5).

A crowd of 50,000 workers with Zipf(0.8) activity, 8 % of them guessing, 6 classes, at most a million items. Printed:
labels/s of one iteration (E and M together) and of a plain gather of the same arrays in turn, with their ratio; the
command line from Parquet to both files in wall and CPU seconds, with its peak memory (interpreter and libraries
included) over the table's; crowd-kit's Dawid-Skene on a million labels, if `make peers` was done; and the online
update. On a busy machine wall times mean little.

*The table* is the three columns in memory as a reader gets them: Arrow's text, 4 bytes and the letters a value (in
Polars 16 bytes and more, in pandas three times that).
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numba
import numpy as np
import polars as pl

from mining.science.consensus import DEFAULT
from mining.science.consensus.kernels import em_pass
from mining.science.consensus.online import OnlineTask
from mining.science.simulate import make_crowd, make_subjects, make_votes
from mining.science.votes import Votes

ROOT = Path(__file__).resolve().parents[1]
WORKERS, CLASSES = 50_000, 6
MEASURED = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
sys.exit(status)
"""


def main() -> None:
    millions = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    path = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "var" / "speed.parquet"
    votes, truth = crowd(int(millions * 1e6))
    path.parent.mkdir(exist_ok=True)
    table = write(path, votes)
    iteration(votes)
    del votes
    command_line(path, truth, table)
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


def write(path: Path, votes: Votes) -> float:
    """The file; returns the MB of the table in memory."""
    columns = {
        "item": (votes.items, votes.item),
        "worker": (votes.volunteers, votes.volunteer),
        "label": (votes.labels, votes.label),
    }
    frame = pl.DataFrame(
        {name: pl.Series(names.tolist()).gather(codes) for name, (names, codes) in columns.items()}
    )
    letters = sum(int(frame[name].str.len_bytes().sum()) for name in frame.columns)
    table = (letters + 4 * 3 * len(votes)) / 2**20
    print(f"{len(votes) / 1e6:.1f} M labels; the table is {table:.0f} MB in memory")
    frame.write_parquet(path)
    return table


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


@numba.njit(nogil=True)
def gather(start, stop, cell, table, out):  # type: ignore[no-untyped-def]
    """For each vote the sum of its row: what no E-step can do without."""
    for n in range(start, stop):
        total = 0.0
        for c in range(table.shape[1]):
            total += table[cell[n], c]
        out[n] = total


def iteration(votes: Votes) -> None:
    table = votes.by_item
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

    def took() -> None:
        for at in range(0, n, 1_000_000):
            np.take(log_confusion, table.cell[at : at + 1_000_000], axis=0)

    best: dict[str, tuple[float, float]] = {}
    for turn in range(4):  # the first compiles
        for name, work in (
            ("gather", gathered),
            ("numpy's take, one thread", took),
            ("iteration", both_steps),
        ):
            spent = timed(work)
            if turn:
                best[name] = tuple(map(min, zip(best.get(name, spent), spent, strict=True)))
    for name, (wall, cpu) in best.items():
        print(f"{name}: {n / wall / 1e6:.1f} M labels/s on 2 threads; {n / cpu / 1e6:.1f} a second of CPU")
    ratios = [best["gather"][at] / best["iteration"][at] for at in (0, 1)]
    print(
        f"the iteration (E and M) reaches {ratios[0]:.0%} of the gather by wall, {ratios[1]:.0%} by CPU "
        "(limit 70 %, or 25 M labels/s)"
    )


def command_line(path: Path, truth: np.ndarray, table: float) -> None:
    out = path.with_name("speed-out.csv")
    for name in ("dawid-skene-pooled", DEFAULT):
        call = [sys.executable, "-m", "mining.science", "consensus", "--votes", str(path), "--method", name]
        call += ["--out", str(out), "--merit", str(out) + ".merit"]
        wall, cpu, peak = run(call)
        frame = pl.read_csv(out)
        at = frame["item"].str.strip_prefix("i").cast(pl.Int64).to_numpy()
        right = (frame["label"].str.strip_prefix("a").cast(pl.Int64).to_numpy() == truth[at]).mean()
        print(
            f"{name}, Parquet to both files: {wall:.1f} s (limit 30 for 20 M), {cpu:.1f} s of CPU, peak {peak:.0f} MB"
            f" = {peak / table:.2f} x the table (limit 2); right {right:.4f}"
        )


def run(call: list[str]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak MB of a command. It is started by a small process of its own: a peak as the
    kernel tells it (ru_maxrss) begins at that of who starts it, and this one has made the crowd."""
    small = [sys.executable, "-c", MEASURED, *call]
    process = subprocess.run(small, stdout=subprocess.PIPE, cwd=ROOT, check=False)
    if process.returncode:
        raise SystemExit(f"exit status {process.returncode}: {' '.join(call)}")
    wall, cpu, peak = json.loads(process.stdout)
    return wall, cpu, peak


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
    ours_call = [sys.executable, "-m", "mining.science", "consensus", "--votes", str(path)]
    _, ours, _ = run([*ours_call, "--out", str(path) + ".out"])
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
