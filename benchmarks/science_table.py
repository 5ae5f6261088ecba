"""The tables of docs/science.md: accuracy, calibration and skill on real crowds, ours beside other libraries'.

`make science-table` (with `make peers` before it, for the others' columns). A set is a folder NAME with labels.csv
(item,worker,label) and truth.csv (item,label); whatever sets are there are measured the same way. A cell
`time` or `memory`: the peer asked for more than `peers.SECONDS` of CPU or `peers.BYTES`. Standard errors:
of an accuracy from its binomial, of a mean of draws from their spread. Prints as it goes and writes between the
marks in docs/science.md.
"""

import os
import sys
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from benchmarks.peer_runs import PEERS, ROOT, run_peers
from mining.science import held_out
from mining.science.calibration import calibrate, certainty, reliability
from mining.science.consensus import DEFAULT, METHODS, method
from mining.science.tables import read_gold, read_votes
from mining.science.votes import Votes
from mining.science.weigh import gold_codes, weigh

PAGE = ROOT / "docs" / "science.md"
GOLD, DRAWS, SPLITS, ENOUGH = 50, 10, 10, 10
SKILLED = ("Wawa", "ZeroBasedSkill", "OneCoinDawidSkene", "GLAD", "MACE", "MMSR")
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
    found = {name: ours(*sets[name]) | peers(folder / name, sets[name]) for name in sets}
    write("accuracy", accuracy_table(sets, found))
    write("calibration", calibration_table(sets))
    write("skill", skill_table(folder, {name: sets[name] for name in SKILL_SETS if name in sets}))


def load(folder: Path) -> tuple[Votes, np.ndarray]:
    """Votes, and the true label of each item (-1: not known, or nobody's label)."""
    votes = read_votes(folder / "labels.csv")
    labels = set(votes.labels.tolist())
    known = {item: label for item, label in read_gold(folder / "truth.csv").items() if label in labels}
    return votes, gold_codes(votes, known)


Score = tuple[float, float]  # accuracy, macro-F1


def ours(votes: Votes, truth: np.ndarray) -> dict[str, Score | str]:
    known, found = truth >= 0, {}
    for name in METHODS:
        labels = votes.labels[method(name).fit(votes).labels_[known]]
        found[name] = scored(labels, votes.labels[truth[known]])
    return found


def peers(folder: Path, loaded: tuple[Votes, np.ndarray]) -> dict[str, Score | str]:
    """Accuracy and macro-F1, or why there is none."""
    votes, truth = loaded
    known = np.flatnonzero(truth >= 0)
    items, right = votes.items[known].tolist(), votes.labels[truth[known]]
    found: dict[str, Score | str] = {}
    for name, said in run_peers(folder / "labels.csv", *PEERS).items():
        if "left_out" in said:
            found[PEERS[name]] = str(said["left_out"])
        else:
            found[PEERS[name]] = scored(np.array([said["labels"].get(i, "") for i in items]), right)
    return found


def scored(said: np.ndarray, right: np.ndarray) -> Score:
    f1 = [
        2 * ((said == c) & (right == c)).sum() / ((said == c).sum() + (right == c).sum())
        for c in np.unique(right)
    ]
    return float((said == right).mean()), float(np.mean(f1))


def accuracy_table(sets: dict, found: dict[str, dict[str, Score | str]]) -> str:
    names = list(sets)
    sizes = {name: int((sets[name][1] >= 0).sum()) for name in names}
    lines = ["| method | " + " | ".join(f"{name} ({sizes[name]})" for name in names) + " | mean | macro-F1 |"]
    lines.append("|---|" + "---|" * (len(names) + 2))
    for row in found[names[0]]:
        each = {name: found[name][row] for name in names}
        errors = {n: np.sqrt(v[0] * (1 - v[0]) / sizes[n]) for n, v in each.items() if not isinstance(v, str)}
        cells = [v if isinstance(v, str) else f"{dot(v[0])} ± {dot(errors[n])}" for n, v in each.items()]
        bold = "**" if row == DEFAULT else ""
        last = " | "
        if len(errors) == len(names):
            mean, f1 = np.mean([each[name] for name in names], axis=0)
            error = np.sqrt(np.sum(np.square(list(errors.values())))) / len(names)
            last = f"{bold}{mean:.3f}{bold} ± {error:.3f} | {f1:.3f}"
        lines.append(f"| {bold}{row}{bold} | " + " | ".join(cells) + f" | {last} |")
    accuracy = {
        name: {row: value[0] for row, value in each.items() if row in METHODS} for name, each in found.items()
    }
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
    gone: dict[str, dict[str, str]] = {}  # why a row has no number on a set
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
                if isinstance(values, str):
                    gone.setdefault(row, {})[name] = values
                    continue
                mine = np.asarray(values, dtype=float)[enough]
                found = (
                    0.0 if np.ptp(mine) == 0 else float(spearmanr(mine, there)[0])
                )  # all equal: no ranking
                rows.setdefault(row, {}).setdefault(name, []).append(found)
    lines = ["| skill without gold | " + " | ".join(sets) + " | mean |", "|---|" + "---|" * (len(sets) + 1)]
    whole = {row: found for row, found in rows.items() if row not in gone}
    for row, found in sorted(
        whole.items(), key=lambda each: -np.mean([np.mean(v) for v in each[1].values()])
    ):
        mean = np.mean([np.mean(v) for v in found.values()])
        lines.append(f"| {row} | " + " | ".join(spread_of(found[name]) for name in sets) + f" | {mean:.3f} |")
    for row, why in gone.items():  # no mean to be placed by
        cells = [why[name] if name in why else spread_of(rows[row][name]) for name in sets]
        lines.append(f"| {row} | " + " | ".join(cells) + " | |")
    return "\n".join(lines)


def spread_of(values: list[float]) -> str:
    return f"{np.mean(values):.2f} ± {np.std(values, ddof=1) / np.sqrt(len(values)):.2f}"


def peer_skills(half: Votes) -> dict[str, np.ndarray | str]:
    """Skills of those who have any, of the same half; a volunteer whom they don't know has 0. Or why there is none."""
    said = run_peers(half_file(half), *SKILLED)
    return {
        f"{PEERS[name]}, skill": each["left_out"]
        if "left_out" in each
        else np.array([each["skills"].get(str(v), 0.0) for v in half.volunteers])
        for name, each in said.items()
    }


def half_file(half: Votes) -> Path:
    """The votes as a file, for the peers."""
    path = ROOT / "var" / f"half-{os.getpid()}.csv"
    path.parent.mkdir(exist_ok=True)
    rows = zip(half.items[half.item], half.volunteers[half.volunteer], half.labels[half.label], strict=True)
    path.write_text("item,worker,label\n" + "".join(f"{i},{w},{label}\n" for i, w, label in rows))
    return path


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
