"""Dynamic overlap: a subject is served again while its answer is not sure: `python -m benchmarks.overlap [DATA]`.

Replayed on real votes: those of a set come in a random order, one by one, into the online consensus as the site keeps
it (`mining/science/consensus/online.py`); once a subject's leading answer has the wanted confidence its further votes
are not asked for. When all have come, what skills have become since is applied to every subject, and those that are no
longer sure are served again, `TURNS` times in all. Each draw is another order. Accuracy is that of the default over the
votes that were asked for, which a team publishes, and of the live state alone. Beside it: all votes, and the same
number for every subject.

Played on simulated ones: 20 % spammers; subjects come wave after wave, and of the answers the usual share goes to
subjects with a known answer, which teach their volunteer's matrix. How right each wave is, as gold and skills come in;
and the majority of three on the same subjects, by the same people, in the same run.

Writes its tables into docs/science.md. `DRAWS` orders, `CROWDS` crowds; +- is 1.96 standard errors of the mean over
them. Of a set with more, the items without truth are cut to `OTHERS`.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from benchmarks.science_table import load, write
from mining.science.consensus import DEFAULT, method
from mining.science.consensus.online import OnlineTask
from mining.science.held_out import rows_of
from mining.science.simulate import Traffic, make_crowd, make_subjects
from mining.science.votes import Votes

SETS, OTHERS, DRAWS, TURNS = ("tweets_a", "adult2"), 3000, 3, 3
CONFIDENCES = (0.9, 0.95, 0.99, 0.995)
SAME = (3, 5)  # votes on every subject
CROWDS, VOLUNTEERS, WAVES, SUBJECTS, GOLD, MOST = 10, 100, 8, 330, 30, 15  # the last three a wave
SPAM, EASE = 0.2, 3.4  # so easy that the majority of three is right on 90 to 94 of 100
SURE = 0.999


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    write("spammers", played(), "overlap")
    write("overlap", replayed(folder), "overlap")


def replayed(folder: Path) -> str:
    lines = [
        "| set | confidence | votes a subject | share of all votes | right | live state alone | all votes minus this |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in SETS:
        votes, truth = some_of(*load(folder / name))
        asked_on = np.count_nonzero(np.bincount(votes.item))
        whole = right(method(DEFAULT).fit(votes).labels_, truth)
        lines.append(f"| {name} | all votes | {len(votes) / asked_on:.2f} | 1 | {whole:.3f} | | |")
        many = right(method("majority").fit(votes).labels_, truth)
        lines.append(f"| {name} | their majority | {len(votes) / asked_on:.2f} | 1 | {many:.3f} | | |")
        rules = [("all, live", 2.0, len(votes)), *((f"{n} on each", 2.0, n) for n in SAME)]
        rules += [(str(sure), sure, len(votes)) for sure in CONFIDENCES]
        for what, sure, most in rules:
            found = []
            for draw in range(DRAWS):
                asked, live = asked_for(
                    votes, np.random.default_rng(draw).permutation(len(votes)), sure, most
                )
                settled = method(DEFAULT).fit(rows_of(votes, asked))
                found.append((asked.sum(), right(settled.labels_, truth), right(live, truth)))
            cost, told, alone = np.array(found, dtype=float).T
            lines.append(
                f"| {name} | {what} | {cost.mean() / asked_on:.2f} | {cost.mean() / len(votes):.2f} "
                f"| {spread(told)} | {spread(alone)} | {spread(whole - told)} |"
            )
            print(lines[-1], flush=True)
    return "\n".join(lines)


def some_of(votes: Votes, truth: np.ndarray) -> tuple[Votes, np.ndarray]:
    """The votes on all items with truth, and on at most `OTHERS` of the rest, which tell who is worth how much."""
    others = np.flatnonzero(truth < 0)
    kept = truth >= 0
    kept[np.random.default_rng(0).permutation(others)[:OTHERS]] = True
    return rows_of(votes, kept[votes.item]), truth


def asked_for(votes: Votes, order: np.ndarray, sure: float, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Which votes were asked for [N], and the live state's answers [I], -1 where there is no vote."""
    task = OnlineTask([str(label) for label in range(votes.shape[2])])
    asked, closed = np.zeros(len(votes), dtype=np.bool_), np.zeros(votes.shape[0], dtype=np.bool_)
    for _ in range(TURNS):
        for row in order[~asked[order]].tolist():
            item = int(votes.item[row])
            if closed[item]:
                continue
            asked[row] = True
            task.apply(item, int(votes.volunteer[row]), str(votes.label[row]))
            state = task.subjects[item]
            closed[item] = max(state.p) >= sure or len(state.voters) >= most
        for item, state in task.subjects.items():
            task.refresh(item)
            closed[item] = max(state.p) >= sure or len(state.voters) >= most
    live = np.full(votes.shape[0], -1)
    for item, state in task.subjects.items():
        live[item] = int(np.argmax(state.p))
    return asked, live


