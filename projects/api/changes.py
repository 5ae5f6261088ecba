"""Bodies of the calls by which a team changes its project."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=50)]
Ids = Annotated[list[Annotated[int, Field(ge=1, lt=2**53)]], Field(min_length=1, max_length=1000)]


class Change(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewProject(Change):
    title: Title = Field(examples=["Deep field"])
    slug: Slug = Field(description="Its address.", examples=["deep-field"])
    tagline: Line = ""


class ProjectChange(Change):
    """What is left out stays."""

    title: Title = Field("", validate_default=False)
    tagline: Line = ""
    description: str = Field("", max_length=20_000, description="Markdown.")
    accent: str = Field("", pattern=r"^#[0-9a-fA-F]{6}$", examples=["#3b6fd4"])
    source: Line = Field("", description="Where its pictures come from.")
    data_public: bool = False


class LaunchBody(Change):
    to: Literal["draft", "private", "public", "paused", "finished"]


class NewSet(Change):
    title: Title = Field(examples=["Second field"])


class NewWorkflow(Change):
    title: Title = Field(examples=["Shapes"])
    tagline: Line = ""
    subject_set: str = Field("all", max_length=50, description="The slug of the set that it asks about.")


class WorkflowChange(Change):
    """What is left out stays."""

    title: Title = Field("", validate_default=False)
    tagline: Line = ""
    state: Literal["active", "paused", "finished"] = "active"
    requires: list[str] = Field(default_factory=list, max_length=50)


class DraftBody(Change):
    definition: dict[str, Any] = Field(description="As that of a version; `GET` of the draft shows the form.")


class RetireBody(Change):
    subjects: Ids
    reason: Line = ""


class AppealBody(Change):
    """Against what stands of a subject, everywhere or in a region."""

    subject: int = Field(ge=1, lt=2**53)
    region: str = Field("", max_length=50, description="The slug; empty: what holds everywhere.")
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)] = Field(
        description="Why it is wrong, in the words of whom it concerns."
    )


class LaneBody(Change):
    """Which subjects, by id or by name, and their place in the lane, the greatest first."""

    subjects: list[Annotated[int, Field(ge=1, lt=2**53)]] = Field(default_factory=list, max_length=1000)
    names: list[Annotated[str, StringConstraints(max_length=200)]] = Field(
        default_factory=list, max_length=1000
    )
    place: Annotated[float, Field(allow_inf_nan=False)] = 0


class WebhookBody(Change):
    address: str = Field(max_length=500, examples=["https://example.org/voorwerp"])
    kinds: list[str] = Field(
        max_length=10,
        description="What is told: retired, decided, consensus.",
        examples=[["retired", "consensus"]],
    )


class WebhookChange(Change):
    """What is left out stays."""

    address: str = Field("", max_length=500)
    kinds: list[str] = Field(default_factory=list, max_length=10)
    on: bool = Field(
        True, description="False: told nothing until it is on again; then it goes on where it was."
    )


class PushedSubject(Change):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] = Field(
        description="Your own name for it: what is known by it already is brought up to date."
    )
    media: list[Annotated[str, StringConstraints(max_length=1000)]] = Field(
        min_length=1,
        max_length=20,
        description="What uploads of pictures were answered with, in their order.",
    )
    alt: list[Annotated[str, StringConstraints(max_length=300)]] = Field(
        default_factory=list, description="What each picture shows, for who can't see it."
    )
    metadata: dict[Annotated[str, StringConstraints(max_length=100)], str | int | float | bool | None] = (
        Field(
            default_factory=dict, description="Shown beside the picture; keys with # are for the team alone."
        )
    )
    attributes: dict[
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$")],
        Annotated[float, Field(allow_inf_nan=False)] | Annotated[str, StringConstraints(max_length=200)],
    ] = Field(default_factory=dict, description="What the catalogue knows: never shown to volunteers.")


class PushBody(Change):
    subject_set: str = Field("all", max_length=50)
    subjects: list[PushedSubject] = Field(min_length=1, max_length=500)
