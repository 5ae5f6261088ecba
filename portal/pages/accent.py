"""A project's one colour, made readable in both themes. Pure.

The team gives any #rrggbb. As text and as a button it must hold 4.5:1 (WCAG 2.2, 1.4.3) against every ground of the
theme, so it is mixed with black (light theme) or white (dark theme) in steps of 2 % until it does.
Grounds are those of static/css/tokens.css; a test keeps the two in step.
"""

from dataclasses import dataclass

WANTED = 4.5
LIGHT_GROUNDS = ("#f6f7f9", "#ffffff", "#eceff3")
DARK_GROUNDS = ("#0b0d12", "#13161d", "#1b1f28")
LIGHT_SURFACE, DARK_SURFACE = "#ffffff", "#13161d"

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Shades:
    """The accent, the ink on it, and the soft ground of it, in one theme."""

    accent: str
    ink: str
    soft: str


def rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2, 0 (black) to 1 (white)."""
    linear = []
    for channel in rgb(colour):
        value = channel / 255
        linear.append(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """`share` of `other` in `colour`, channel by channel in sRGB."""
    mixed = (round(a + (b - a) * share) for a, b in zip(rgb(colour), rgb(other), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def shades(colour: str, dark: bool) -> Shades:
    """The nearest readable shades to the team's colour."""
    grounds, surface, towards = (
        (DARK_GROUNDS, DARK_SURFACE, "#ffffff") if dark else (LIGHT_GROUNDS, LIGHT_SURFACE, "#000000")
    )
    accent = soft = colour
    for step in range(51):
        accent = mix(colour, towards, step * 0.02)
        soft = mix(surface, accent, 0.1)
        if min(contrast(accent, ground) for ground in (*grounds, soft)) >= WANTED:
            break
    ink = max("#ffffff", "#000000", key=lambda candidate: contrast(accent, candidate))
    return Shades(accent, ink, soft)


def stylesheet(slug: str, colour: str) -> str:
    """CSS that sets the three accent tokens wherever `data-project` names the project."""
    light, dark = shades(colour, dark=False), shades(colour, dark=True)
    return (
        f'[data-project="{slug}"] {{\n'
        f"  --accent: light-dark({light.accent}, {dark.accent});\n"
        f"  --accent-ink: light-dark({light.ink}, {dark.ink});\n"
        f"  --accent-soft: light-dark({light.soft}, {dark.soft});\n"
        "}\n"
    )
