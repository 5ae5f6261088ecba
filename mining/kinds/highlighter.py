"""highlighter: spans that at least half of those asked marked, all alike; a run comes to the same."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from mining.kinds.found import Found
from mining.science.consensus.spans import runs, together
from mining.science.uncertainty import bits_of_yes
from mining.sheet import Sheet
from projects.tasks.highlighter import HighlighterTask, Span, in_order, merged

MOST_KEPT = 300
"""Spans of a subject that are kept, from the beginning of its text."""


def online(sheet: Sheet, task: HighlighterTask) -> Found:
    """value: {"asked": how many looked, "spans": [{"label", "start", "end", "text", "n": how many marked it, "share",
    "low", "high": of those asked, with its 95 % interval, "start_off", "end_off": how far their edges are from these,
    in letters on average}] in the order of the text, "left_out": spans that were too many to keep, "other_text": marks
    whose words are none of the text that most have marked, as it is where the metadata were changed meanwhile}."""
    if not sheet.asked:
        return Found(None, 0.0, 0.0)
    labels = [label.key for label in task.labels]
    given = [_spans(text, labels) for text in sheet.texts]
    signs = _signs(given)
    own = [[span for span in spans if _says(span, signs)] for spans in given]
    found: list[Span] = []
    marked: list[int] = []
    for key in labels:
        people = [of for spans in own if (of := [(s["start"], s["end"]) for s in spans if s["label"] == key])]
        marked += [run.n for run in runs(people) for _ in range(run.end - run.start)]
        for span in together(people, sheet.asked):
            words = "".join(signs[at] for at in range(span.start, span.end))
            found.append({"label": key, **_rounded(span._asdict()), "text": words})
    found = in_order(found, labels)
    value = {
        "asked": sheet.asked,
        "spans": found[:MOST_KEPT],
        "left_out": max(0, len(found) - MOST_KEPT),
        "other_text": sum(map(len, given)) - sum(map(len, own)),
    }
    return Found(value, bits_of_yes(marked, sheet.asked), float(sheet.asked))


def batch(sheets: Mapping[int, tuple[Sheet, HighlighterTask]]) -> dict[int, Found]:
    return {subject: online(sheet, task) for subject, (sheet, task) in sheets.items()}


def _spans(text: str, labels: Sequence[str]) -> list[Span]:
    """Of a sheet's text. What an earlier version asked for, with other labels or when the task was of another kind, is
    left out."""
    try:
        given = json.loads(text)
    except ValueError:
        return []
    spans = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    return merged([span for span in spans if span.get("label") in labels and "start" in span], labels)


def _signs(given: Sequence[Sequence[Span]]) -> dict[int, str]:
    """The letter at each place that somebody marked: the one that most have there, the first of equal ones."""
    seen: dict[int, Counter[str]] = {}
    for spans in given:
        for span in spans:
            for at, sign in enumerate(span["text"], span["start"]):
                seen.setdefault(at, Counter())[sign] += 1
    return {at: min(signs, key=lambda sign: (-signs[sign], sign)) for at, signs in seen.items()}


def _says(span: Span, signs: Mapping[int, str]) -> bool:
    return all(signs[at] == sign for at, sign in enumerate(span["text"], span["start"]))


def _rounded(numbers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: round(each, 4) if isinstance(each, float) else each for name, each in numbers.items()}
