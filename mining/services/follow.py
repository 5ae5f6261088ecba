"""Follow a workflow's record: weigh each counted answer as it comes, and post what follows from it."""

from collections.abc import Sequence

from django.db import connection, transaction

from mining.ballots import Ballot, task_of
from mining.ledger import Counted, Discounted, Event, Weighed, read_events
from mining.models import Reader
from mining.services import online_store
from mining.services.conclude import conclude
from mining.written import Written
from projects.services import Conclusion, post_evidence

BATCH = 200
"""Entries a transaction: post_evidence locks their subjects, and their volunteers wait that long."""

LOCK = 0x564F4F52  # "VOOR": the advisory locks of this module


def try_lock(workflow_id: int) -> bool:
    """One follower a workflow, until the transaction ends (also when its process is killed)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, workflow_id])
        return bool(cursor.fetchone()[0])


def follow(workflow_id: int, *, batch: int = BATCH) -> int:
    """Read on from the stored position to the end of the record; returns how many entries were read.

    State, evidence and position are written in one transaction for each `batch` entries, so that it is safe to kill,
    to run twice and to run at the same time: where another process follows this workflow, this one leaves.
    """
    done = 0
    while n := _follow_some(workflow_id, batch):
        done += n
    return done


@transaction.atomic
def _follow_some(workflow_id: int, batch: int) -> int:
    if not try_lock(workflow_id):
        return 0
    reader, _ = Reader.objects.get_or_create(workflow_id=workflow_id)
    before = reader.position
    events, reader.position = read_events(workflow_id, after=before, limit=batch)
    if reader.position == before:
        return 0
    conclusions = advance(workflow_id, events)
    post_evidence(workflow_id=workflow_id, conclusions=conclusions, position=reader.position)
    reader.save(update_fields=["position", "at"])
    return reader.position - before


def advance(workflow_id: int, events: Sequence[Event]) -> list[Conclusion]:
    """Load, take the events in, save; returns what follows for each (subject, task) that they touched.

    A subject's conclusion is drawn at its own last event, with the skills of that moment, so that it too does not
    depend on how many events are taken at a time.
    """
    fold = online_store.load(workflow_id, events)
    last = {place: at for at, event in enumerate(events) for place in _places(event)}
    conclusions: list[Conclusion] = []
    for at, event in enumerate(events):
        fold.take(event)
        ended = {place: asked for place, asked in _places(event).items() if last[place] == at}
        conclusions += [conclude(fold, *place, asked) for place, asked in ended.items()]
    online_store.save(workflow_id, fold)
    return conclusions


def _places(event: Event) -> dict[tuple[int, str], list[Ballot | Written]]:
    """The (subject, task) pairs that an event is about, with what the task stands for. A check is about nobody's
    subject; a weight moves no text."""
    match event:
        case Counted():
            return _places_of(event, [*event.ballots, *event.written])
        case Discounted(of=counted):
            return _places_of(counted, [*counted.ballots, *counted.written])
        case Weighed(again=again):
            return {place: asked for each in again for place, asked in _weighed(each).items()}
        case _:
            return {}


def _weighed(answer: Counted) -> dict[tuple[int, str], list[Ballot | Written]]:
    """Of what is weighed; of a survey with its answers about the choices, which stand as they are."""
    places = _places_of(answer, [*answer.ballots, *answer.written])
    return {place: asked for place, asked in places.items() if isinstance(asked[0], Ballot)}


def _places_of(
    answer: Counted, asked: Sequence[Ballot | Written]
) -> dict[tuple[int, str], list[Ballot | Written]]:
    places: dict[tuple[int, str], list[Ballot | Written]] = {}
    for each in asked:
        places.setdefault((answer.subject, task_of(each.path)), []).append(each)
    return places
