"""Known answers as the record of a workflow tells them up to a place in its ledger: question by question.

A question (see mining/ballots.py) of a subject is known when more of the experts whose answers stand gave one answer
than any other. Only a volunteer's first answer, given without help, says something of them: hidden checks and exams.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mining.ballots import ballots
from projects.models import Classification, GoldAnswer, LedgerEntry
from projects.services import get_version

UNHELPED = ("check", "exam")
"""`Classification.counted_reason` of the answers on known subjects that skill is drawn from."""


@dataclass(frozen=True)
class Question:
    """keys: the answers offered; truth: the one that is known."""

    path: str
    keys: list[str]
    truth: str


def questions(answers: Iterable[GoldAnswer]) -> list[Question]:
    """What is known of one subject, given the experts' answers that stand."""
    given: dict[str, list[str]] = {}
    keys: dict[str, list[str]] = {}
    for answer in answers:
        for ballot in ballots(get_version(answer.version_id).definition, answer.annotations):
            keys[ballot.path] = ballot.keys
            if ballot.key is not None:
                given.setdefault(ballot.path, []).append(ballot.key)
    return [Question(path, keys[path], truth) for path, some in given.items() if (truth := settled(some))]


def stands(answers: Iterable[GoldAnswer]) -> list[GoldAnswer]:
    """Of one subject's records, in their order: the newest of each expert, without those withdrawn."""
    newest = {answer.expert: answer for answer in answers}
    return [answer for answer in newest.values() if not answer.withdrawn]


def records_to(record: GoldAnswer) -> list[GoldAnswer]:
    """The subject's records up to this one. They are made under the subject's lock, so ids are in their order."""
    rows = GoldAnswer.objects.filter(workflow_id=record.workflow_id, subject_id=record.subject_id)
    return list(rows.filter(pk__lte=record.pk).order_by("pk"))


def answered_before(record: GoldAnswer) -> Iterator[Classification]:
    """The un-helped answers that were there on the subject before this record, by receipt.

    Both are made under the subject's lock with the database's clock, so their times are in the order of the ledger.
    """
    rows = Classification.objects.filter(workflow_id=record.workflow_id, subject_id=record.subject_id)
    return rows.filter(counted_reason__in=UNHELPED, received_at__lt=record.at).order_by("id").iterator()


def known_at(workflow_id: int, position: int) -> dict[str, dict[int, str]]:
    """Path to subject to the known answer, by the records up to a ledger position."""
    entries = LedgerEntry.objects.filter(workflow_id=workflow_id, kind="gold", position__lte=position)
    by_subject: dict[int, list[GoldAnswer]] = {}
    for row in GoldAnswer.objects.filter(pk__in=entries.values("record_id")).order_by("pk"):
        by_subject.setdefault(row.subject_id, []).append(row)
    found: dict[str, dict[int, str]] = {}
    for subject, records in by_subject.items():
        for question in questions(stands(records)):
            found.setdefault(question.path, {})[subject] = question.truth
    return found


def settled(keys: Sequence[str]) -> str | None:
    first, *others = Counter(keys).most_common(2)
    return None if others and others[0][1] == first[1] else first[0]
