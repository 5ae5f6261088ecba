"""Listings put together from the hand-written parts in data/*.yaml. The same seed gives the same listings.

A listing's verdict is known because of how it was made: from a thing that the rules restrict or forbid, with the marks
of a fraud, or with nothing in it to judge.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

DATA = Path(__file__).parent / "data"
COLOURS = {
    "red": "#b5483a",
    "blue": "#2f6f8f",
    "green": "#4f8a5b",
    "ochre": "#c58a2b",
    "violet": "#6c4f8f",
    "grey": "#56616c",
    "rose": "#a34d6b",
    "olive": "#7a8f3a",
    "teal": "#2a7f7a",
    "brown": "#8a5a3a",
}


@dataclass(frozen=True)
class Listing:
    """One item for sale. usual: what such things cost, euros, from and to; seller_days: since the seller joined.
    lures: which words of a fraud's text give it away, and how: (label, first letter, the letter after the last)."""

    verdict: str
    drawing: str
    colour: str
    alt: str
    category: str
    title: str
    text: str
    price: int
    usual: tuple[int, int]
    seller: str
    seller_days: int
    seller_listings: int
    country: str
    lures: tuple[tuple[str, int, int], ...] = ()


def compose(seed: int) -> list[Listing]:
    """All listings, in random order."""
    rng = np.random.default_rng(seed)
    people, doubtful, everyday = _read("people"), _read("doubtful"), _read("everyday")
    made: list[Listing] = []
    for thing in everyday:
        made += _of_thing(thing, "no_restrictions", thing["count"], people, rng)
    for verdict, things in _read("ruled").items():
        for thing in things:
            made += _of_thing(thing, verdict, thing["count"], people, rng)
    errors = _errors(doubtful["errors"], made, rng)
    made += [*_frauds(doubtful["fraud"], everyday, people, rng), *errors]
    return [made[at] for at in rng.permutation(len(made))]


def _read(name: str) -> Any:
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


def _in_turn(parts: list[str], rng: np.random.Generator) -> Iterator[str]:
    """Every part once in random order, then again, so that neighbours differ."""
    while True:
        yield from (parts[at] for at in rng.permutation(len(parts)))


def _of_thing(
    thing: dict[str, Any], verdict: str, count: int, people: dict[str, Any], rng: np.random.Generator
) -> list[Listing]:
    titles, texts = _in_turn(thing["titles"], rng), _in_turn(thing["texts"], rng)
    details, endings = _in_turn(thing.get("details", [""]), rng), _in_turn(people["endings"], rng)
    made = []
    for _ in range(count):
        colour = str(rng.choice(sorted(COLOURS)))
        words = {"colour": colour, "Colour": colour.capitalize(), "n": int(rng.integers(3, 10))}
        low, high = thing["usual"]
        sentences = [next(texts), next(details), next(endings)]
        made.append(
            Listing(
                verdict=verdict,
                drawing=thing["drawing"],
                colour=COLOURS[colour],
                alt=thing["alt"],
                category=thing["category"],
                title=next(titles).format(**words),
                text=" ".join(each for each in sentences if each).format(**words),
                price=int(rng.integers(low, high + 1)),
                usual=(low, high),
                seller=str(rng.choice(people["sellers"])),
                seller_days=int(rng.integers(60, 3000)),
                seller_listings=int(rng.integers(1, 60)),
                country=str(rng.choice(people["countries"])),
            )
        )
    return made


def _frauds(
    parts: dict[str, Any], everyday: list[dict[str, Any]], people: dict[str, Any], rng: np.random.Generator
) -> list[Listing]:
    """Ordinary things far too cheap, from new sellers, with two of the sentences that give it away."""
    things = [thing for thing in everyday if thing["drawing"] in parts["of"]] + parts["more"]
    share = parts["share"]
    made = []
    for at in range(parts["count"]):
        thing = things[at % len(things)]
        (honest,) = _of_thing(thing, "suspected_fraud", 1, people | {"endings": [""]}, rng)
        hooks = [str(hook) for hook in rng.choice(parts["hooks"], 2, replace=False)]
        kinds = [parts["lures"][parts["hooks"].index(hook)] for hook in hooks]
        first = f"{honest.text.split('. ')[0].rstrip('.')}. "
        n = int(rng.integers(3, 10))
        said = [hook.format(n=n) for hook in hooks]
        second = len(first) + len(said[0]) + 1
        mean = sum(honest.usual) / 2
        made.append(
            replace(
                honest,
                text=first + " ".join(said),
                lures=(
                    (kinds[0], len(first), len(first) + len(said[0])),
                    (kinds[1], second, second + len(said[1])),
                ),
                price=max(1, round(mean * float(rng.uniform(*share)))),
                seller=str(rng.choice(parts["sellers"])),
                seller_days=int(rng.integers(0, 12)),
                seller_listings=int(rng.integers(20, 200)),
            )
        )
    return made


def _errors(parts: dict[str, Any], others: list[Listing], rng: np.random.Generator) -> list[Listing]:
    """Listings of ordinary sellers that reached the volunteers broken."""
    words = {"title": "{title}", "text": "{text}"}
    made = []
    for at in range(parts["count"]):
        form = parts["forms"][at % len(parts["forms"])]
        sound = others[int(rng.integers(len(others)))]
        words["n"] = str(int(rng.integers(3, 10)))
        made.append(
            replace(
                sound,
                verdict="task_error",
                drawing=form["drawing"],
                alt=form["alt"],
                category="unknown",
                title=form["title"].format(**words),
                text=form["text"].format(**words),
            )
        )
    return made
