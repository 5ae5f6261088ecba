"""The project's colour is readable in both themes, whatever the team chose."""

import random
import re
from pathlib import Path

import pytest

from portal.pages import accent

TOKENS = (Path(accent.__file__).parents[2] / "static" / "css" / "tokens.css").read_text(encoding="utf-8")


def token(name: str) -> tuple[str, str]:
    """The light and the dark value of a token that is a pair of #rrggbb."""
    found = re.search(rf"--{name}: light-dark\((#\w{{6}}), (#\w{{6}})\);", TOKENS)
    assert found, name
    return found[1], found[2]


def test_contrast_black_on_white() -> None:
    assert accent.contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert accent.contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


def test_shades_any_colour_is_readable() -> None:
    colours = random.Random(7)
    for _ in range(300):
        colour = f"#{colours.randrange(1 << 24):06x}"
        for dark, grounds in ((False, accent.LIGHT_GROUNDS), (True, accent.DARK_GROUNDS)):
            shades = accent.shades(colour, dark)
            for ground in (*grounds, shades.soft):
                assert accent.contrast(shades.accent, ground) >= 4.5, (colour, ground)
            assert accent.contrast(shades.accent, shades.ink) >= 4.5, colour


def test_shades_readable_colour_stays_as_it_is() -> None:
    assert accent.shades("#0b5d45", dark=False).accent == "#0b5d45"


def test_stylesheet_sets_the_three_tokens() -> None:
    assert accent.stylesheet("zoo", "#000000") == (
        '[data-project="zoo"] {\n'
        "  --accent: light-dark(#000000, #8a8a8a);\n"
        "  --accent-ink: light-dark(#ffffff, #000000);\n"
        "  --accent-soft: light-dark(#e6e6e6, #1f2228);\n"
        "}\n"
    )


def test_grounds_are_those_of_the_tokens() -> None:
    pairs = [token("bg"), token("surface"), token("surface-2")]
    assert accent.LIGHT_GROUNDS == tuple(pair[0] for pair in pairs)
    assert accent.DARK_GROUNDS == tuple(pair[1] for pair in pairs)
    assert (accent.LIGHT_SURFACE, accent.DARK_SURFACE) == pairs[1]


@pytest.mark.parametrize("name", ["text", "muted", "accent", "good", "warn", "bad"])
def test_tokens_text_is_readable_on_every_ground(name: str) -> None:
    light, dark = token(name)
    assert min(accent.contrast(light, ground) for ground in accent.LIGHT_GROUNDS) >= 4.5
    assert min(accent.contrast(dark, ground) for ground in accent.DARK_GROUNDS) >= 4.5


@pytest.mark.parametrize("name", ["line-strong", "focus"])
def test_tokens_edges_are_visible_on_every_ground(name: str) -> None:
    light, dark = token(name)
    assert min(accent.contrast(light, ground) for ground in accent.LIGHT_GROUNDS) >= 3
    assert min(accent.contrast(dark, ground) for ground in accent.DARK_GROUNDS) >= 3
