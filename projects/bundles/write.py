"""Writes a project as a bundle: the folder that `load_bundle` reads, in a stable order, for people and for git.

What was loaded from a folder and is written again, loaded and written again, is the same to the byte
(tests/projects/bundles/test_write.py). Known answers, people, and subjects that an import made stay out.
"""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.files.storage import storages

from projects.bundles.errors import BundleError
from projects.bundles.media import PICTURE
from projects.bundles.pairs import NAME as PAIRS
from projects.bundles.pairs import pair_rows
from projects.bundles.schema import GUIDE
from projects.bundles.subjects import COLUMNS
from projects.drafting import Definition
from projects.models import Lane, Policy, Project, Rule, Subject, Triage, Workflow
from projects.services.choice_pictures import with_pictures
from projects.services.drafts import draft_of
from projects.tasks.definition import parse_definition
from projects.triage.policy import content_of, parse_policy

WIDTH = 110
PICTURES = "pictures"
OWN = ("title", "tagline", "description", "accent", "state", "is_public", "data_public", "source")
LANE = ("slug", "title", "source", "where", "priority", "requires", "order", "second_share", "third")


class _Dumper(yaml.SafeDumper):
    """Lists stand inside their key, and a text of several lines is written as such."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


def write_bundle(project: Project, folder: Path) -> list[str]:
    """Into an empty or new folder; returns what was left out, in sentences. Raises BundleError."""
    if folder.exists() and any(folder.iterdir()):
        raise BundleError(str(folder), "the folder is not empty: name a new one")
    pictures = _Pictures(folder)
    left_out: list[str] = []
    flows = []
    for flow in project.workflows.select_related("published", "subject_set"):
        definition = flow.published.definition if flow.published else draft_of(flow).definition
        if not definition["tasks"] or definition.get("inferred"):
            left_out.append(f"{flow.slug}: it asks nothing here yet, so there is no workflow to write")
            continue
        flows.append((flow, definition))
    _put(folder, "project.yaml", dumped(_project(project)))
    for flow, definition in flows:
        kept = with_pictures(definition, lambda path, _label: pictures.kept(path))
        _put(folder, f"workflows/{flow.slug}.yaml", workflow_text(flow, kept))
        for name, markup in definition.get("icons", {}).items():
            _put(folder, f"icons/{name}.svg", markup)
    for policy in Policy.objects.filter(project=project):
        content = policy.versions.values_list("content", flat=True)[0]
        _put(
            folder,
            f"policies/{policy.slug}.yaml",
            dumped({"slug": policy.slug, "title": policy.title, **content_of(parse_policy(content))}),
        )
    last = max((page.position for page in project.pages.exclude(slug=GUIDE)), default=0)
    for page in project.pages.all():
        is_guide = page.slug == GUIDE
        position = page.position or (last + 1 if is_guide else 0)
        front = dumped({"title": page.title, "position": position})
        body = PICTURE.sub(lambda match: pictures.in_text(match["alt"], match["file"]), page.body.strip())
        _put(folder, f"{GUIDE}.md" if is_guide else f"pages/{page.slug}.md", f"---\n{front}---\n{body}\n")
    steps = [_step(step, pictures) for step in project.tutorial_steps.select_related("workflow")]
    if steps:
        _put(folder, "tutorial.yaml", dumped(steps))
    left_out += _subjects(project, folder, pictures)
    return left_out


def workflow_text(workflow: Workflow, definition: Definition) -> str:
    """workflows/SLUG.yaml of this definition. Raises Invalid where it is none yet."""
    whole = parse_definition(definition).model_dump(mode="json", exclude_unset=True)
    whole.pop("icons", None)
    own: dict[str, Any] = {"slug": workflow.slug, "title": workflow.title}
    own |= {"tagline": workflow.tagline} if workflow.tagline else {}
    own |= {"position": workflow.position, "subject_set": workflow.subject_set.slug}
    own |= {"requires": workflow.requires} if workflow.requires else {}
    lanes = [_lane(lane) for lane in workflow.lanes.filter(closed_at=None).order_by("slug")]
    return dumped(own | ({"lanes": lanes} if lanes else {}) | _triage(workflow) | whole)


def _triage(workflow: Workflow) -> dict[str, Any]:
    """By which policy it decides, and its rules but those that are over."""
    found: dict[str, Any] = {}
    triage = Triage.objects.filter(workflow=workflow).select_related("policy").first()
    if triage is not None:
        found["triage"] = {"policy": triage.policy.slug, "task": triage.task, "verdicts": triage.verdicts}
    rules = workflow.rules.exclude(state=Rule.State.CLOSED).select_related("region")
    if rules:
        found["rules"] = [_rule(rule) for rule in rules]
    return found


def _rule(rule: Rule) -> dict[str, Any]:
    found: dict[str, Any] = {"slug": rule.slug, "title": rule.title, "condition": rule.condition}
    found |= {"verdict": rule.verdict}
    found |= {"region": rule.region.slug} if rule.region else {}
    found |= {"category": rule.category} if rule.category else {}
    return found | {"audit": rule.audit, "state": rule.state}


def dumped(data: Any) -> str:
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)


def _project(project: Project) -> dict[str, Any]:
    found: dict[str, Any] = {"slug": project.slug}
    for name in OWN:
        value = getattr(project, name)
        value = value.strip() if isinstance(value, str) else value
        if value not in ("", None):
            found[name] = value
    found["sets"] = [{"slug": each.slug, "title": each.title} for each in project.subject_sets.all()]
    attributes = [
        {
            "key": each.key,
            "label": each.label,
            "unit": each.unit,
            "description": each.description.strip(),
            "kind": each.kind,
        }
        for each in project.attributes.all()
    ]
    if attributes:
        found["attributes"] = [{name: value for name, value in each.items() if value} for each in attributes]
    qualifications = [
        {
            "slug": each.slug,
            "title": each.title,
            "kind": each.kind,
            **({"rule": each.rule} if each.rule else {}),
        }
        for each in project.qualifications.order_by("slug")
    ]
    found |= {"qualifications": qualifications} if qualifications else {}
    regions = [
        {"slug": each.slug, "title": each.title, "countries": each.countries}
        for each in project.regions.all()
    ]
    return found | ({"regions": regions} if regions else {})


def _lane(lane: Lane) -> dict[str, Any]:
    return {name: value for name in LANE if (value := getattr(lane, name)) not in ("", [], 0)}


def _step(step: Any, pictures: "_Pictures") -> dict[str, str]:
    found = {"title": step.title, "text": step.body.strip()}
    if step.image:
        found["image"] = pictures.kept(step.image)
    return found | ({"workflow": step.workflow.slug} if step.workflow else {})


class _Pictures:
    """Files of the media, copied into the folder under names from which loading makes the same paths again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def kept(self, path: str) -> str:
        """Of STEM.HASH.png of the media: pictures/HASH/STEM.png, so that two of the same name stand side by side."""
        stem, _dot, digest = Path(path).stem.rpartition(".")
        name = (
            f"{PICTURES}/{digest}/{stem or digest}{Path(path).suffix}"
            if stem
            else f"{PICTURES}/{Path(path).name}"
        )
        target = self._folder / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                with storages["default"].open(path) as file:
                    target.write_bytes(file.read())
            except FileNotFoundError:
                raise BundleError(path, "the file is not among the media") from None
        return name

    def in_text(self, alt: str, file: str) -> str:
        """A picture in Markdown; one that is not of our media stays as it is."""
        media = settings.MEDIA_URL
        return f"![{alt}]({self.kept(file.removeprefix(media)) if file.startswith(media) else file})"


