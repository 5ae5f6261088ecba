"""A small zoo with pictures, and the volunteer's hands on the classify page."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from projects.models import Classification, Media, Project, Workflow
from projects.services import publish_workflow
from tests.projects.factories import make_workflow

ROOT = Path(__file__).resolve().parents[2]
ICONS = ROOT / "projects" / "samples" / "deep_field" / "icons"


def choice(key: str, label: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "label": label, **more}


DEFINITION: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "single",
            "question": "Is it smooth?",
            "help": "Look at the **middle**.",
            "answers": [
                choice("smooth", "Smooth", icon="smooth", next="T1"),
                choice("features", "Features or disk", icon="features", next="T2"),
                choice("artifact", "Star or artifact", icon="artifact", next=None),
            ],
        },
        "T1": {
            "kind": "single",
            "question": "How round is it?",
            "answers": [choice("round", "Completely round"), choice("cigar", "Cigar-shaped")],
            "next": "T7",
        },
        "T2": {
            "kind": "single",
            "question": "Is there a bar?",
            "answers": [choice("bar", "Bar"), choice("no-bar", "No bar")],
            "next": "T7",
        },
        "T7": {
            "kind": "multiple",
            "question": "Is there anything odd?",
            "required": False,
            "answers": [
                choice("ring", "Ring"),
                choice("merger", "Merger"),
                choice("other", "Something else"),
            ],
        },
    },
    "retirement": ["gte", ["votes"], 5],
    "viewer": {"kind": "image", "scale_note": "Shown 8 times enlarged."},
    "icons": {name: (ICONS / f"{name}.svg").read_text() for name in ("smooth", "features", "artifact")},
}
"""A tree of two branches that meet again, one answer that ends it, and a last task that may be skipped."""

ONE_QUESTION: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "multiple",
            "question": "What do you see?",
            "required": False,
            "answers": [choice("a", "A")],
        }
    },
    "retirement": ["gte", ["votes"], 5],
}


def make_zoo(subjects: int = 12, definition: dict[str, Any] | None = None, **options: Any) -> Workflow:
    """A live project whose subjects have real, small pictures."""
    workflow = make_workflow(subjects, definition=definition or DEFINITION, title="The zoo", **options)
    for at, media in enumerate(Media.objects.order_by("subject_id")):
        path = Path(settings.MEDIA_ROOT) / media.path
        path.parent.mkdir(parents=True, exist_ok=True)
        grey = Image.new("RGB", (64, 64), (20, 20, 30))
        grey.paste((200, 180 - 5 * at % 90, 120), (20 + at, 24, 44 + at % 12, 44))
        grey.save(path)
    Media.objects.update(alt="A small galaxy")
    return workflow


def republish(workflow: Workflow, **changes: Any) -> None:
    publish_workflow(workflow, {**DEFINITION, **changes})


def add_tutorial(project: Project) -> None:
    project.tutorial_steps.create(
        position=0, title="A window of the sky", body="Hubble looked for *ten days*."
    )
    project.tutorial_steps.create(position=1, title="What you do", body="Say what you see.")


class Volunteer:
    """What a person does on the page, in their words."""

    def __init__(self, page: Page, address: str, *, project: str = "zoo", workflow: str = "shapes") -> None:
        self.page = page
        self.url = f"{address}/projects/{project}/classify/{workflow}/"
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda message: self._heard(message.type, message.text))

    def _heard(self, kind: str, text: str) -> None:
        """Broken rules of the content security policy and errors of ours; a lost network is part of the tests."""
        if kind == "error" and not re.search(r"Failed to load resource|net::ERR", text):
            self.problems.append(text)

    def arrive(self) -> "Volunteer":
        self.page.goto(self.url)
        expect(self.answers.first).to_be_visible()
        return self

    @property
    def answers(self) -> Locator:
        return self.page.locator(".answer")

    @property
    def question(self) -> Locator:
        return self.page.locator("[data-part=question]")

    @property
    def go_on_button(self) -> Locator:
        return self.page.locator("[data-part=go-on]")

    @property
    def picture(self) -> str:
        """Address of the picture on the stage."""
        return self.page.locator(".stage .picture").get_attribute("src") or ""

    def option(self, label: str) -> Locator:
        """The radio button or checkbox of that name."""
        radio = self.page.get_by_role("radio", name=label, exact=True)
        return radio.or_(self.page.get_by_role("checkbox", name=label, exact=True))

    def choose(self, label: str) -> None:
        self.option(label).check()

    def go_on(self) -> None:
        expect(self.go_on_button).to_be_visible()  # a forced click does not wait for it, say after a reload
        self.go_on_button.click(force=True)  # also where it is only marked as disabled

    def back(self) -> None:
        self.page.locator("[data-part=back]").click()

    def agree(self) -> None:
        self.page.get_by_role("button", name="I agree, go on").click()
        expect(self.page.locator("#consent-dialog")).to_be_hidden()

    def agree_and_choose(self, label: str) -> None:
        """The first answer: choosing asks for consent, and the choice stands after it."""
        self.page.locator(".answer", has_text=label).click()
        self.agree()
        expect(self.option(label)).to_be_checked()

    def answer_artifact(self) -> None:
        """One whole classification by the shortest way; returns when the next picture stands."""
        before = self.picture
        self.choose("Star or artifact")
        self.go_on()
        expect(self.page.locator(".stage .picture")).not_to_have_attribute("src", before)


def wait_for_rows(page: Page, count: int) -> list[Classification]:
    """The classifications once there are `count`, oldest first."""
    for _ in range(400):
        rows = list(Classification.objects.order_by("pk"))
        if len(rows) >= count:
            break
        page.wait_for_timeout(50)
    assert len(rows) == count
    return rows
