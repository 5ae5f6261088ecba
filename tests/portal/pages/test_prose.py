"""Markdown of a team is rendered, and nothing of it runs."""

import pytest

from portal.pages.prose import render


def test_render_headings_start_at_two() -> None:
    assert render("# One\n\n#### Four") == "<h2>One</h2>\n<h4>Four</h4>\n"


def test_a_text_that_begins_at_the_second_level_leaves_none_out() -> None:
    assert render("## Two\n\n### Three") == "<h2>Two</h2>\n<h3>Three</h3>\n"


def test_render_table_and_link() -> None:
    html = render("|a|\n|-|\n|[b](https://example.org)|\n")
    assert '<td><a href="https://example.org" rel="noopener noreferrer">b</a></td>' in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<img src=x onerror="alert(1)">',
        "![x](data:text/html;base64,PHNjcmlwdD4=)",
        '<p style="position:fixed">x</p>',
    ],
)
def test_render_nothing_runs(text: str) -> None:
    html = render(text)
    for bad in ("<script", 'href="javascript', "<img", 'src="data', "<p style"):
        assert bad not in html