def right(labels: np.ndarray, truth: np.ndarray) -> float:
    known = truth >= 0
    return float((labels == truth)[known].mean())


def played() -> str:
    found = np.array([one_crowd(seed) for seed in range(1, CROWDS + 1)])  # crowd, wave, what
    header = (
        "wave",
        "answers on known subjects a volunteer",
        "votes a subject",
        "right",
        "after three votes, weighed",
        "majority of three",
    )
    lines = ["| " + " | ".join(header) + " |", "|---" * len(header) + "|"]
    for name, each in [
        *((str(wave + 1), found[:, wave]) for wave in range(WAVES)),
        ("all", found.mean(axis=1)),
    ]:
        gold, cost, told, early, three = each.T
        before = f"{gold.mean():.1f}" if name != "all" else ""
        lines.append(
            f"| {name} | {before} | {cost.mean():.1f} | {spread(told)} | {spread(early)} | {spread(three)} |"
        )
    return "\n".join(lines)


def one_crowd(seed: int) -> list[tuple[float, ...]]:
    """Of each wave: answers on known subjects a volunteer before it, votes a subject, share right, that of what led
    after three votes, and that of the majority of three."""
    crowd, task, gold, found = make_crowd(VOLUNTEERS, seed=seed, spam=SPAM), OnlineTask(["0", "1"]), 0, []
    for wave in range(WAVES):
        subjects = make_subjects(SUBJECTS, seed=1000 * seed + wave, ease_mean=EASE)
        before, labels, cost = gold, np.full(SUBJECTS, -1), 0
        early = labels.copy()
        traffic = Traffic(crowd, subjects, seed=wave, n_gold=GOLD, cap=MOST)
        for answer in traffic:
            if answer.gold:
                task.teach(answer.volunteer, str(subjects.truth[answer.subject]), str(answer.label))
                gold += 1
                continue
            item, cost = wave * SUBJECTS + answer.subject, cost + 1
            task.apply(item, answer.volunteer, str(answer.label))
            p = task.subjects[item].p
            labels[answer.subject] = int(np.argmax(p))
            if len(task.subjects[item].voters) <= 3:
                early[answer.subject] = labels[answer.subject]
            if max(p) >= SURE:
                traffic.retire(answer.subject)
        told, first = ((said == subjects.truth)[GOLD:].mean() for said in (labels, early))
        three = majority(Traffic(crowd, subjects, seed=wave, n_gold=GOLD, cap=3), subjects.truth)
        found.append((before / VOLUNTEERS, cost / (SUBJECTS - GOLD), float(told), float(first), three))
    print(seed, np.round(found, 3).tolist(), flush=True)
    return found


def majority(answers: Iterable, truth: np.ndarray) -> float:
    tally = np.zeros((len(truth), 2))
    for answer in answers:
        tally[answer.subject, answer.label] += 1
    return float((tally.argmax(axis=1) == truth)[GOLD:].mean())


def spread(values: np.ndarray) -> str:
    return f"{values.mean():.3f} ± {1.96 * values.std(ddof=1) / np.sqrt(len(values)):.3f}"


if __name__ == "__main__":
    main()
