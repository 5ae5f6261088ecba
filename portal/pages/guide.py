"""The guide beside the task: the project's page called `guide`, cut at its headings of level 2."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

from portal.pages.prose import render
from projects.bundles.schema import GUIDE
from projects.models import Project

_markdown = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True)
class Section:
    title: str
    body: SafeString


@dataclass(frozen=True)
class Guide:
    """intro: what stands before the first section."""

    title: str
    intro: SafeString
    sections: list[Section]


def guide_of(project: Project) -> Guide | None:
    """None for a project without one. One query."""
    page = project.pages.filter(slug=GUIDE).first()
    if page is None:
        return None
    intro, sections = cut(page.body)
    return Guide(page.title, render(intro), [Section(title, render(body)) for title, body in sections])


def cut(text: str) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the first `## heading`, then heading and Markdown of each section. A heading within a list,
    a quotation or a block of code begins no section."""
    lines = text.splitlines(keepends=True)
    tokens = _markdown.parse(text)
    places = [
        (token.map[0], token.map[1], tokens[at + 1].content)
        for at, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0 and token.map
    ]
    if not places:
        return text, []
    ends = [start for start, _, _ in places[1:]] + [len(lines)]
    sections = [
        (title, "".join(lines[after:end])) for (_, after, title), end in zip(places, ends, strict=True)
    ]
    return "".join(lines[: places[0][0]]), sections
