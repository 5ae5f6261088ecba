"""All of Galaxy Zoo on one machine: `python -m benchmarks.galaxy_zoo [--scale 1.0] [--dask] [--folder PATH]`.

180 million simulated votes of 390,000 volunteers on a million subjects (mining/science/simulate/galaxy_zoo.py; `--scale
0.1` takes a tenth of the subjects and of the volunteers) are written as partitions of a lake, piece by piece; then a
process of its own reads them and fits pooled Dawid-Skene. Printed: wall, processor time and peak memory of that
process, each beside its limit; one iteration beside a plain gather of the same table; the share right. With --dask a
cluster of two workers of one thread each does the same from the same files, and its numbers are compared.

On a busy machine wall times mean little: processor times are printed too. The files stay (2 GB at full scale), so that
a second call begins with the fit; another seed or scale makes others.
"""

import argparse
import json
import multiprocessing
import os
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cpu import cpu_ms
from mining.science.consensus.dawid_skene import DawidSkenePooled
from mining.science.simulate.galaxy_zoo import (
    CLASSES,
    SUBJECTS,
    VOLUNTEERS,
    VOTES_A_SUBJECT,
    GalaxyZoo,
    galaxy_zoo,
)

ROOT = Path(__file__).resolve().parents[1]
SECONDS, GIGABYTES = 300, 8  # the limits, at full scale on two processors
TASK = "T0"


def sizes(scale: float) -> tuple[int, int]:
    return round(SUBJECTS * scale), max(round(VOLUNTEERS * scale), 3 * VOTES_A_SUBJECT)


def lake_of(scale: float, seed: int, folder: Path) -> list[Path]:
    """The partitions, made where they are not there; in order."""
    subjects, volunteers = sizes(scale)
    place = folder / f"{subjects}-{volunteers}-{VOTES_A_SUBJECT}-{seed}"
    done = place / "whole"
    if not done.exists():
        place.mkdir(parents=True, exist_ok=True)
        began = time.process_time()
        write(galaxy_zoo(subjects, volunteers, seed=seed), place)
        done.touch()
        print(f"made in {time.process_time() - began:.0f} s of CPU", flush=True)
    return sorted(place.glob("*.parquet"))


