"""What other libraries say of a set. Runs in .venv-peers, not in ours: `python peers.py labels.csv METHOD...`.

Prints JSON: {method: {"labels": {item: label}, "skills": {worker: skill} or {}, "seconds": CPU seconds}}. Of repeated
rows the first counts. crowd-kit: MajorityVote, Wawa, ZeroBasedSkill, DawidSkene, OneCoinDawidSkene; panoptes: the
consensus reducer for questions, with the answers of one item as its extracts.
"""

import json
import sys
import time

import pandas as pd


def crowd_kit(frame: pd.DataFrame, name: str) -> tuple[dict, dict]:
    import crowdkit.aggregation as aggregation

    made = getattr(aggregation, name)(**({"n_iter": 100} if "Dawid" in name else {}))
    labels = made.fit_predict(frame)
    found = getattr(made, "skills_", None)
    skills = {} if found is None else {str(worker): float(skill) for worker, skill in found.items()}
    return {str(item): str(label) for item, label in labels.items()}, skills


def panoptes(frame: pd.DataFrame) -> tuple[dict, dict]:
    from panoptes_aggregation.reducers.question_consensus_reducer import question_consensus_reducer

    labels = {}
    for item, answers in frame.groupby("task", sort=False)["label"]:
        extracts = [{answer: 1} for answer in answers]
        labels[str(item)] = str(question_consensus_reducer(extracts)["most_likely"])
    return labels, {}


def main() -> None:
    path, *methods = sys.argv[1:]
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)[["item", "worker", "label"]]
    frame = frame.drop_duplicates(["item", "worker"]).rename(columns={"item": "task"})
    said = {}
    for name in methods:
        began = time.process_time()
        labels, skills = panoptes(frame) if name == "panoptes" else crowd_kit(frame, name)
        said[name] = {"labels": labels, "skills": skills, "seconds": time.process_time() - began}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
