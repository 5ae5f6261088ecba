"""The tables of docs/science.md: accuracy, calibration and skill on real crowds, ours beside other libraries'.

`make science-table` (with `make peers` before it, for the others' columns). A set is a folder NAME with labels.csv
(item,worker,label) and truth.csv (item,label); whatever sets are there are measured the same way. Standard errors:
of an accuracy from its binomial, of a mean of draws from their spread. Prints as it goes and writes between the
marks in docs/science.md.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from mining.science import held_out
from mining.science.calibration import calibrate, certainty, reliability
from mining.science.consensus import DEFAULT, METHODS, method
from mining.science.tables import read_gold, read_votes
from mining.science.votes import Votes
from mining.science.weigh import gold_codes, weigh

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "science.md"
PEERS = {
    "MajorityVote": "crowd-kit majority",
    "Wawa": "crowd-kit Wawa",
    "ZeroBasedSkill": "crowd-kit ZeroBasedSkill",
    "DawidSkene": "crowd-kit Dawid-Skene",
    "OneCoinDawidSkene": "crowd-kit one-coin",
    "panoptes": "panoptes-aggregation",
}
GOLD, DRAWS, SPLITS, ENOUGH = 50, 10, 10, 10
SKILL_SETS = (
    "adult2",
    "bluebirds",
    "rte",
    "tweets_a",
)  # many people, no shared error, ids that mean something


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    sets = {
        path.parent.name: load(path.parent)
        for path in sorted(folder.glob("*/truth.csv"))
        if (path.parent / "labels.csv").is_file()
    }
    accuracy = {name: ours(*sets[name]) | peers(folder / name, sets[name]) for name in sets}
    write("accuracy", accuracy_table(sets, accuracy))
    write("calibration", calibration_table(sets))
    write("skill", skill_table(folder, {name: sets[name] for name in SKILL_SETS if name in sets}))


def load(folder: Path) -> tuple[Votes, np.ndarray]:
    """Votes, and the true label of each item (-1: not known, or nobody's label)."""
    votes = read_votes(folder / "labels.csv")
    labels = set(votes.labels.tolist())
    known = {item: label for item, label in read_gold(folder / "truth.csv").items() if label in labels}
    return votes, gold_codes(votes, known)


def ours(votes: Votes, truth: np.ndarray) -> dict[str, float]:
    known = truth >= 0
    return {name: float((method(name).fit(votes).labels_ == truth)[known].mean()) for name in METHODS}


def peers(folder: Path, loaded: tuple[Votes, np.ndarray]) -> dict[str, float]:
    votes, truth = loaded
    known = np.flatnonzero(truth >= 0)
    items, names = votes.items[known].tolist(), votes.labels[truth[known]].tolist()
    found = {}
    for name, said in run_peers(folder / "labels.csv", *PEERS).items():
        found[PEERS[name]] = float(
            np.mean([said["labels"].get(i) == label for i, label in zip(items, names, strict=True)])
        )
    return found


def run_peers(labels: Path, *names: str) -> dict[str, dict]:
    python = ROOT / ".venv-peers" / "bin" / "python"
    if not python.exists():
        print("no .venv-peers (make peers): the others' columns stay empty")
        return {}
    call = [str(python), str(ROOT / "benchmarks" / "peers.py"), str(labels), *names]
    return json.loads(subprocess.run(call, check=True, capture_output=True, text=True).stdout)


def accuracy_table(sets: dict, accuracy: dict[str, dict[str, float]]) -> str:
    names = list(sets)
    sizes = {name: int((sets[name][1] >= 0).sum()) for name in names}
    lines = ["| method | " + " | ".join(f"{name} ({sizes[name]})" for name in names) + " | mean |"]
    lines.append("|---|" + "---|" * (len(names) + 1))
    for row in accuracy[names[0]]:
        values = [accuracy[name][row] for name in names]
        errors = [np.sqrt(v * (1 - v) / sizes[name]) for v, name in zip(values, names, strict=True)]
        cells = [f"{dot(v)} ± {dot(e)}" for v, e in zip(values, errors, strict=True)]
        mean_error = np.sqrt(np.sum(np.square(errors))) / len(names)
        bold = "**" if row == DEFAULT else ""
        lines.append(
            f"| {bold}{row}{bold} | "
            + " | ".join(cells)
            + f" | {bold}{np.mean(values):.3f}{bold} ± {mean_error:.3f} |"
        )
    return "\n".join([*lines, "", left_out(names, accuracy)])


def left_out(names: list[str], accuracy: dict[str, dict[str, float]]) -> str:
    """The rule: for each set, our method with the best mean on the other sets, and what it has on this one."""
    got, chosen = [], []
    for name in names:
        others = [other for other in names if other != name]
        best = max(METHODS, key=lambda m: np.mean([accuracy[other][m] for other in others]))
        chosen.append(best)
        got.append(accuracy[name][best])
    on_all = max(METHODS, key=lambda m: np.mean([accuracy[name][m] for name in names]))
    gap = min(accuracy[name][DEFAULT] - accuracy[name]["majority"] for name in names)
    what = ", ".join(f"`{m}` {chosen.count(m)} times" for m in dict.fromkeys(chosen))
    return (
        f"Leave one set out: chosen on the others are {what}; mean on the sets left out {np.mean(got):.3f}. On all:"
        f" `{on_all}`. The default's least lead over majority on any set: {100 * gap:+.1f} points."
    )


def calibration_table(sets: dict) -> str:
    lines = [
        f"| set | claimed, uncalibrated | with {GOLD} gold | b | bins agree as promised |",
        "|---|---|---|---|---|",
    ]
    for name, (votes, truth) in sets.items():
        known = np.flatnonzero(truth >= 0)
        rows = []
        for draw in range(DRAWS):
            chosen = np.random.default_rng(draw).choice(known, GOLD, replace=False)
            rest = np.setdiff1d(known, chosen)
            gold = np.full(len(truth), -1, dtype=np.int32)
            gold[chosen] = truth[chosen]
            fitted = method(DEFAULT).fit(votes, gold)
            found = calibrate(fitted, votes, gold)
            right = (fitted.labels_[rest] == truth[rest]).astype(float)
            before = reliability(fitted.probabilities_[rest].max(axis=1), right)[0]
            after = reliability(certainty(fitted, votes, found, gold)[rest].max(axis=1), right)[0]
            rows.append((before, after, found.power, found.error))
        mean, error = np.mean(rows, axis=0), np.std(rows, axis=0, ddof=1) / np.sqrt(DRAWS)
        lines.append(
            f"| {name} | {dot(mean[0])} | **{dot(mean[1])}** ± {dot(error[1])} | {mean[2]:.2f} | {dot(mean[3])} |"
        )
        print(lines[-1])
    return "\n".join(lines)


def skill_table(folder: Path, sets: dict) -> str:
    rows: dict[str, dict[str, list[float]]] = {}
    for name, (votes, truth) in sets.items():
        for seed in range(SPLITS):
            first = np.random.default_rng(seed).random(len(votes.items)) < 0.5
            half = held_out.rows_of(votes, first[votes.item])
            right_a, n_a = hits(votes, np.where(first, truth, -1))
            right_b, n_b = hits(votes, np.where(first, -1, truth))
            enough = (n_a >= ENOUGH) & (n_b >= ENOUGH)
            there = right_b[enough] / n_b[enough]
            mean = right_a[enough].sum() / n_a[enough].sum()
            skills = {"gold accuracy of the other half, shrunk": (right_a + 5 * mean) / (n_a + 5)}
            for each in (
                "dawid-skene-tuned",
                "dawid-skene-pooled",
                "weighted",
                "majority",
                "one-coin",
                "swap",
            ):
                found = weigh(half, method(each))
                skills[f"{each}, skill"] = found.skill.value
                if each == DEFAULT:
                    skills[f"{each}, bits"] = found.bits.value
            skills["number of votes"] = n_a
            for row, values in (skills | peer_skills(half)).items():
                mine = np.asarray(values, dtype=float)[enough]
                found = (
                    0.0 if np.ptp(mine) == 0 else float(spearmanr(mine, there)[0])
                )  # all equal: no ranking
                rows.setdefault(row, {}).setdefault(name, []).append(found)
    lines = ["| skill without gold | " + " | ".join(sets) + " | mean |", "|---|" + "---|" * (len(sets) + 1)]
    for row, found in sorted(rows.items(), key=lambda each: -np.mean([np.mean(v) for v in each[1].values()])):
        cells = [f"{np.mean(v):.2f} ± {np.std(v, ddof=1) / np.sqrt(len(v)):.2f}" for v in found.values()]
        lines.append(
            f"| {row} | " + " | ".join(cells) + f" | {np.mean([np.mean(v) for v in found.values()]):.3f} |"
        )
    return "\n".join(lines)


def peer_skills(half: Votes) -> dict[str, np.ndarray]:
    """Wawa's and Zero-Based Skill's, of the same half. A volunteer whom they don't know has 0."""
    path = ROOT / "var" / "half.csv"
    path.parent.mkdir(exist_ok=True)
    rows = zip(half.items[half.item], half.volunteers[half.volunteer], half.labels[half.label], strict=True)
    path.write_text("item,worker,label\n" + "".join(f"{i},{w},{label}\n" for i, w, label in rows))
    said = run_peers(path, "Wawa")
    return {
        f"{PEERS[name]}, skill": np.array([each["skills"].get(str(v), 0.0) for v in half.volunteers])
        for name, each in said.items()
    }


def hits(votes: Votes, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    known = truth[votes.item] >= 0
    right = known & (truth[votes.item] == votes.label)
    size = len(votes.volunteers)
    return np.bincount(votes.volunteer[right], minlength=size), np.bincount(
        votes.volunteer[known], minlength=size
    )


def dot(value: float) -> str:
    return f"{value:.3f}".lstrip("0")


def write(name: str, text: str, script: str = "science_table") -> None:
    """Put a table between its marks on the page."""
    page = PAGE.read_text()
    start, stop = f"<!-- {name}: made by benchmarks/{script}.py -->", f"<!-- {name} ends -->"
    before, rest = page.split(start)
    PAGE.write_text(f"{before}{start}\n{text}\n{stop}{rest.split(stop)[1]}")
    print(f"\n{name}\n{text}")


if __name__ == "__main__":
    main()
