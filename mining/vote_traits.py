"""The third part of THE SEAM (see frames.py): classifications as rows, with what is known of who gave each.

Loads polars: for jobs and commands, never for a web process. Nothing here is of one person alone: a level that fewer
than `LEAST_PEOPLE` have is put together with the other rare ones, or is not known.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mining.ballots import YES, choice_of, path_of, task_of
from mining.models import Merit, OnlineTask, OnlineVolunteer, Run
from mining.reports.matrices import square
from mining.science.coding import Codes
from mining.science.merit import mean_skill, skill
from mining.science.strata import quantile_strata
from projects.models import Classification, Volunteer
from projects.tasks.base import NONE

LEAST_PEOPLE = 10
NARROW, MIDDLE = 600, 1024  # px of the window: a telephone, a tablet
SO_FAR = (10, 50, 200)  # answers of the person on the workflow, this one among them
STEP = 5000
MOST_TAGS = 40  # of a task, the commonest
OTHER = "other"

Rows = NDArray[np.bool_]


@dataclass(frozen=True)
class Trait:
    """codes int32 [N] into levels, -1 where not known. numbers float64 [N]: for a mean over the votes on a subject."""

    levels: tuple[str, ...]
    codes: Codes
    numbers: NDArray[np.float64]


@dataclass(frozen=True)
class Given:
    """N classifications, in the order of the ledger. at: seconds since 1970. said: (task, answer key, of a choice and
    a tag its path) to the rows that say so; reached: task to the rows that came to it."""

    subject: NDArray[np.int64]
    volunteer: NDArray[np.int64]
    at: NDArray[np.float64]
    said: dict[tuple[str, str], NDArray[np.bool_]]
    reached: dict[str, NDArray[np.bool_]]
    traits: dict[str, Trait]

    def __len__(self) -> int:
        return len(self.subject)

    def take(self, rows: NDArray[np.bool_]) -> "Given":
        """Of these rows alone."""
        return Given(
            self.subject[rows], self.volunteer[rows], self.at[rows],
            {key: flag[rows] for key, flag in self.said.items()},
            {key: flag[rows] for key, flag in self.reached.items()},
            {
                key: replace(trait, codes=trait.codes[rows], numbers=trait.numbers[rows])
                for key, trait in self.traits.items()
            },
        )  # fmt: skip


def given_of(votes: pl.DataFrame, skills: dict[int, float], tagged: pl.DataFrame | None = None) -> Given:
    """votes: as mining.frames.votes_frame has them. skills: of persons, see `skills_of`. tagged: as
    mining.frames.tags_frame has them."""
    shared = ["classification", "subject", "volunteer", "at"]
    one = votes.unique("classification", keep="first", maintain_order=True)
    if tagged is not None and tagged.height:
        rows = pl.concat([one.select(shared), tagged.select(shared)])
        one = rows.unique("classification", keep="first").sort("at", "classification")
    row = dict(zip(one["classification"].to_list(), range(one.height), strict=True))
    at = votes["classification"].replace_strict(row, return_dtype=pl.Int64).to_numpy()
    paths = votes["task"].cast(pl.String).to_numpy()
    keys = votes["key"].cast(pl.String).to_numpy()
    said: dict[tuple[str, str], NDArray[np.bool_]] = {}
    reached: dict[str, NDArray[np.bool_]] = {}
    for path in dict.fromkeys(paths.tolist()):
        of_path, task = paths == path, task_of(path)
        reached.setdefault(task, np.zeros(one.height, dtype=bool))[at[of_path]] = True
        for key in dict.fromkeys(keys[of_path].tolist()):
            if key == NONE or (choice_of(path) is not None and key != YES):
                continue
            name = (task, key) if choice_of(path) is None else (task, path)
            said[name] = np.zeros(one.height, dtype=bool)
            said[name][at[of_path & (keys == key)]] = True
    if tagged is not None:
        _take_tags(tagged, row, said, reached)
    seconds = one["at"].dt.epoch("us").to_numpy() / 1e6
    traits = _traits(one, skills)
    return Given(one["subject"].to_numpy(), one["volunteer"].to_numpy(), seconds, said, reached, traits)


def _take_tags(
    tagged: pl.DataFrame, row: dict[int, int], said: dict[tuple[str, str], Rows], reached: dict[str, Rows]
) -> None:
    """The commonest tags of each task, under the path that a choice has. Those of few people are none: a list of them
    would be about these people."""
    for (task,), some in tagged.group_by("task", maintain_order=True):
        name = str(task)
        reached.setdefault(name, np.zeros(len(row), dtype=bool))[_places(some, row)] = True
        each = some.explode("tags").filter(pl.col("tags").is_not_null()).rename({"tags": "tag"})
        common = each.group_by("tag").agg(people=pl.col("volunteer").n_unique(), times=pl.len())
        common = common.filter(pl.col("people") >= LEAST_PEOPLE).sort(
            ["times", "tag"], descending=[True, False]
        )
        for word in common["tag"].head(MOST_TAGS).to_list():
            flag = np.zeros(len(row), dtype=bool)
            flag[_places(each.filter(pl.col("tag") == word), row)] = True
            said[name, path_of(name, word)] = flag


def _places(some: pl.DataFrame, row: dict[int, int]) -> NDArray[np.int64]:
    return np.array(
        [row[classification] for classification in some["classification"].to_list()], dtype=np.int64
    )


def skills_of(workflow_id: int, path: str, run: Run | None) -> dict[int, float]:
    """Person to skill on a question, by a run or by the online state."""
    if run is not None:
        return dict(Merit.objects.filter(run=run, task=path).values_list("volunteer_id", "skill"))
    task = OnlineTask.objects.filter(workflow=workflow_id, task=path).first()
    if task is None:
        return {}
    k = len(task.keys)
    mean, found = mean_skill(square(task.crowd, k)), {}
    rows = OnlineVolunteer.objects.filter(workflow=workflow_id, task=path)
    for person, counts in rows.values_list("volunteer_id", "counts").iterator():
        found[person] = float(skill(np.maximum(square(counts, k), 0.0), mean).value)
    return found


def _traits(one: pl.DataFrame, skills: dict[int, float]) -> dict[str, Trait]:
    people = one["volunteer"].to_numpy()
    n = one.select(pl.int_range(1, pl.len() + 1).over("volunteer").alias("n"))["n"].to_numpy()
    beside = _beside(one["classification"].to_list())
    signed_in, simulated = _people(np.unique(people).tolist())
    able = np.array([skills.get(person, np.nan) for person in people.tolist()], dtype=np.float64)
    width = np.array([_width(more) for more in beside], dtype=np.float64)
    language = [str(more[0] or "")[:35].partition("-")[0].lower() for more in beside]
    spoken = tuple(sorted(set(filter(None, language))))
    place = {name: at for at, name in enumerate(spoken)}
    tongue = np.array([place.get(name, -1) for name in language], dtype=np.int32)
    screen = np.where(np.isnan(width), -1, np.searchsorted((NARROW, MIDDLE), width, side="right"))
    found = {
        "experience": Trait(("10", "50", "200", "more"), _codes(np.searchsorted(SO_FAR, n)), np.log(n)),
        "account": _flag([person in signed_in for person in people.tolist()]),
        "simulated": _flag([person in simulated for person in people.tolist()]),
        "language": Trait(spoken, tongue, np.where(tongue < 0, np.nan, tongue == _commonest(tongue))),
        "screen": Trait(("narrow", "middle", "wide"), _codes(screen), np.where(np.isnan(width), np.nan, screen == 0)),
        "skill": Trait(("lowest", "middle", "highest"), quantile_strata(able, 3), able),
    }  # fmt: skip
    public = {name: _public(trait, people) for name, trait in found.items()}
    return {name: trait for name, trait in public.items() if len(set(trait.codes.tolist()) - {-1}) > 1}


def _public(trait: Trait, people: NDArray[np.int64]) -> Trait:
    """Levels of too few people are one, or are not known."""
    codes = np.where(trait.codes < 0, len(trait.levels), trait.codes)
    n = [len(np.unique(people[codes == at])) for at in range(len(trait.levels))]
    rare = np.array([*(each < LEAST_PEOPLE for each in n), False])[codes]
    kept = [at for at, each in enumerate(n) if each >= LEAST_PEOPLE]
    together = len(np.unique(people[rare])) >= LEAST_PEOPLE
    place = np.full(len(trait.levels) + 1, -1, dtype=np.int32)
    place[kept] = np.arange(len(kept))
    found = place[codes]
    found[rare] = len(kept) if together else -1
    levels = tuple(trait.levels[at] for at in kept) + ((OTHER,) if together else ())
    return replace(trait, levels=levels, codes=found, numbers=np.where(found < 0, np.nan, trait.numbers))


def _beside(classifications: list[int]) -> list[tuple[Any, Any]]:
    """(language, window) as each answer came with."""
    found: dict[int, tuple[Any, Any]] = {}
    for at in range(0, len(classifications), STEP):
        rows = Classification.objects.filter(pk__in=classifications[at : at + STEP])
        for pk, language, window in rows.values_list("pk", "metadata__language", "metadata__viewport"):
            found[pk] = language, window
    return [found.get(pk, (None, None)) for pk in classifications]


def _width(more: tuple[Any, Any]) -> float:
    """Pixels; a client may have sent anything."""
    window = more[1]
    width = window.get("width") if isinstance(window, dict) else None
    known = isinstance(width, (int, float)) and not isinstance(width, bool) and 0 < width < 1e5
    return float(width) if known and width is not None else float("nan")


def _people(people: list[int]) -> tuple[set[int], set[int]]:
    """Those who have an account by now, and those who are simulated."""
    rows: list[tuple[int, int | None, bool]] = []
    for at in range(0, len(people), STEP):
        some = Volunteer.objects.filter(pk__in=people[at : at + STEP])
        rows += some.values_list("pk", "account_id", "simulated")
    return {pk for pk, account, _ in rows if account is not None}, {
        pk for pk, _, simulated in rows if simulated
    }


def _codes(values: NDArray[Any]) -> Codes:
    return np.asarray(values, dtype=np.int32)


def _flag(values: list[bool]) -> Trait:
    flags = np.array(values, dtype=bool)
    return Trait(("no", "yes"), flags.astype(np.int32), flags.astype(np.float64))


def _commonest(codes: Codes) -> int:
    known = codes[codes >= 0]
    return int(np.bincount(known).argmax()) if len(known) else -1
