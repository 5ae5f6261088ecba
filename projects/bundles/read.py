"""Reads a bundle's folder into the models of `schema`. Every mistake is a BundleError with file and reason."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from projects.bundles import icons
from projects.bundles.errors import BundleError
from projects.bundles.schema import GUIDE, Bundle, Page, PolicyFile, ProjectFile, Step, WorkflowFile
from projects.exceptions import Invalid
from projects.triage.policy import parse_policy

Model = TypeVar("Model", bound=BaseModel)
WORKFLOW_FIELDS = (
    "slug",
    "title",
    "tagline",
    "position",
    "subject_set",
    "requires",
    "lanes",
    "triage",
    "rules",
)


class _Loader(yaml.SafeLoader):
    """Safe YAML that refuses a key given twice, which plain YAML would overwrite in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.MarkedYAMLError(problem=f"{key} is there twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


def read_bundle(folder: Path) -> Bundle:
    """The text of the project in this folder, checked, also across files."""
    project = _parsed(ProjectFile, _yaml(folder, "project.yaml"), "project.yaml")
    bundle = Bundle(
        project=project,
        pages=_pages(folder),
        tutorial=_tutorial(folder),
        workflows=[_workflow(folder, path) for path in sorted((folder / "workflows").glob("*.yaml"))]
        or _none(),
        policies=[_policy(folder, path) for path in sorted((folder / "policies").glob("*.yaml"))],
        icons={path.stem: _icon(folder, path) for path in sorted((folder / "icons").glob("*.svg"))},
    )
    _check_names(bundle)
    return bundle


def _none() -> list[WorkflowFile]:
    raise BundleError("workflows", "there is no workflow: put one into workflows/SLUG.yaml")


def _text(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BundleError(name, "the file is missing") from None
    except UnicodeDecodeError as error:
        raise BundleError(name, f"the file is not UTF-8 (byte {error.start})") from None


def _yaml(folder: Path, name: str) -> Any:
    return _yaml_text(_text(folder, name), name)


def _yaml_text(text: str, name: str) -> Any:
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of SafeLoader
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise BundleError(name, f"{line}{error.problem}") from None
    except yaml.YAMLError as error:
        raise BundleError(name, str(error)) from None


def _parsed(model: type[Model], data: Any, name: str) -> Model:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        raise BundleError(name, f"{place}: {reason}" if place else reason) from None


def _pages(folder: Path) -> list[Page]:
    """Those of pages/, then the guide, which is shown beside the task too."""
    pages = [_page(folder, path) for path in sorted((folder / "pages").glob("*.md"))]
    if (folder / "pages" / f"{GUIDE}.md").exists():
        raise BundleError(f"pages/{GUIDE}.md", f"the guide's place is {GUIDE}.md, beside project.yaml")
    if (folder / f"{GUIDE}.md").exists():
        guide = _page(folder, folder / f"{GUIDE}.md")
        last = max((page.position for page in pages), default=0)
        pages.append(guide.model_copy(update={"position": guide.position or last + 1}))
    return pages


def _page(folder: Path, path: Path) -> Page:
    name = path.relative_to(folder).as_posix()
    text = _text(folder, name)
    opening, _, rest = text.partition("---\n")
    head, mark, body = rest.partition("\n---\n")
    if opening or not mark:
        raise BundleError(name, "it must begin with front matter: ---, title: ..., ---")
    front = _yaml_text(head, name)
    if not isinstance(front, dict):
        raise BundleError(name, "its front matter is not a list of fields such as title: ...")
    return _parsed(Page, {**front, "slug": path.stem, "body": body}, name)


def _tutorial(folder: Path) -> list[Step]:
    name = "tutorial.yaml"
    if not (folder / name).exists():
        return []
    steps = _yaml(folder, name)
    if not isinstance(steps, list):
        raise BundleError(name, "it must be a list of steps")
    return [_parsed(Step, step, f"{name}, step {number}") for number, step in enumerate(steps, start=1)]


def _workflow(folder: Path, path: Path) -> WorkflowFile:
    name = f"workflows/{path.name}"
    return read_workflow(_text(folder, name), name)


def read_workflow(text: str, name: str) -> WorkflowFile:
    """One workflow's file, checked by itself. Raises BundleError."""
    data = _yaml_text(text, name)
    if not isinstance(data, dict):
        raise BundleError(name, "it must be a mapping of fields")
    own = {key: value for key, value in data.items() if key in WORKFLOW_FIELDS}
    definition = {key: value for key, value in data.items() if key not in WORKFLOW_FIELDS}
    if "icons" in definition:
        raise BundleError(name, "icons: put drawings into the folder icons/")
    return _parsed(WorkflowFile, {**own, "definition": definition}, name)


def _policy(folder: Path, path: Path) -> PolicyFile:
    name = f"policies/{path.name}"
    data = _yaml(folder, name)
    if not isinstance(data, dict):
        raise BundleError(name, "it must be a mapping of fields")
    content = {key: value for key, value in data.items() if key not in ("slug", "title")}
    own = {key: value for key, value in data.items() if key in ("slug", "title")}
    try:
        parse_policy(content)
    except Invalid as error:
        raise BundleError(name, str(error)) from None
    return _parsed(PolicyFile, {**own, "content": content}, name)


def _icon(folder: Path, path: Path) -> str:
    name = f"icons/{path.name}"
    try:
        return icons.checked(_text(folder, name))
    except BundleError:
        raise
    except ValueError as error:
        raise BundleError(name, str(error)) from None


def _check_triage(bundle: Bundle, workflow: WorkflowFile, name: str) -> None:
    policies = {policy.slug for policy in bundle.policies}
    if workflow.triage and workflow.triage.policy not in policies:
        raise BundleError(name, f"there is no policy {workflow.triage.policy} in policies/")
    rules = [rule.slug for rule in workflow.rules]
    if twice := [slug for slug in rules if rules.count(slug) > 1]:
        raise BundleError(name, f"the rule {twice[0]} is there twice")


def _check_names(bundle: Bundle) -> None:
    """What one file says of another."""
    sets = {entry.slug for entry in bundle.project.sets}
    qualifications = {entry.slug for entry in bundle.project.qualifications}
    slugs = [workflow.slug for workflow in bundle.workflows]
    for workflow in bundle.workflows:
        name = f"workflows/{workflow.slug}.yaml"
        if slugs.count(workflow.slug) > 1:
            raise BundleError(name, f"two workflows have the slug {workflow.slug}")
        if workflow.subject_set not in sets:
            raise BundleError(name, f"subject_set {workflow.subject_set} is not a set of project.yaml")
        exam = workflow.definition.exam
        asked = [slug for lane in workflow.lanes for slug in lane.requires]
        for wanted in [*workflow.requires, *asked, *([exam.grants] if exam else [])]:
            if wanted not in qualifications:
                raise BundleError(name, f"{wanted} is not among the qualifications of project.yaml")
        lanes = [lane.slug for lane in workflow.lanes]
        if twice := [slug for slug in lanes if lanes.count(slug) > 1]:
            raise BundleError(name, f"the lane {twice[0]} is there twice")
        _check_triage(bundle, workflow, name)
        missing = workflow.icon_names() - set(bundle.icons)
        if missing:
            raise BundleError(name, f"an answer names an icon without file: icons/{min(missing)}.svg")
    for entry in bundle.project.qualifications:
        named = entry.rule.get("workflow")
        if named is not None and named not in slugs:
            raise BundleError("project.yaml", f"qualification {entry.slug}: there is no workflow {named}")
    for number, step in enumerate(bundle.tutorial, start=1):
        if step.workflow is not None and step.workflow not in slugs:
            raise BundleError(f"tutorial.yaml, step {number}", f"there is no workflow {step.workflow}")
