"""Who may hear what others said of a subject: as with its results, not while somebody may still be asked about it.

The team may always, and everybody may once no workflow asks about the subject any more. Else a person may who has, in
each workflow that still asks, answered it or looked at others' answers; and none of these workflows hides them.
Whoever hears has looked: a later answer of theirs is withheld, and nothing is corrected any more.
"""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from projects.exceptions import Independence
from projects.models import Answered, Look, Subject, SubjectState, Volunteer, Workflow
from projects.services.look_at_answers import look_at_subjects

_HIDES = Q(workflow__published__definition__glance=False)


@dataclass(frozen=True)
class Sight:
    """asking: the workflows in which the subject is open to anybody. unanswered: those of them in which this person has
    neither answered it nor looked. hidden: whether one of them shows nobody others' answers. answered: whether the
    person has answered it somewhere. member: of the team."""

    asking: list[Workflow] = field(default_factory=list)
    unanswered: list[Workflow] = field(default_factory=list)
    hidden: bool = False
    answered: bool = False
    never_asked: bool = False
    member: bool = False

    @property
    def may_hear(self) -> bool:
        return self.member or not (self.unanswered or self.hidden or self.never_asked)

    @property
    def may_choose(self) -> bool:
        """Whether they may hear if they give up answering it elsewhere."""
        return not self.may_hear and self.answered and not (self.hidden or self.never_asked)


def sight_of(subject_id: int, person: Volunteer | None, *, member: bool) -> Sight:
    """Two queries. A subject about which no workflow has asked yet is closed to all but the team."""
    who = person.person_id if person else 0
    states = SubjectState.objects.filter(subject=subject_id).select_related("workflow__published")
    mine = {"volunteer": who, "workflow": OuterRef("workflow"), "subject": OuterRef("subject")}
    rows = list(
        states.annotate(
            has_answered=Exists(Answered.objects.filter(**mine)),
            has_looked=Exists(Look.objects.filter(**mine)),
        ).order_by("workflow__slug")
    )
    still = [row for row in rows if row.retired_at is None]
    return Sight(
        asking=[row.workflow for row in still],
        unanswered=[row.workflow for row in still if not (row.has_answered or row.has_looked)],
        hidden=any(
            row.workflow.published is not None and not row.workflow.published.definition.get("glance", True)
            for row in still
        ),
        answered=any(row.has_answered for row in rows),
        never_asked=not rows,
        member=member,
    )


def hear(subject_id: int, sight: Sight, person: Volunteer | None) -> None:
    """Keep that the person has looked, before they are shown anything. Raises Independence where they may not."""
    if not sight.may_hear:
        raise Independence
    if person is not None:
        for workflow in sight.asking:
            look_at_subjects(workflow.pk, [subject_id], person)


def choose_to_hear(subject_id: int, sight: Sight, person: Volunteer) -> None:
    """The person gives up answering it where they have not: from here on they may hear. Raises Independence."""
    if not (sight.may_choose or sight.may_hear):
        raise Independence
    for workflow in sight.asking:
        look_at_subjects(workflow.pk, [subject_id], person)


def finished(subjects: QuerySet[Subject]) -> QuerySet[Subject]:
    """Those about which some workflow has asked and none asks any more: everybody may hear of them, in any list."""
    states = SubjectState.objects.filter(subject=OuterRef("pk"))
    return subjects.filter(Exists(states), ~Exists(states.filter(retired_at__isnull=True)))


def audible(subjects: QuerySet[Subject], person: Volunteer | None) -> QuerySet[Subject]:
    """Those of which the person may hear; that they hear is to be kept where they are told what was said."""
    states = SubjectState.objects.filter(subject=OuterRef("pk"))
    still = states.filter(retired_at__isnull=True)
    who = person.person_id if person else 0
    mine = {"volunteer": who, "workflow": OuterRef("workflow"), "subject": OuterRef("subject")}
    closed = still.filter(
        _HIDES | (~Exists(Answered.objects.filter(**mine)) & ~Exists(Look.objects.filter(**mine)))
    )
    return subjects.filter(Exists(states), ~Exists(closed))
