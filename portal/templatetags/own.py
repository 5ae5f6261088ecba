"""Template tags of one's own numbers: an estimate in words, and bars drawn by the server."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

WIDTH = 200


@register.simple_tag
def estimate(found: tuple[float, float, float]) -> SafeString:
    """A share with its interval: 83 % (71–92 %)."""
    value, low, high = (round(100 * part) for part in found)
    return format_html('{} % <span class="muted">({}–{} %)</span>', value, low, high)


@register.simple_tag
def bar(value: float, most: float) -> SafeString:
    """A bar of value over most; what it shows stands beside it as a number."""
    return _svg(format_html('<rect width="{}" height="8" rx="2"/>', round(WIDTH * value / max(most, 1), 1)))


@register.simple_tag
def interval(found: tuple[float, float, float]) -> SafeString:
    """A share from 0 to 1 as a dot on its interval."""
    value, low, high = (round(WIDTH * part, 1) for part in found)
    line = format_html('<line class="ground" x1="0" x2="{}" y1="4" y2="4"/>', WIDTH)
    span = format_html('<line class="span" x1="{}" x2="{}" y1="4" y2="4"/>', low, high)
    return _svg(line + span + format_html('<circle cx="{}" cy="4" r="4"/>', value))


def _svg(inside: SafeString) -> SafeString:
    return format_html(
        '<svg class="own-chart" viewBox="-4 0 {} 8" focusable="false">{}</svg>', WIDTH + 8, inside
    )
