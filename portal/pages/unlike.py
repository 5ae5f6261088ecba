"""Volunteers unlike the rest, as the newest look at each workflow found them: a reading aid beside the page Fair use,
which alone suggests, weighs less and blocks."""

from dataclasses import dataclass
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from mining.ballots import choice_of, task_of
from mining.models import AttributeRun, Suggestion
from mining.science.anomalies.reasons import Reason, words
from portal.pages.fairness_cards import name_of
from projects.exports.catalogue import all_tasks
from projects.models import Block, Project, Volunteer

MOST_ZEROS = 9


@dataclass(frozen=True)
class Unlike:
    """once: of so many crowds one has, by chance, somebody as unlike. suggestions: open ones of Fair use."""

    name: str
    workflow: str
    words: str
    once: str
    suggestions: list[Suggestion]
    blocked: bool


def unlike(project: Project) -> list[Unlike] | None:
    """The most unlike first; None where no look has told of people."""
    done = AttributeRun.objects.filter(
        workflow__project=project, kind=AttributeRun.Kind.UNUSUAL, status=AttributeRun.Status.DONE
    )
    newest = done.order_by("workflow_id", "-pk").distinct("workflow_id").select_related("workflow")
    looks = [run for run in newest if "people" in run.report]
    if not looks:
        return None
    found = [(run.workflow, each) for run in looks for each in run.report["people"]["unlike"]]
    numbers = {
        pk for _workflow, each in found for pk in (each["volunteer"], int(each["facts"].get("other", 0)))
    }
    people = Volunteer.objects.select_related("joined_to").in_bulk(numbers)
    persons = {
        people[each["volunteer"]].person_id for _workflow, each in found if each["volunteer"] in people
    }
    suggestions: dict[int, list[Suggestion]] = {}
    for row in Suggestion.objects.filter(
        workflow__project=project, volunteer__in=persons, state=Suggestion.State.OPEN
    ):
        suggestions.setdefault(row.volunteer_id, []).append(row)
    standing = Block.objects.filter(project=project, volunteer__in=persons, lifted_at=None)
    blocked = set(standing.values_list("volunteer", flat=True))
    tasks = {run.workflow_id: all_tasks(run.workflow) for run in looks}
    shown = []
    for workflow, each in sorted(found, key=lambda pair: -pair[1]["strength"]):
        person = _person(people, each["volunteer"])
        if person is not None:
            told = _words(each, project, people, tasks[workflow.pk])
            once = intcomma(10 ** min(int(each["strength"]), MOST_ZEROS))
            of_person = suggestions.get(person.pk, [])
            shown.append(
                Unlike(name_of(project, person), workflow.title, told, once, of_person, person.pk in blocked)
            )
    return shown


def _person(people: dict[int, Volunteer], pk: int) -> Volunteer | None:
    volunteer = people.get(pk)
    return volunteer if volunteer is None else volunteer.joined_to or volunteer


def _words(
    signal: dict[str, Any], project: Project, people: dict[int, Volunteer], tasks: dict[str, Any]
) -> str:
    facts = signal["facts"]
    if "other" in facts:
        other = _person(people, int(facts["other"]))
        facts = facts | {"other": _("somebody") if other is None else name_of(project, other)}
    return reason_words(signal | {"facts": facts}, tasks, {})


def reason_words(signal: dict[str, Any], tasks: dict[str, Any], labels: dict[str, str]) -> str:
    """Of one signal, in words; answers and attributes by the names that the team gave them."""

    def answer(key: str) -> str:
        """key: of an answer, or the path of a choice."""
        choice = choice_of(key)
        task = tasks.get(signal["task"] if choice is None else task_of(key))
        named = {each.key: each.label for each in task.choices} if task else {}
        return named.get(choice or key, key)

    def attribute(key: str) -> str:
        return labels.get(key, key)

    reason = Reason(signal["code"], signal["facts"])
    return capfirst(words(reason, _, answer=answer, attribute=attribute))
