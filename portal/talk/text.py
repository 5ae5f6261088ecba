"""What a comment's Markdown becomes: safe HTML, and the #tags and @names that stand in it.

Twin of portal/pages/prose.py, which renders what a team writes: here the writer is a stranger, so there are no
pictures, headings and tables, and links carry `nofollow`. What stands in code is no tag and no mention.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from projects.tasks.tags import normalised

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 12}).disable(
    ["heading", "lheading", "image", "html_block", "html_inline", "reference"]
)
_TAGS = {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "strong", "ul"}
_ATTRIBUTES = {"a": {"href", "title"}}
_SIGNS = re.compile(r"(?<![\w/&#@.])(?:#(?P<tag>\w[\w-]*)|@(?P<name>[\w][\w.+-]*))")

Address = Callable[[str], str]
"""Tag to the address of its page."""


@dataclass(frozen=True)
class Found:
    """tags: as they are stored. names: as they were written; whether they are somebody's is asked elsewhere."""

    tags: list[str]
    names: list[str]


def signs_of(text: str) -> Found:
    """The #tags and @names of a comment, each once, in their order."""
    tags: list[str] = []
    names: list[str] = []
    for piece in _texts(_markdown.parse(text)):
        for match in _SIGNS.finditer(piece.content):
            if name := match["name"]:
                names.append(name.rstrip(".-+"))
            elif tag := _stored(match["tag"]):
                tags.append(tag)
    return Found(list(dict.fromkeys(tags)), list(dict.fromkeys(names)))


def render(text: str, address: Address | None = None) -> SafeString:
    """HTML with only the listed tags. `address` makes links of #tags; without it they stay words."""
    tokens = _markdown.parse(text)
    for token in tokens:
        if token.children:
            token.children = _signed(token.children, address)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308 - nh3 has just made it so


def quoted(text: str, most: int = 600) -> str:
    """A text as a quotation that an answer begins with."""
    cut = text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"
    return "".join(f"> {line}\n" for line in cut.splitlines()) + "\n"


def _stored(tag: str) -> str:
    """Empty for what is no tag."""
    try:
        return normalised(tag)
    except ValueError:
        return ""


def _texts(tokens: list[Token]) -> list[Token]:
    """The words that stand in no code and no link."""
    found = []
    for token in tokens:
        depth = 0
        for child in token.children or []:
            depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
            if child.type == "text" and depth == 0:
                found.append(child)
    return found


def _signed(children: list[Token], address: Address | None) -> list[Token]:
    """The same with #tags as links and @names strong."""
    made: list[Token] = []
    depth = 0
    for child in children:
        depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        if child.type != "text" or depth:
            made.append(child)
            continue
        at = 0
        for match in _SIGNS.finditer(child.content):
            made.append(_text(child.content[at : match.start()]))
            made += _sign(match, address)
            at = match.end()
        made.append(_text(child.content[at:]))
    return made


def _sign(match: re.Match[str], address: Address | None) -> list[Token]:
    tag = _stored(match["tag"] or "")
    if tag and address is not None:
        opened = Token("link_open", "a", 1, attrs={"href": address(tag)})
        return [opened, _text(match[0]), Token("link_close", "a", -1)]
    if match["name"]:
        return [Token("strong_open", "strong", 1), _text(match[0]), Token("strong_close", "strong", -1)]
    return [_text(match[0])]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
