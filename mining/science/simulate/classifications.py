"""Whole classifications: volunteers who walk a workflow's decision tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from mining.science.confusion import Array
from mining.science.consensus.tree import ONE, next_task
from mining.science.simulate.crowd import Crowd, answer_chances
from mining.science.simulate.drawers import draw
from mining.science.simulate.highlighters import highlight
from mining.science.simulate.measurers import measure
from mining.science.simulate.observers import look_at
from mining.science.simulate.readers import read_line
from mining.science.simulate.taggers import tag
from mining.science.simulate.votes import EASE_MEAN, EASE_SIGMA

DRAWN = ("drawing", "transcription")
LETTERS_A_STEP = 3  # letters that are written in the time of one answer

# The true answer of a task on a subject (by index): a key, for a multiple task a list of keys, for a text task the
# text, for a number task the number, for tags a list of them, for a drawing {"width", "height", "marks"} (drawers.py),
# for a highlighter {"text", "spans"} (highlighters.py), for a survey {choice: answers} (observers.py), None where the
# question makes no sense (a task off the true path); then every answer is as likely as another, of a text nothing can
# be read, and nothing is drawn, marked or found.
TrueAnswer = str | float | Sequence[str] | Mapping[str, Any] | None
Truth = Callable[[int, str], TrueAnswer] | Mapping[str, Sequence[TrueAnswer]]


class SimulatedClassification(NamedTuple):
    """volunteer, subject: indices; annotations in the order answered; seconds spent on it."""

    volunteer: int
    subject: int
    annotations: list[dict[str, Any]]
    seconds: float


class Walker:
    """Lets a crowd classify `n_subjects` subjects along a workflow definition.

    definition : {"first_task": ..., "tasks": {key: {"kind": "single" | "multiple" | "text" | "number" | "dropdown"
                 | "drawing" | "tags" | "transcription" | "highlighter" | "survey",
                 "answers": [{"key", "next"}], "next"}}}
    truth      : callable (subject, task) -> answer, or table {task: answer by subject}; see `Truth`
    ease       : float64 [n_subjects], odds of the median volunteer to be right on an answer; drawn where not given
    wear       : {text task: for each subject the wear of each letter of its text, 0 to 1, or None}; what is not
                 there is as `readers.WEAR_UNKNOWN`. Texts are read as `readers` says; ease and bias don't matter.

    What a volunteer says of a subject depends on the seed and the two of them, not on the order of calls.
    """

    def __init__(
        self,
        definition: Mapping[str, Any],
        truth: Truth,
        crowd: Crowd,
        n_subjects: int,
        *,
        seed: int,
        ease: Array | None = None,
        wear: Mapping[str, Sequence[Sequence[float] | None]] | None = None,
    ) -> None:
        if ease is None:
            ease = np.random.default_rng([seed, n_subjects]).lognormal(EASE_MEAN, EASE_SIGMA, n_subjects)
        if ease.shape != (n_subjects,) or not (ease > 0).all():
            raise ValueError(f"ease must be {n_subjects} numbers above 0")
        self.definition, self.crowd, self.n_subjects, self.seed, self.ease = (
            definition,
            crowd,
            n_subjects,
            seed,
            ease,
        )
        self._truth = truth
        self._wear = wear or {}

    def classify(self, volunteer: int, subject: int) -> SimulatedClassification:
        """One classification. A task is answered once, whatever the tree."""
        rng = np.random.default_rng([self.seed, volunteer, subject])
        annotations: list[dict[str, Any]] = []
        task: str | None = self.definition["first_task"]
        while task is not None:
            body = self.definition["tasks"][task]
            value = self._answer(rng, volunteer, subject, task, offered(body, annotations))
            annotations.append({"task": task, "value": value})
            task = next_task(body, value)
            if any(done["task"] == task for done in annotations):
                raise ValueError(f"the tree comes back to task {task!r}")
        tasks = self.definition["tasks"]
        steps = [_steps(done["value"], tasks[done["task"]]) for done in annotations]
        spent = self.crowd.pace[volunteer] * rng.lognormal(0.0, 0.5, len(annotations)) * np.array(steps)
        return SimulatedClassification(volunteer, subject, annotations, float(spent.sum()))

    def classifications(self, per_subject: int | npt.NDArray[np.int64]) -> Iterator[SimulatedClassification]:
        """`per_subject` classifications of each subject (one number, or [n_subjects]), in a mixed order, each
        by different volunteers, the active ones more often."""
        wanted = np.broadcast_to(np.asarray(per_subject), (self.n_subjects,))
        if wanted.max(initial=0) > len(self.crowd):
            raise ValueError(f"{wanted.max()} classifications a subject need as many volunteers")
        rng = np.random.default_rng([self.seed, self.n_subjects, len(self.crowd)])
        noise = rng.gumbel(size=(self.n_subjects, len(self.crowd)))
        ranked = np.argsort(-(np.log(self.crowd.activity) + noise), axis=1)
        subjects = np.repeat(np.arange(self.n_subjects), wanted)
        volunteers = (
            np.concatenate([ranked[i, :n] for i, n in enumerate(wanted)]) if len(wanted) else subjects
        )
        for at in rng.permutation(len(subjects)):
            yield self.classify(int(volunteers[at]), int(subjects[at]))

    def truth(self, subject: int, task: str) -> TrueAnswer:
        if callable(self._truth):
            return self._truth(subject, task)
        return self._truth[task][subject]

    def _answer(
        self, rng: np.random.Generator, volunteer: int, subject: int, task: str, body: Mapping[str, Any]
    ) -> Any:
        if body["kind"] == "text":
            return self._text(rng, volunteer, subject, task, body)
        true = self.truth(subject, task)
        if body["kind"] in DRAWN:
            return self._drawing(rng, volunteer, task, true, body)
        if body["kind"] == "number":
            return self._number(rng, volunteer, task, true, body)
        if body["kind"] == "tags":
            return self._tags(rng, volunteer, task, true, body)
        if body["kind"] == "highlighter":
            return self._spans(rng, volunteer, task, true, body)
        if body["kind"] == "survey":
            return self._sightings(rng, volunteer, subject, task, true, body)
        if isinstance(true, (int, float, Mapping)):
            raise ValueError(f"task {task!r}: the truth of a choice is a key, not {true!r}")
        keys = [answer["key"] for answer in body["answers"]]
        if body["kind"] == "multiple":
            return self._several(rng, volunteer, subject, task, keys, set() if true is None else set(true))
        if body["kind"] not in ONE:
            raise ValueError(f"task {task!r} is of kind {body['kind']!r}; it is none that is simulated")
        if not keys:
            return None
        if true is None or (true not in keys and "depends_on" in body):  # what is true is not offered
            return str(keys[int(rng.integers(len(keys)))])
        self._check(task, keys, {true})
        return str(keys[self._choose(rng, volunteer, subject, len(keys), keys.index(true))])

    def _several(
        self,
        rng: np.random.Generator,
        volunteer: int,
        subject: int,
        task: str,
        keys: Sequence[str],
        right: set[str],
    ) -> list[str]:
        """Those ticked. What is not there is easily left unticked: the more choices, the less likely a false tick."""
        self._check(task, keys, right)
        easier = {key: 1.0 if key in right else float(len(keys)) for key in keys}
        said = [self._choose(rng, volunteer, subject, 2, int(key in right), easier[key]) for key in keys]
        return [key for key, yes in zip(keys, said, strict=True) if yes]

    def _sightings(
        self,
        rng: np.random.Generator,
        volunteer: int,
        subject: int,
        task: str,
        true: TrueAnswer,
        body: Mapping[str, Any],
    ) -> list[dict[str, Any]]:
        if true is not None and not isinstance(true, Mapping):
            raise ValueError(f"task {task!r}: the truth of a survey is choices with answers, not {true!r}")
        there = true or {}
        keys = [choice["key"] for choice in body["answers"]]
        seen = self._several(rng, volunteer, subject, task, keys, set(there))
        return look_at(seen, there, rng, skill=float(self.crowd.skill[volunteer]), body=body)

    def _text(
        self, rng: np.random.Generator, volunteer: int, subject: int, task: str, body: Mapping[str, Any]
    ) -> str:
        true, unclear = self.truth(subject, task), body.get("unclear", "?")
        if true is None:
            return str(unclear)
        if not isinstance(true, str):
            raise ValueError(f"task {task!r}: the truth of a text is a text, not {true!r}")
        return read_line(
            true,
            rng,
            skill=float(self.crowd.skill[volunteer]),
            careless=bool(self.crowd.careless[volunteer]),
            wear=self._wear[task][subject] if task in self._wear else None,
            unclear=str(unclear),
        )

    def _number(
        self, rng: np.random.Generator, volunteer: int, task: str, true: TrueAnswer, body: Mapping[str, Any]
    ) -> float:
        if true is not None and not isinstance(true, (int, float)):
            raise ValueError(f"task {task!r}: the truth of a number is a number, not {true!r}")
        return measure(
            true,
            rng,
            skill=float(self.crowd.skill[volunteer]),
            tilt=float(np.random.default_rng([self.seed, volunteer, *task.encode()]).normal()),
            careless=bool(self.crowd.careless[volunteer]),
            low=float(body["min"]),
            high=float(body["max"]),
            step=body.get("step"),
        )

    def _drawing(
        self, rng: np.random.Generator, volunteer: int, task: str, true: TrueAnswer, body: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        if true is not None and not isinstance(true, Mapping):
            raise ValueError(f"task {task!r}: the truth of a drawing is a size with marks, not {true!r}")
        return draw(
            true,
            rng,
            skill=float(self.crowd.skill[volunteer]),
            careless=bool(self.crowd.careless[volunteer]),
            tools=body["tools"] if body["kind"] == "drawing" else [line_of(body)],
        )

    def _tags(
        self, rng: np.random.Generator, volunteer: int, task: str, true: TrueAnswer, body: Mapping[str, Any]
    ) -> list[str]:
        if isinstance(true, (str, int, float, Mapping)):
            raise ValueError(f"task {task!r}: the truth of tags is a list of them, not {true!r}")
        return tag(
            true or (),
            rng,
            skill=float(self.crowd.skill[volunteer]),
            careless=bool(self.crowd.careless[volunteer]),
            suggestions=body.get("suggestions", ()),
            most=int(body.get("max", 10)),
        )

    def _spans(
        self, rng: np.random.Generator, volunteer: int, task: str, true: TrueAnswer, body: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        if true is not None and not isinstance(true, Mapping):
            raise ValueError(f"task {task!r}: the truth of a highlighter is a text with spans, not {true!r}")
        return highlight(
            true or {"text": "", "spans": []},
            rng,
            skill=float(self.crowd.skill[volunteer]),
            careless=bool(self.crowd.careless[volunteer]),
            labels=[label["key"] for label in body["labels"]],
            most=int(body.get("max", 50)),
        )

    def _check(self, task: str, keys: Sequence[str], true: set[Any]) -> None:
        if not true <= set(keys):
            raise ValueError(f"task {task!r}: the truth {sorted(true)} is not among its answers {keys}")

    def _choose(
        self, rng: np.random.Generator, volunteer: int, subject: int, k: int, true: int, easier: float = 1.0
    ) -> int:
        """Index of the answer taken; `easier` multiplies the subject's ease. The lure is the next answer in the list:
        neighbours in a list look alike."""
        chances = answer_chances(
            self.crowd,
            np.array([volunteer]),
            np.array([true]),
            self.ease[[subject]] * easier,
            np.array([(true + 1) % k]),
            k,
        )[0]
        return min(int(np.searchsorted(np.cumsum(chances), rng.random(), side="right")), k - 1)


def line_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """The tool of a transcription: a line that is asked for its text."""
    writing = {"kind": "text", "unclear": body.get("unclear", "?")}
    return {"key": "line", "shape": "line", "max": body.get("max", 60), "details": [writing]}


def offered(body: Mapping[str, Any], annotations: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The task with those of its answers that are offered after these."""
    if body.get("depends_on") is None:
        return body
    above = next((done["value"] for done in annotations if done["task"] == body["depends_on"]), None)
    return {
        **body,
        "answers": [each for each in body["answers"] if not each.get("of") or above in each["of"]],
    }


def _steps(value: Any, body: Mapping[str, Any]) -> float:
    """How many answers' time this one takes; each mark takes that of one."""
    if body["kind"] in DRAWN:
        texts = [text for mark in value for text in mark["details"] if isinstance(text, str)]
        return 1.0 + len(value) + (len("".join(texts)) / LETTERS_A_STEP if body["kind"] != "drawing" else 0.0)
    if body["kind"] in ("highlighter", "survey"):
        return 1.0 + len(value)
    return max(1.0, len(str(value)) / LETTERS_A_STEP) if body["kind"] == "text" else 1.0
