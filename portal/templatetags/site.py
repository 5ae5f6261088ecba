"""Template tags of the site's own look: `{% icon "star" %}`."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """One line icon of static/icons.svg, hidden from screen readers: the word beside it (or aria-label) speaks."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("icons.svg"),
        name,
    )


@register.filter
def brief(number: float) -> str:
    """In three digits that matter: 0.55, 6.5, 24."""
    return f"{number:.3g}"


@register.filter
def percent(share: float) -> str:
    """A share as `94 %`, in whole per cents."""
    return f"{round(100 * share)} %"
