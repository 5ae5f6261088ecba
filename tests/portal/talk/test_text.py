"""What strangers write is safe HTML; what stands in code is neither tag nor mention."""

import pytest

from portal.talk.text import quoted, render, signs_of


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&#58;alert(1))",
        "[x]: javascript:alert(1)\n\n[x]",
        "![x](https://elsewhere.example/pixel.png)",
        '<p style="position:fixed" onclick="x()">x</p>',
        "# [x](data:text/html;base64,PHNjcmlwdD4=)",
        "<javascript:alert(1)>",
    ],
)
def test_nothing_runs_and_nothing_is_fetched(text: str) -> None:
    html = render(text)
    for bad in ("<script", "<img", "<h1", "<p style", 'href="javascript', 'href="data'):
        assert bad not in html


def test_tags_and_names_are_found_once_and_not_in_code() -> None:
    text = "#Ring or #ring? @ann.b, @ann.b. `#code @code` [#link](https://a.example/#x) a@b.example x#y"
    text += "\n\n    #block @block\n\n> #quoted"
    found = signs_of(text)
    assert (found.tags, found.names) == (["ring", "quoted"], ["ann.b"])


def test_tags_become_links_and_names_strong() -> None:
    assert render("a #Ring for @ann", lambda tag: f"/tags/{tag}/") == (
        '<p>a <a href="/tags/ring/" rel="nofollow ugc noopener noreferrer">#Ring</a> for <strong>@ann</strong></p>\n'
    )


def test_huge_nesting_stays_shallow() -> None:
    """Ten thousand quotations and lists inside each other: what is deeper than a dozen is flat."""
    for sign in ("> ", "- ", "*", "[", "#a", "@a "):
        assert render(sign * 5000).count("<blockquote") + render(sign * 5000).count("<ul") <= 12


def test_a_quotation_is_cut_at_a_word() -> None:
    assert quoted("one\ntwo") == "> one\n> two\n\n"
    assert quoted("word " * 500).endswith("word …\n\n")
