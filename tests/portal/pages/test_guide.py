"""The guide beside the task: cut at its headings, made of safe HTML, there only where a project has one."""

import pytest
from django.test import Client

from portal.pages.guide import cut, guide_of
from tests.projects.factories import make_workflow

TEXT = """\
Read *this*.

## One

- a
- b

### Within

```
## no heading
```

> ## quoted

## *Two*

End.
"""


def test_sections_begin_at_headings_of_level_two() -> None:
    intro, sections = cut(TEXT)
    assert intro == "Read *this*.\n\n"
    assert [title for title, _ in sections] == ["One", "*Two*"]
    assert "## no heading" in sections[0][1]
    assert "> ## quoted" in sections[0][1]
    assert sections[1][1] == "\nEnd.\n"


def test_text_without_headings_is_all_introduction() -> None:
    assert cut("Only this.\n") == ("Only this.\n", [])
    assert cut("## First\nline\n") == ("", [("First", "line\n")])


@pytest.mark.django_db
def test_the_page_called_guide_is_it_and_nothing_in_it_runs() -> None:
    project = make_workflow(1).project
    assert guide_of(project) is None
    project.pages.create(slug="guide", title="Guide", body="## A\n\n<script>x</script>[l](javascript:x)\n")
    guide = guide_of(project)
    assert guide is not None
    assert [section.title for section in guide.sections] == ["A"]
    assert "<script" not in guide.sections[0].body
    assert "href" not in guide.sections[0].body


@pytest.mark.django_db
def test_classify_page_carries_the_guide_only_where_there_is_one(client: Client) -> None:
    project = make_workflow(1).project
    address = "/projects/zoo/classify/shapes/"
    assert "guide-dialog" not in client.get(address).content.decode()
    project.pages.create(slug="guide", title="Field guide", body="## <b>A</b>\n\nText.\n")
    page = client.get(address).content.decode()
    assert 'id="guide-dialog"' in page
    assert 'aria-controls="guide-dialog"' in page
    assert "&lt;b&gt;A&lt;/b&gt;" in page
    assert "css/classify-guide.css" in page
    assert "Field guide" in client.get("/projects/zoo/").content.decode()
