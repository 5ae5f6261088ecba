"""The tables of a release, of one workflow as of a position: answers that count on finished subjects, and these."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any, NamedTuple

from projects.exports import catalogue, flat, subjects, workflows
from projects.exports.columns import Column
from projects.exports.platform_tasks import apart, in_platform_form
from projects.exports.pseudonyms import pseudonym_by
from projects.exports.releases.asof import AsOf
from projects.models import WorkflowVersion
from projects.services import get_version
from projects.services.tallies import count_all

LEFT_OUT = {"user_id", "counted", "counted_reason"}
"""Of the flat annotations: whether somebody had an account is in no record, and here all count."""


class Table(NamedTuple):
    name: str
    columns: Sequence[Column[Any]]
    rows: Iterator[Any]


def tables(asof: AsOf, site: str) -> Iterator[Table]:
    """site: the site's own name in addresses, as it was."""
    yield Table("catalogue", _catalogue_columns(asof), _catalogue(asof))
    yield Table("annotations", _annotation_columns(asof), _annotations(asof))
    yield Table("subjects", subjects.columns(asof.workflow, team=False, site=site), _subjects(asof))
    kept = [c for c in workflows.columns(asof.workflow, team=False) if c.name != "active"]
    yield Table("workflow-versions", kept, _versions(asof))


def _annotation_columns(asof: AsOf) -> list[Column[Any]]:
    all_of_them = flat.columns(asof.workflow, team=False, versions=asof.shown())
    kept = [column for column in all_of_them if column.name not in LEFT_OUT]
    return [replace(column, of=itemgetter(at)) for at, column in enumerate(kept)]


def _annotations(asof: AsOf) -> Iterator[tuple[Any, ...]]:
    drawn = flat.draws(asof.workflow, asof.shown())
    for _position, version, annotations, person, simulated, *whole in asof.answers():
        name = pseudonym_by(asof.key, asof.project.pk, person, signed_in=True, simulated=simulated)
        for part in flat.parts(version, annotations, drawn):
            yield name.user_name, *whole, *part


def _catalogue_columns(asof: AsOf) -> list[Column[Any]]:
    return catalogue.columns(asof.workflow, team=False, versions=asof.shown(), subjects="asof_subject")


def _catalogue(asof: AsOf) -> Iterator[Any]:
    """The tallies are counted again; the numbers are those of the run, which is kept, or there are none."""
    tasks = catalogue.all_tasks(asof.workflow, asof.shown())
    definition = get_version(asof.published).definition
    run = asof.run if asof.run is not None else -1  # of no run: not even of one that is published today
    return catalogue.build(definition, tasks, asof.workflow.pk, _evidence(asof), run)


def _evidence(asof: AsOf) -> Iterator[tuple[Any, ...]]:
    for subject, name, metadata, attributes, at, reason, *_more, answers in asof.subjects():
        given = answers or []
        tallies = count_all(get_version(version).definition.votes(said) for version, said, _ in given)
        evidence = {task: [counts, *[None] * 6] for task, counts in tallies.items()}
        simulated = sum(1 for _, _, by_program in given if by_program)
        yield subject, name, metadata, attributes, len(given), at, reason, evidence, simulated, None


def _subjects(asof: AsOf) -> Iterator[subjects.Row]:
    for (
        subject,
        name,
        metadata,
        attributes,
        at,
        reason,
        set_id,
        slug,
        created,
        media,
        answers,
    ) in asof.subjects():
        yield subjects.Row(
            subject, set_id, slug, name, metadata, attributes, len(answers or []), at, reason, created, media
        )


def _versions(asof: AsOf) -> Iterator[workflows.Row]:
    found = WorkflowVersion.objects.filter(pk__in=asof.shown()).order_by("major", "minor")
    answers, retired = asof.counts()
    for version in found:
        tasks, strings = apart(in_platform_form(get_version(version.pk).definition))
        yield workflows.Row(version, tasks, strings, answers, retired)
