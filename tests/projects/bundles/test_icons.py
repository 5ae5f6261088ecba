"""What an icon may hold."""

import pytest

from projects.bundles.icons import checked

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">'


def test_drawing_is_written_anew_without_layout() -> None:
    icon = (
        OPEN
        + '\n  <g transform="rotate(-15 24 24)">\n <path d="M3 24 C1 2 3 4 5 6Z" stroke="currentColor"/> </g>\n</svg>\n'
    )
    assert checked(icon) == (
        OPEN
        + '<g transform="rotate(-15 24 24)"><path d="M3 24 C1 2 3 4 5 6Z" stroke="currentColor"/></g></svg>'
    )


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        ("<script>alert(1)</script>", "element <script>"),
        ("<style>*{}</style>", "element <style>"),
        ("<image/>", "element <image>"),
        ("<foreignObject/>", "element <foreignObject>"),
        ('<use href="#a"/>', "element <use>"),
        ("<text>hi</text>", "element <text>"),
        ('<a href="javascript:alert(1)"><path d="M0 0"/></a>', "element <a>"),
        ('<path onload="alert(1)" d="M0 0"/>', "attribute onload"),
        ('<path style="fill:red" d="M0 0"/>', "attribute style"),
        ('<path class="x" d="M0 0"/>', "attribute class"),
        ('<path fill="url(#g)" d="M0 0"/>', "attribute fill may not be"),
        ('<path fill="red" d="M0 0"/>', "attribute fill may not be"),
        ('<path transform="matrix(1 0 0 1 0 0)" d="M0 0"/>', "attribute transform may not be"),
        ('<path d="M0 0&quot;&gt;"/>', "attribute d may not be"),
        ('<x:path xmlns:x="urn:other" d="M0 0"/>', "is not allowed"),
        ("hello", "text is not allowed"),
        ("<!-- a comment -->", "declarations, entities and comments"),
        ("<path>", "not well-formed"),
    ],
)
def test_anything_but_plain_drawing_is_refused(inner: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        checked(OPEN + inner + "</svg>")


def test_entity_is_refused_before_it_is_expanded() -> None:
    with pytest.raises(ValueError, match="entities"):
        checked('<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + OPEN + "&a;</svg>")


def test_other_root_missing_view_box_and_length_are_refused() -> None:
    with pytest.raises(ValueError, match="root"):
        checked("<html/>")
    with pytest.raises(ValueError, match="viewBox"):
        checked('<svg xmlns="http://www.w3.org/2000/svg"/>')
    with pytest.raises(ValueError, match="longer than 4096"):
        checked(OPEN + " " * 4100 + "</svg>")
