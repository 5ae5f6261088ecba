"""The parts of a bundle, as pydantic models. Unknown fields are refused, so that a misspelt one is noticed."""

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from projects.tasks.definition import WorkflowDefinition
from projects.triage.policy import VerdictKey

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
GUIDE = "guide"
"""The slug of the page that stands beside the task."""
KEY = r"^[a-z][a-z0-9_]{0,62}$"


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class SetEntry(Part):
    slug: str = Field(pattern=SLUG, max_length=50)
    title: str = Field(min_length=1, max_length=120)


class AttributeEntry(Part):
    """A catalogue attribute: what science already knows of a subject."""

    key: str = Field(pattern=KEY)
    label: str = Field(min_length=1, max_length=120)
    unit: str = Field("", max_length=40)
    description: str = ""
    kind: Literal["number", "category"] = "number"


class QualificationEntry(Part):
    """What a workflow may ask for. rule as the kind needs it, see projects/models/gold.py."""

    slug: str = Field(pattern=SLUG, max_length=50)
    title: str = Field(min_length=1, max_length=120)
    kind: Literal["exam", "skill", "language", "region", "adult", "role"]
    rule: dict[str, str | float] = {}


class RegionEntry(Part):
    """A group of countries, by their codes of two letters."""

    slug: str = Field(pattern=SLUG, max_length=50)
    title: str = Field(min_length=1, max_length=120)
    countries: list[str] = []


class ProjectFile(Part):
    """project.yaml"""

    slug: str = Field(pattern=SLUG, max_length=50)
    title: str = Field(min_length=1, max_length=120)
    tagline: str = Field("", max_length=200)
    description: str = ""
    accent: str = Field("#3b6fd4", pattern=r"^#[0-9a-fA-F]{6}$")
    state: Literal["draft", "live", "paused", "finished"] = "draft"
    is_public: bool = False
    data_public: bool = False
    source: str = Field("", max_length=200)
    sets: list[SetEntry] = Field(min_length=1)
    attributes: list[AttributeEntry] = []
    qualifications: list[QualificationEntry] = []
    regions: list[RegionEntry] = []

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        _once("set", [entry.slug for entry in self.sets])
        _once("attribute", [entry.key for entry in self.attributes])
        _once("qualification", [entry.slug for entry in self.qualifications])
        _once("region", [entry.slug for entry in self.regions])
        return self


class Page(Part):
    """pages/SLUG.md"""

    slug: str = Field(pattern=SLUG, max_length=50)
    title: str = Field(min_length=1, max_length=120)
    position: int = Field(0, ge=0)
    body: str = Field(min_length=1)


class Step(Part):
    """One step of tutorial.yaml. workflow: the slug of the only workflow that shows it; empty: all do."""

    title: str = Field(min_length=1, max_length=120)
    text: str = Field(min_length=1)
    image: str = Field("", max_length=300)
    workflow: str | None = None


class LaneEntry(Part):
    """A named queue of the workflow, see projects/models/lane.py. where: [comparison, attribute, value], all hold."""

    slug: str = Field(pattern=SLUG, max_length=50)
    title: str = Field(min_length=1, max_length=120)
    source: Literal["team", "matching"] = "team"
    where: list[tuple[Literal["gte", "gt", "lte", "lt", "eq"], str, float | str]] = []
    priority: int = 0
    requires: list[str] = []
    order: str = ""
    second_share: int = Field(0, ge=0, le=100)
    third: str = ""


class TriageEntry(Part):
    """By which policy the workflow decides, and which verdict each answer of a question is."""

    policy: str
    task: str
    verdicts: dict[str, VerdictKey] = Field(min_length=1)


class RuleEntry(Part):
    """See projects/models/rule.py. condition: see projects/triage/conditions.py."""

    slug: str = Field(pattern=SLUG, max_length=50)
    title: str = Field(min_length=1, max_length=120)
    condition: list[Any]
    verdict: VerdictKey
    region: str = ""
    category: str = ""
    audit: float = Field(0.1, ge=0, le=1)
    state: Literal["draft", "background", "live"] = "draft"


class PolicyFile(Part):
    """policies/SLUG.yaml: slug and title here, everything else is its content, see projects/triage/policy.py."""

    slug: str = Field(pattern=SLUG, max_length=50)
    title: str = Field(min_length=1, max_length=120)
    content: dict[str, Any]


class WorkflowFile(Part):
    """workflows/SLUG.yaml: the workflow's own fields here, everything else in the file is its definition."""

    slug: str = Field(pattern=SLUG, max_length=50)
    title: str = Field(min_length=1, max_length=120)
    tagline: str = Field("", max_length=200)
    position: int = Field(0, ge=0)
    subject_set: str
    requires: list[str] = []
    lanes: list[LaneEntry] = []
    triage: TriageEntry | None = None
    rules: list[RuleEntry] = []
    definition: WorkflowDefinition

    def icon_names(self) -> set[str]:
        """The icons that its answers name."""
        tasks = self.definition.tasks.values()
        return {answer.icon for task in tasks for answer in task.choices if answer.icon}


class SubjectRow(Part):
    """One subject of subjects.csv. files: paths below the made folder, in order; alts: one for each."""

    external_id: str = Field(min_length=1, max_length=200)
    subject_set: str
    files: list[str] = Field(min_length=1)
    alts: list[str]
    metadata: dict[str, str]
    attributes: dict[str, float | str]


class Bundle(Part):
    """The text of a project, without its subjects. icons: name to checked SVG markup.

    pages: with the guide, the one whose slug is GUIDE.
    """

    project: ProjectFile
    pages: list[Page]
    tutorial: list[Step]
    workflows: list[WorkflowFile] = Field(min_length=1)
    policies: list[PolicyFile] = []
    icons: dict[str, str]


def _once(what: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"the {what} {name} is there twice")