def _subjects(project: Project, folder: Path, pictures: _Pictures) -> list[str]:
    """subjects.csv, in the order of the names; what can't be in it is told."""
    rows: list[list[str]] = []
    keys = {
        "meta": dict[str, None](),
        "attr": dict.fromkeys(project.attributes.values_list("key", flat=True)),
    }
    subjects = list(
        Subject.objects.filter(project=project, source="", members=None)
        .select_related("subject_set")
        .prefetch_related("media")
        .order_by("external_id")
    )
    for subject in subjects:
        keys["meta"] |= dict.fromkeys(sorted(subject.metadata))
    columns = [*COLUMNS, *(f"{kind}:{key}" for kind in ("meta", "attr") for key in keys[kind])]
    away = 0
    for subject in subjects:
        media = list(subject.media.all())
        if any(each.path.startswith(("http://", "https://")) for each in media):
            away += 1
            continue
        for at, each in enumerate(media):
            row = [subject.external_id, subject.subject_set.slug, pictures.kept(each.path), each.alt]
            row += ["" if at else _cell(subject.metadata.get(key)) for key in keys["meta"]]
            row += ["" if at else _cell(subject.attributes.get(key)) for key in keys["attr"]]
            rows.append(row)
    _put(
        folder,
        "subjects.csv",
        "".join(",".join(_quoted(text) for text in row) + "\n" for row in [columns, *rows]),
    )
    pairs = pair_rows(project)
    if pairs:
        _put(folder, PAIRS, "".join(",".join(_quoted(text) for text in row) + "\n" for row in pairs))
    imported = Subject.objects.filter(project=project).exclude(source="").count()
    told = [f"{imported} subjects that an import brought are left out"] if imported else []
    return told + ([f"{away} subjects whose files lie elsewhere on the web are left out"] if away else [])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def _quoted(text: str) -> str:
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if any(sign in text for sign in ',"\r\n') else text


def _put(folder: Path, name: str, text: str) -> None:
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8", newline="")
