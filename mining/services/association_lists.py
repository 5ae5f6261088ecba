"""What a run on associations compares: flags of votes, of who gave them, of subjects, with what may confound them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mining.ballots import YES, choice_of, paths_of, task_of
from mining.models import Run
from mining.science.associations import Flags, Pair, associations
from mining.science.attributes.columns import Categories, Column, Note
from mining.science.attributes.table import attribute_table
from mining.science.coding import Codes
from mining.science.strata import all_strata, quantile_strata, sky_strata
from mining.subject_frames import attributes_of, said_of
from mining.vote_traits import OTHER, Given
from projects.exports.catalogue import all_tasks
from projects.models import Workflow
from projects.services import get_version
from projects.tasks.tags import TAGS

LEAST = 5
"""Rows on which a flag is set, and on which it is not, so that it is compared."""

MOST_ATTRIBUTES = 30
FEW = 4
"""Different values up to which a number is taken as categories; levels of a category, the commonest."""

QUARTERS = (0.25, 0.75)
ENOUGH, A_THIRD = 2, 1 / 3
"""People who gave a subject a tag, at least so many and such a share of those who were asked, so that it has it: less
than half, since nobody is asked whether each tag fits."""

LIKELY = 0.5
"""Probability of an answer from which a subject has it."""

Flag = tuple[str, str, str]
"""(answer, task, key, of a choice and a tag its path) or (attribute, key, level) or (trait, name, level)."""

Source = tuple[str, str]
Rows = NDArray[np.bool_]
Sky = dict[int, tuple[float, float]]


@dataclass(frozen=True)
class Compared:
    """One list. unit: what a row is. rare: flags that too few rows have, or too few have not."""

    name: str
    unit: str
    rows: int
    flags: tuple[Flag, ...]
    rare: int
    pairs: tuple[Pair, ...]


def of_votes(given: Given, sky: Sky, seed: int) -> list[Compared]:
    """Answers of one person on one subject with each other, and with who gives them. Neither votes of one volunteer nor
    those on one subject are independent."""
    subjects, subject = np.unique(given.subject, return_inverse=True)
    people = np.unique(given.volunteer, return_inverse=True)[1].astype(np.int32)
    beside = {"subject": subject.astype(np.int32), "time": quantile_strata(given.at)}
    if sky:
        beside["sky"] = _cells(subjects.tolist(), sky)[subject]
    beside |= {name: trait.codes for name, trait in given.traits.items()}
    if len(given.traits) > 1:
        beside["who"] = all_strata((trait.codes for trait in given.traits.values()), len(given))
    answers: dict[Flag, Rows] = {("answer", *name): flag for name, flag in given.said.items()}
    traits: dict[Flag, Rows] = {
        ("trait", name, level): trait.codes == at
        for name, trait in given.traits.items()
        for at, level in enumerate(trait.levels)
        if level != OTHER
    }
    known = {("answer", task): rows for task, rows in given.reached.items()}
    known |= {("trait", name): trait.codes >= 0 for name, trait in given.traits.items()}
    clusters = (people, beside["subject"])
    return [
        _compare("votes", "votes", answers, {}, known, beside, clusters, seed),
        _compare("traits", "votes", answers, traits, known, beside, clusters, seed),
    ]


def of_subjects(
    workflow: Workflow, run: Run | None, given: Given, sky: Sky, *, with_open: bool, seed: int
) -> tuple[Compared, list[Note], list[Note], dict[str, list[float]]]:
    """Consensus and catalogue attributes with each other; notes on what is to be careful with, and on what was left
    out; attribute to its quartiles."""
    subjects, at = np.unique(given.subject, return_inverse=True)
    flags, known = _answers(workflow, run, subjects.tolist(), with_open)
    for task, tags in _tags(workflow, given, at, len(subjects)):
        known.setdefault(("answer", task), np.bincount(at[given.reached[task]], minlength=len(subjects)) > 0)
        flags |= tags
    frame, notes = attributes_of(workflow, subjects.tolist())
    table = attribute_table(frame) if frame.width else None
    columns = list(table.columns) if table else []
    left = list(table.left_out) if table else []
    left += [Note("beyond", column.name) for column in columns[MOST_ATTRIBUTES:]]
    quartiles: dict[str, list[float]] = {}
    for column in columns[:MOST_ATTRIBUTES]:
        known["attribute", column.name] = ~column.missing
        flags |= _levels(column, quartiles)
    beside = {"time": quantile_strata(_means(given.at, at, len(subjects)))}
    if sky:
        beside["sky"] = _cells(subjects.tolist(), sky)
    means = {name: _means(trait.numbers, at, len(subjects)) for name, trait in given.traits.items()}
    beside |= {name: quantile_strata(mean, 5) for name, mean in means.items()}
    if len(means) > 1:
        beside["who"] = all_strata((quantile_strata(mean, 2) for mean in means.values()), len(subjects))
    found = _compare("subjects", "subjects", flags, {}, known, beside, (), seed)
    return found, [*notes, *(table.warnings if table else ())], left, quartiles


def _answers(
    workflow: Workflow, run: Run | None, subjects: list[int], with_open: bool
) -> tuple[dict[Flag, Rows], dict[Source, Rows]]:
    flags: dict[Flag, Rows] = {}
    known: dict[Source, Rows] = {}
    place = {subject: at for at, subject in enumerate(subjects)}
    if workflow.published_id is None:
        return flags, known
    definition = get_version(workflow.published_id).definition
    asked = [name for name, task in definition.tasks.items() if task.choices]
    for path in (path for name in asked for path in paths_of(definition, name)):
        said = said_of(workflow, path, run, with_open=with_open)
        rows = np.array([place.get(subject, -1) for subject in said.subjects], dtype=np.int64)
        here, task = rows >= 0, task_of(path)
        reached = known.setdefault(("answer", task), np.zeros(len(subjects), dtype=bool))
        reached[rows[here]] = True
        for at, key in enumerate(said.classes):
            if choice_of(path) is not None and key != YES:
                continue
            flag = np.zeros(len(subjects), dtype=bool)
            flag[rows[here]] = said.shares[here, at] >= LIKELY
            flags["answer", task, key if choice_of(path) is None else path] = flag
    return flags, known


def _tags(
    workflow: Workflow, given: Given, at: NDArray[np.int64], n: int
) -> Iterator[tuple[str, dict[Flag, Rows]]]:
    """Of each task of kind tags, the subjects that have each of the tags of `given`."""
    for task, body in all_tasks(workflow).items():
        if body.kind != TAGS or task not in given.reached:
            continue
        least = np.maximum(A_THIRD * np.bincount(at[given.reached[task]], minlength=n), ENOUGH)
        tags = [(key, rows) for (of, key), rows in given.said.items() if of == task]
        yield (
            task,
            {("answer", task, key): np.bincount(at[rows], minlength=n) >= least for key, rows in tags},
        )


def _levels(column: Column, quartiles: dict[str, list[float]]) -> dict[Flag, Rows]:
    """The lowest and the highest quarter of a number; the commonest levels of a category."""
    if isinstance(column, Categories):
        counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.levels))
        common = np.argsort(-counts, kind="stable")[:FEW].tolist()
        return {("attribute", column.name, column.levels[at]): column.codes == at for at in sorted(common)}
    values = column.values
    different = np.unique(values[~np.isnan(values)])
    if len(different) <= FEW:
        return {("attribute", column.name, f"{value:g}"): values == value for value in different.tolist()}
    low, high = np.nanquantile(values, QUARTERS).tolist()
    quartiles[column.name] = [low, high]
    return {
        ("attribute", column.name, "lowest"): values <= low,
        ("attribute", column.name, "highest"): values >= high,
    }


def _compare(
    name: str,
    unit: str,
    flags: dict[Flag, Rows],
    others: dict[Flag, Rows],
    known: dict[Source, Rows],
    beside: dict[str, Codes],
    clusters: tuple[Codes, ...],
    seed: int,
) -> Compared:
    """All pairs of flags of two sources, or where there are others each with each of those. Confounders that do not
    vary are none."""
    everything = list((flags | others).items())
    kept = [(flag, column) for flag, column in everything if LEAST <= column.sum() <= len(column) - LEAST]
    n = len(next(iter(flags.values()))) if flags else 0
    matrix = np.column_stack([column for _flag, column in kept]) if kept else np.empty((n, 0), dtype=bool)
    sources = [source(flag) for flag, _column in kept]
    where = {source(flag): known[flag[:2]] for flag, _column in kept if flag[:2] in known}
    given = Flags(matrix, [str(at) for at in range(len(kept))], sources, where)
    pairs = given.pairs()
    if others:
        pairs = [(a, b) for a, b in pairs if (kept[a][0] in others) != (kept[b][0] in others)]
    confounders = {key: codes for key, codes in beside.items() if len(np.unique(codes[codes >= 0])) > 1}
    found = associations(given, pairs=pairs, confounders=confounders, clusters=clusters, seed=seed)
    return Compared(name, unit, n, tuple(flag for flag, _ in kept), len(everything) - len(kept), found)


def source(flag: Flag) -> str:
    """Answers of one task exclude each other, but choices of one task may be ticked together."""
    kind, name, level = flag
    return f"{kind} {level if kind == 'answer' and choice_of(level) is not None else name}"


def _cells(subjects: list[int], sky: Sky) -> Codes:
    places = np.array([sky.get(subject, (np.nan, np.nan)) for subject in subjects]).reshape(-1, 2)
    return sky_strata(places[:, 0], places[:, 1])


def _means(values: NDArray[np.float64], at: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    """Of each subject over the votes that have it; NaN without."""
    there = ~np.isnan(values)
    counts = np.bincount(at[there], minlength=n)
    sums = np.bincount(at[there], weights=values[there], minlength=n)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
