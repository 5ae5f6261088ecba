"""dropdown: online the most chosen, all volunteers alike; in a run it is learnt who knows."""

from collections.abc import Mapping

import numpy as np

from mining.kinds.found import Found
from mining.science.confusion import Array
from mining.science.consensus.options import OptionCrowd, shares
from mining.science.uncertainty import undecided_by_votes
from mining.sheet import Sheet
from projects.tasks.dropdown import DropdownTask


def online(sheet: Sheet, task: DropdownTask) -> Found:
    keys = list(_chosen(sheet, task).values())
    if not keys:
        return Found(None, 0.0, 0.0)
    found = shares(keys)
    told = {"key": found.key, "shares": [[key, round(share, 4)] for key, share in found.shares]}
    return Found(told, found.dispersion, float(len(keys)))


def batch(sheets: Mapping[int, tuple[Sheet, DropdownTask]]) -> dict[int, Found]:
    """key, probability: the model's; shares and dispersion as online. undecided: where the key does not stand out among
    the votes, each weighed by how often its volunteer knows."""
    given = {subject: some for subject, pair in sheets.items() if (some := _chosen(*pair))}
    if not given:
        return {}
    subjects = list(given)
    people = {person: at for at, person in enumerate(sorted({who for of in given.values() for who in of}))}
    keys = sorted({key for of in given.values() for key in of.values()})
    code = {key: at for at, key in enumerate(keys)}
    votes = [
        (item, people[who], code[key]) for item, s in enumerate(subjects) for who, key in given[s].items()
    ]
    item, volunteer, option = (np.array(column, dtype=np.int32) for column in zip(*votes, strict=True))
    most = max(len(task.answers) for _, task in sheets.values())
    fitted = OptionCrowd(options=max(most, len(keys))).fit(item, volunteer, option)
    probabilities: dict[int, dict[str, float]] = {}
    for at, which, p in zip(fitted.item.tolist(), fitted.option.tolist(), fitted.p.tolist(), strict=True):
        probabilities.setdefault(subjects[at], {})[keys[which]] = p
    found = {}
    for subject, of in given.items():
        plain, p_of = online(*sheets[subject]), probabilities[subject]
        key = min(p_of, key=lambda each: (-p_of[each], each))
        weights = fitted.knows[[people[who] for who in of]]
        effective = float(weights.sum() ** 2 / (weights**2).sum())
        found[subject] = Found(
            {**(plain.value or {}), "key": key},
            plain.dispersion,
            effective,
            key=key,
            probability=p_of[key],
            probabilities=p_of,
            undecided=_undecided(list(of.values()), weights, effective, key),
        )
    return found


def _undecided(chosen: list[str], weights: Array, effective: float, key: str) -> bool:
    """Of the options that somebody chose, and one that nobody did, so that a lone voice is undecided too."""
    options = sorted(set(chosen))
    tallies = np.zeros((1, len(options) + 1))
    for option, weight in zip(chosen, weights, strict=True):
        tallies[0, options.index(option)] += weight
    leads = np.array([options.index(key)], dtype=np.int32)
    return bool(undecided_by_votes(tallies, np.array([effective]), leads)[0])


def _chosen(sheet: Sheet, task: DropdownTask) -> dict[int, str]:
    """By person. What an earlier version asked for, when the task was of another kind or had other options, is left
    out."""
    offered = set(task.answer_keys)
    return {person: text for person, text in zip(sheet.writers, sheet.texts, strict=True) if text in offered}