def write(zoo: GalaxyZoo, place: Path, rows_a_partition: int = 4_000_000) -> None:
    """In bounded memory: a partition at a time, of whole rounds."""
    from mining.lake import form

    n = len(zoo.subjects.truth)
    together = max(1, rows_a_partition // n)
    ids = subject_ids(n, zoo.seed)
    for at in range(0, zoo.n_rounds, together):
        rounds = [zoo.round(number) for number in range(at, min(at + together, zoo.n_rounds))]
        table = partition(rounds, at * n, ids)
        form.write(place / f"{at * n:012d}-{at * n + table.num_rows:012d}.parquet", table)


def subject_ids(n: int, seed: int) -> np.ndarray:
    """Of 53 random bits, as the site's."""
    return np.random.default_rng([seed, n, 3]).choice(2**53 - 1, n, replace=False) + 1


def partition(rounds: list[Any], after: int, ids: np.ndarray) -> Any:
    """The rows of some rounds, as mining/lake/flatten.py makes them of single-choice answers."""
    import pyarrow as pa

    from mining.lake.form import SCHEMA

    subject = np.concatenate([each.subject for each in rounds])
    n = len(subject)
    position = np.arange(after + 1, after + n + 1)
    key = pa.DictionaryArray.from_arrays(np.concatenate([each.label for each in rounds]), list(CLASSES))
    columns = {
        "position": position, "classification": position + 1000, "subject": ids[subject],
        "volunteer": np.concatenate([each.volunteer for each in rounds]).astype(np.int64) + 1,
        "version": np.ones(n, dtype=np.int64), "key": key.cast(pa.string()), "value": np.ones(n),
        "at": 1_183_000_000_000_000 + position * 700_000, "first": np.ones(n, dtype=bool),
        "counted": np.ones(n, dtype=bool),
    }  # fmt: skip
    same = {"entry": "vote", "task": TASK, "kind": "single"}
    arrays = []
    for field in SCHEMA:
        if field.name in same:
            one = pa.array([same[field.name]])
            arrays.append(pa.DictionaryArray.from_arrays(np.zeros(n, dtype=np.int8), one).cast(pa.string()))
        elif field.name in columns:
            arrays.append(pa.array(columns[field.name], field.type))
        else:
            arrays.append(pa.nulls(n, field.type))
    return pa.table(arrays, schema=SCHEMA)


def fit(files: list[Path], out: Path, tolerance: float = DawidSkenePooled.tolerance) -> None:
    """What is measured: from Parquet to every subject's answer on disk, in a process of its own."""
    from mining.lake.question import read_question

    began, cpu = time.perf_counter(), time.process_time()
    found = read_question(files, TASK, list(CLASSES))
    read = {"read_wall": time.perf_counter() - began, "read_cpu": time.process_time() - cpu}
    read["read_peak"] = peak()
    fitted = DawidSkenePooled(tolerance=tolerance).fit(found.votes)
    np.savez(out, subjects=found.subjects, labels=fitted.labels_, p=fitted.probabilities_)
    told = read | {
        "wall": time.perf_counter() - began, "cpu": time.process_time() - cpu, "peak": peak(),
        "votes": len(found.votes), "iterations": fitted.n_iter_, "converged": fitted.converged_,
    }  # fmt: skip
    out.with_suffix(".json").write_text(json.dumps(told))
    told |= iteration(found.votes)
    out.with_suffix(".json").write_text(json.dumps(told))


def fit_on_cluster(files: list[Path], out: Path, tolerance: float) -> None:
    """The same on two workers of one thread each, which read the same files."""
    from distributed import LocalCluster

    from mining.cluster import weigh_question

    options = {"n_workers": 2, "threads_per_worker": 1, "memory_limit": 0, "dashboard_address": None}
    with LocalCluster(host="127.0.0.1", silence_logs=50, **options) as cluster:
        began, cpu = time.perf_counter(), cpu_ms(os.getpid())
        found = weigh_question(
            files,
            TASK,
            list(CLASSES),
            DawidSkenePooled(tolerance=tolerance),
            scheduler=cluster.scheduler_address,
        )
        workers = [each.pid for each in cluster.workers.values()]
        told = {
            "wall": time.perf_counter() - began, "cpu": (cpu_ms(os.getpid()) - cpu) / 1000,
            "iterations": found.method.n_iter_, "peak": peak(), "workers": [peak_of(pid) for pid in workers],
        }  # fmt: skip
    np.savez(out, subjects=found.subjects, labels=found.method.labels_, p=found.method.probabilities_)
    out.with_suffix(".json").write_text(json.dumps(told))


def peak_of(pid: int) -> float:
    """Gigabytes of another process at the most."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 2**20 for line in lines if line.startswith("VmHWM"))


def furthest(one: Path, other: Path) -> float:
    """By how much the two disagree on a probability, at most."""
    with np.load(one) as a, np.load(other) as b:
        return float(np.abs(a["p"][np.argsort(a["subjects"])] - b["p"][np.argsort(b["subjects"])]).max())


def peak() -> float:
    """Gigabytes of this process at the most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def iteration(votes: Any) -> dict[str, float]:
    """Processor seconds of one pass (E and M) and of a plain gather of the same table: what no pass can do without."""
    from benchmarks.science_speed import gather, timed
    from mining.science.consensus.passes import Passes

    items, volunteers, k = votes.shape
    passes, n = Passes(votes, None, np.full((items, k), 1 / k)), len(votes)
    table, out = np.log(np.random.default_rng(1).random((volunteers * k, k))), np.empty(n)
    cell = passes.table.cell

    def gathered() -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda at: gather(at * n // 2, (at + 1) * n // 2, cell, table, out), range(2)))

    gather(0, 1, cell, table, out)
    prior = np.log(np.full(k, 1 / k))
    return {"pass_cpu": timed(lambda: passes.step(prior, table))[1], "gather_cpu": timed(gathered)[1]}


def in_a_process(work: Any, *arguments: Any) -> None:
    # spawned, so that it holds nothing but what it reads
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"the fit ended with {process.exitcode}")


def right(out: Path, scale: float, seed: int) -> float:
    """The share of subjects whose answer is the truth."""
    subjects, volunteers = sizes(scale)
    truth = galaxy_zoo(subjects, volunteers, seed=seed).subjects.truth
    place = {int(one): at for at, one in enumerate(subject_ids(subjects, seed))}
    with np.load(out) as found:
        at = np.array([place[int(one)] for one in found["subjects"]])
        return float((truth[at] == found["labels"]).mean())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scale", type=float, default=1.0, help="of the subjects and volunteers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--tolerance",
        type=float,
        default=DawidSkenePooled.tolerance,
        help="how little EM may still move to end",
    )
    parser.add_argument("--dask", action="store_true", help="the same on a local cluster of two workers")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "galaxy-zoo")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    files = lake_of(options.scale, options.seed, options.folder)
    rows = sizes(options.scale)[0] * VOTES_A_SUBJECT
    print(
        f"{rows / 1e6:.1f} M votes in {len(files)} partitions, {sum(f.stat().st_size for f in files) / 1e9:.2f} GB"
    )
    out = options.folder / "one.npz"
    in_a_process(fit, files, out, options.tolerance)
    told = json.loads(out.with_suffix(".json").read_text())
    print(
        f"one machine: {told['wall']:.0f} s wall, {told['cpu']:.0f} s of CPU ({told['read_wall']:.0f} and "
        f"{told['read_cpu']:.0f} of it reading), at most {told['peak']:.2f} GB; {told['iterations']} iterations, "
        f"converged: {told['converged']}; right {right(out, options.scale, options.seed):.4f}"
    )
    print(
        f"of the limits at full scale: {told['wall'] / SECONDS:.2f} of {SECONDS} s wall, {told['peak'] / GIGABYTES:.2f}"
        f" of {GIGABYTES} GB; one pass (E and M) takes {told['pass_cpu']:.2f} s of CPU, "
        f"{told['pass_cpu'] / told['gather_cpu']:.2f} times a plain gather"
    )
    if options.dask:
        other = options.folder / "cluster.npz"
        in_a_process(fit_on_cluster, files, other, options.tolerance)
        spread = json.loads(other.with_suffix(".json").read_text())
        print(
            f"two Dask workers: {spread['wall']:.0f} s wall, {spread['cpu']:.0f} s of CPU in all, "
            f"{spread['iterations']} iterations; at most {spread['peak']:.2f} GB here and "
            f"{', '.join(f'{each:.2f}' for each in spread['workers'])} GB in the workers; "
            f"no probability differs by more than {furthest(out, other):.1e}; "
            f"{spread['wall'] / told['wall']:.2f} times the wall time of one machine"
        )


if __name__ == "__main__":
    main()
