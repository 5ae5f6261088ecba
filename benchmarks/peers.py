"""What other libraries say of a set. Runs in .venv-peers, not in ours: `python peers.py labels.csv METHOD...`.

Prints JSON: {method: {"labels": {item: label}, "skills": {worker: skill} or {}, "seconds": CPU seconds}}, or {method:
{"left_out": reason}} of one that asks for more than `SECONDS` of CPU or `BYTES` of memory, or that fails. Of repeated
rows the first counts. From crowd-kit the classes of `crowdkit.aggregation`; panoptes is its consensus reducer for
questions, with the answers of one item as its extracts.
"""

import json
import multiprocessing
import os
import resource
import signal
import sys
import time
from multiprocessing.connection import Connection

import pandas as pd

SECONDS = int(os.environ.get("PEER_SECONDS", "180"))
BYTES = 6 * 2**30
ROUNDS = {"DawidSkene": 100, "OneCoinDawidSkene": 100}


def crowd_kit(frame: pd.DataFrame, name: str) -> tuple[dict, dict]:
    import crowdkit.aggregation as aggregation

    made = getattr(aggregation, name)(**({"n_iter": ROUNDS[name]} if name in ROUNDS else {}))
    labels = made.fit_predict(frame)
    return {str(item): str(label) for item, label in labels.items()}, skills(made, frame)


def skills(made: object, frame: pd.DataFrame) -> dict[str, float]:
    """GLAD's alpha, MACE's chance not to be guessing (by workers in order of appearance), else what is called skill."""
    found = getattr(made, "alphas_", None)
    if found is None:
        found = getattr(made, "skills_", None)
    if found is None and getattr(made, "spamming_", None) is not None:
        found = pd.Series(made.spamming_[:, 1], index=pd.factorize(frame["worker"])[1])
    return {} if found is None else {str(worker): float(skill) for worker, skill in found.items()}


def panoptes(frame: pd.DataFrame) -> tuple[dict, dict]:
    from panoptes_aggregation.reducers.question_consensus_reducer import question_consensus_reducer

    labels = {}
    for item, answers in frame.groupby("task", sort=False)["label"]:
        extracts = [{answer: 1} for answer in answers]
        labels[str(item)] = str(question_consensus_reducer(extracts)["most_likely"])
    return labels, {}


def work(path: str, name: str, pipe: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)[["item", "worker", "label"]]
        frame = frame.drop_duplicates(["item", "worker"]).rename(columns={"item": "task"})
        import crowdkit.aggregation  # noqa: F401  (before the clock starts)

        began = time.process_time()
        labels, found = panoptes(frame) if name == "panoptes" else crowd_kit(frame, name)
        pipe.send({"labels": labels, "skills": found, "seconds": time.process_time() - began})
    except MemoryError:
        pipe.send({"left_out": "memory"})
    except Exception as error:  # what a peer raises is its own affair; the table says so
        pipe.send({"left_out": type(error).__name__})


def run(path: str, name: str) -> dict:
    """In a process of its own, so that one that asks too much is stopped alone."""
    mine, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.Process(target=work, args=(path, name, theirs))
    process.start()
    theirs.close()
    try:
        said = mine.recv()
    except EOFError:
        said = {}
    process.join()
    if said:
        return said
    over = process.exitcode in {-signal.SIGXCPU, -signal.SIGKILL}
    return {"left_out": "time" if over else f"exit {process.exitcode}"}


def main() -> None:
    path, *methods = sys.argv[1:]
    json.dump({name: run(path, name) for name in methods}, sys.stdout)


if __name__ == "__main__":
    main()
