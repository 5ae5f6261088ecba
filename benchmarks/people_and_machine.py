"""What a machine that speaks beforehand saves: `python -m benchmarks.people_and_machine [CROWDS]`.

A simulated crowd answers a question with two answers; what each volunteer would say of each subject is drawn
beforehand, so all policies are compared on the same answers. The machine is the product's own classifier over eight
measurements that show the class the better the easier a subject is for people, too; it is trained on the votes so far
each `EVERY` votes, tells of what it learnt from by heads that did not see that, and is clipped as on the site. Of 5 %
of the subjects it is kept out. Votes on known subjects are counted as cost.

Policies, in the same run: the majority of twenty; the online consensus alone, to a probability; with the machine, and
one person on each subject at least. The baselines stand in their band where majority is right on 0.92 to 0.95 and the
consensus alone takes 8 to 10 votes; the script says whether they do. At equal accuracy: the row with the machine that
is the cheapest of those no less right than the consensus alone. The truth of people and of the machine's
measurements come from one generator, which flatters the machine.
"""

import sys

import numpy as np

from mining.science.classifiers import Classifier, ClassifierError, Table
from mining.science.clip import clipped
from mining.science.consensus.online import OnlineTask
from mining.science.simulate import Traffic, make_crowd, make_subjects
from mining.science.simulate.votes import EASE_MEAN

SUBJECTS, VOLUNTEERS, GOLD, EVERY, AUDIT = 3000, 300, 100, 3000, 0.05
SURE = 0.995  # at which the consensus alone retires a subject
WITH_MACHINE = (0.9, 0.95, 0.98, 0.995)  # that with the machine: it has said something before
EASE = EASE_MEAN - 0.2  # a little harder than usual, so that the baselines lie in their band
SIGNAL = 0.22  # of each measurement, in standard deviations, for an easy subject


def main() -> None:
    crowds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    rows: dict[str, list[tuple[float, ...]]] = {}
    for seed in range(1, crowds + 1):
        for name, told in one_crowd(seed).items():
            rows.setdefault(name, []).append(told)
            print(seed, name, " ".join(f"{each:.3f}" for each in told), flush=True)
    print(
        "\n| policy | votes a subject | right | machine alone | where people are alone |\n|---|---|---|---|---|"
    )
    mean = {name: np.array(each).mean(axis=0) for name, each in rows.items()}
    for name, (cost, right, machine, audit) in mean.items():
        print(f"| {name} | {cost:.2f} | {right:.3f} | {machine:.3f} | {audit:.3f} |")
    many, alone = mean["majority of 20"], mean[f"consensus alone, {SURE}"]
    print(f"baselines in band: {0.92 <= many[1] <= 0.95 and 8 <= alone[0] <= 10}")


def one_crowd(seed: int) -> dict[str, tuple[float, ...]]:
    crowd = make_crowd(VOLUNTEERS, seed=seed)
    subjects = make_subjects(SUBJECTS, seed=seed, ease_mean=EASE)
    rng = np.random.default_rng(seed)
    clear = subjects.ease / (1 + subjects.ease)
    seen = rng.normal(size=(SUBJECTS, 8)) + 2 * SIGNAL * (2 * subjects.truth - 1)[:, None] * clear[:, None]
    table = {f"m{at}": seen[:, at] for at in range(8)}

    def new() -> Traffic:
        return Traffic(crowd, subjects, seed=seed, n_gold=GOLD)

    return {
        "majority of 20": majority(new(), subjects.truth),
        f"consensus alone, {SURE}": consensus(new(), subjects.truth, None, SURE),
        **{
            f"consensus and machine, {sure}": consensus(new(), subjects.truth, table, sure)
            for sure in WITH_MACHINE
        },
    }


def majority(traffic: Traffic, truth: np.ndarray) -> tuple[float, ...]:
    tally, cost = np.zeros((SUBJECTS, 2)), 0
    for answer in traffic:
        cost += 1
        tally[answer.subject, answer.label] += 1
    right = (tally.argmax(axis=1) == truth)[GOLD:].mean()
    return cost / (SUBJECTS - GOLD), float(right), float("nan"), float("nan")


def consensus(
    traffic: Traffic, truth: np.ndarray, table: dict[str, np.ndarray] | None, sure: float
) -> tuple[float, ...]:
    """Votes a subject, share right, and that of the machine alone at the end, of all and of those that are people's."""
    task, counts, cost = OnlineTask(["0", "1"]), np.zeros((SUBJECTS, 2)), 0
    alone = np.random.default_rng(7).random(SUBJECTS) < AUDIT
    said = np.full((SUBJECTS, 2), np.nan)
    for answer in traffic:
        cost += 1
        if answer.gold:
            task.teach(answer.volunteer, str(truth[answer.subject]), str(answer.label))
        else:
            counts[answer.subject, answer.label] += 1
            task.apply(answer.subject, answer.volunteer, str(answer.label))
            if max(task.subjects[answer.subject].p) >= sure:
                traffic.retire(answer.subject)
        if table is not None and cost % EVERY == 0:
            said = told(table, counts, said)
            for subject in np.flatnonzero(~alone & ~np.isnan(said[:, 0])).tolist():
                task.priors[subject] = dict(zip(task.keys, clipped(said[subject].tolist()), strict=True))
    leads = np.array(
        [int(np.argmax(task.subjects[at].p)) if at in task.subjects else -1 for at in range(SUBJECTS)]
    )
    kept = np.arange(SUBJECTS) >= GOLD
    machine = said.argmax(axis=1) == truth if table is not None else np.full(SUBJECTS, np.nan)
    return (
        cost / kept.sum(),
        float((leads == truth)[kept].mean()),
        float(machine[kept].mean()),
        float(machine[kept & alone].mean()),
    )


def told(table: dict[str, np.ndarray], counts: np.ndarray, before: np.ndarray) -> np.ndarray:
    """[N, 2]: what a classifier trained on these votes says, never from a subject's own."""
    seen = np.flatnonzero(counts.sum(axis=1) > 0)
    raw = Table({name: each[seen] for name, each in table.items()}, {}, len(seen))
    try:
        made = Classifier.fit({"attributes": raw}, counts[seen], ["0", "1"], groups=[str(at) for at in seen])
    except ClassifierError:
        return before
    said = made.tell({"attributes": Table(table, {}, SUBJECTS)}).probabilities
    if made.crossfitted_ is not None:
        said[seen] = made.crossfitted_.probabilities
    return said


if __name__ == "__main__":
    main()
