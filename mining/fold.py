"""The online state of one workflow as a fold over its ledger.

state(P) is what comes out when the events at positions 1..P are taken in one after another, and nothing else goes
into it: not how many are read at a time, not which rows happen to be loaded, not the clock. So whoever reads the
record again ends with the same numbers, bit for bit.

- A counted classification gives one vote to each question that it came to (mining/ballots.py).
- A discount takes the votes of its classification out again; other subjects feel it at their next vote.
- A joining makes the alias's votes the person's: their counts are added, their votes renamed. Where both have voted
  on a subject (the record discounts one of them before) the alias's vote is taken out.
- A question's answers come from the version of the classification that first brought it; a later version's new
  answers are added when the first classification of that version comes. None is taken away, so no state is stale.
- A correction's vote moves its subject and never the person's matrix. A restoration counts the answer again.
- Where the answer of a question is known, an un-helped answer on it teaches: one in the person's matrix and in the
  crowd's, in the row of the truth. When what is known changes, all answers there were are taught anew.
- A weight holds for a person's votes from its place on: it lessens what they say of their subjects, and takes their
  counts out of the crowd's; the subjects that it names are weighed again at once, others at their next vote. At a
  joining the lesser weight of the two is the person's.
- A person has one vote a question and subject; a second one, should the record hold it, is counted as asked only.
- What a classifier says beforehand stands from its place on for the class frequencies; a subject feels it at its next
  vote. It is no vote, and counts in nothing.
- Of a task of kind text the texts are kept as they are (mining/sheet.py); what they come to is no part of the state.
"""

from dataclasses import dataclass, field

from mining.ballots import Ballot
from mining.ledger import Checked, Counted, Discounted, Event, Joined, Known, Primed, Weighed
from mining.science.consensus.online import Change, Id, OnlineTask
from mining.sheet import Sheet


@dataclass
class Seat:
    """What a (subject, question) has beside its science: how many were asked, and whose votes are the voters'."""

    asked: int = 0
    classifications: list[int] = field(default_factory=list)


@dataclass
class Touched:
    """What must be written down. Volunteers are (path, person), subjects and sheets (subject, path)."""

    tasks: set[str] = field(default_factory=set)
    volunteers: set[tuple[str, int]] = field(default_factory=set)
    subjects: set[tuple[int, str]] = field(default_factory=set)
    gone: set[tuple[str, int]] = field(default_factory=set)
    aliases: set[int] = field(default_factory=set)
    sheets: set[tuple[int, str]] = field(default_factory=set)
    known: set[tuple[int, str]] = field(default_factory=set)
    weights: set[int] = field(default_factory=set)
    priors: set[tuple[int, str]] = field(default_factory=set)
    cleared: set[str] = field(default_factory=set)


@dataclass
class Fold:
    """Whatever the events need must be loaded first: see mining/services/online_store.py."""

    tasks: dict[str, OnlineTask] = field(default_factory=dict)
    seats: dict[tuple[int, str], Seat] = field(default_factory=dict)
    votes: dict[tuple[str, int], int] = field(default_factory=dict)
    aliases: dict[int, int] = field(default_factory=dict)
    sheets: dict[tuple[int, str], Sheet] = field(default_factory=dict)
    known: dict[tuple[int, str], str] = field(default_factory=dict)
    weights: dict[Id, float] = field(default_factory=dict)
    priors: dict[str, dict[Id, dict[str, float]]] = field(default_factory=dict)
    """By path; each question's `OnlineTask` has its own of them."""
    touched: Touched = field(default_factory=Touched)

    def take(self, event: Event) -> None:
        match event:
            case Counted():
                self._answer(event)
            case Discounted(of=counted):
                for ballot in counted.ballots:
                    self._discount(counted, ballot)
                for each in counted.written:
                    self._sheet(counted.subject, each.path).discount(counted.classification)
            case Checked(answer=answer):
                for ballot in answer.ballots:
                    self._teach(answer, ballot, self.known.get((answer.subject, ballot.path)))
            case Known():
                self._learn(event)
            case Joined():
                self._join(event)
            case Primed():
                self._prime(event)
            case Weighed():
                self._weigh(self.person(event.volunteer), event.factor)
                for answer in event.again:
                    self._weigh_again(answer)

    def _answer(self, event: Counted) -> None:
        for ballot in event.ballots:
            self._count(event, ballot)
        for each in event.written:
            sheet = self._sheet(event.subject, each.path)
            sheet.add(event.classification, self.person(event.volunteer), each.text)

    def person(self, volunteer: int) -> int:
        return self.aliases.get(volunteer, volunteer)

    def voters(self, subject: int, path: str) -> list[int]:
        task = self.tasks.get(path)
        state = task.subjects.get(subject) if task else None
        return [int(voter) for voter in state.voters] if state else []

    def _count(self, event: Counted, ballot: Ballot) -> None:
        task = self._task(ballot)
        seat = self.seats.setdefault((event.subject, ballot.path), Seat())
        seat.asked += 1
        self.touched.subjects.add((event.subject, ballot.path))
        person = self.person(event.volunteer)
        if ballot.key is None or person in self.voters(event.subject, ballot.path):
            return
        self._note(ballot.path, task.apply(event.subject, person, ballot.key, learn=event.first))
        seat.classifications.append(event.classification)
        self.votes[ballot.path, person] = self.votes.get((ballot.path, person), 0) + 1

    def _discount(self, event: Counted, ballot: Ballot) -> None:
        seat = self.seats[event.subject, ballot.path]
        seat.asked -= 1
        self.touched.subjects.add((event.subject, ballot.path))
        if event.classification in seat.classifications:
            self._retract(event.subject, ballot.path, seat.classifications.index(event.classification))

    def _retract(self, subject: int, path: str, at: int) -> None:
        person = self.voters(subject, path)[at]
        self._note(path, self.tasks[path].retract(subject, person))
        del self.seats[subject, path].classifications[at]
        self.votes[path, person] -= 1

    def _prime(self, event: Primed) -> None:
        """cleared has "" for all questions."""
        if event.clears:
            self.touched.cleared.add(event.path)
            for path in list(self.priors) if event.path == "" else [event.path]:
                self.priors_of(path).clear()
            self.touched.priors = {place for place in self.touched.priors if event.path not in ("", place[1])}
        for subject, chances in event.chances.items():
            self.priors_of(event.path)[subject] = chances
            self.touched.priors.add((subject, event.path))

    def priors_of(self, path: str) -> dict[Id, dict[str, float]]:
        return self.priors.setdefault(path, {})

    def _weigh(self, person: int, weight: float) -> None:
        self.weights[person] = weight
        self.touched.weights.add(person)
        for path in sorted(self.tasks):
            if self.tasks[path].weigh(person, weight):
                self.touched.tasks.add(path)

    def _weigh_again(self, answer: Counted) -> None:
        for ballot in answer.ballots:
            if self.voters(answer.subject, ballot.path):
                self._note(ballot.path, self.tasks[ballot.path].refresh(answer.subject))
                self.touched.subjects.add((answer.subject, ballot.path))

    def _learn(self, event: Known) -> None:
        """What the experts say of a subject has changed."""
        new = {question.path: question.truth for question in event.questions}
        old = {
            path: truth for (subject, path), truth in self.known.items() if subject == event.subject and truth
        }
        for question in event.questions:
            self._task(Ballot(question.path, question.keys, None))
        for path in sorted(new.keys() | old.keys()):
            if new.get(path) == old.get(path):
                continue
            for answer in event.answered:
                for ballot in answer.ballots:
                    if ballot.path == path:
                        self._teach(answer, ballot, old.get(path), sign=-1)
                        self._teach(answer, ballot, new.get(path))
            self.known[event.subject, path] = new.get(path, "")
            self.touched.known.add((event.subject, path))

    def _teach(self, answer: Counted, ballot: Ballot, truth: str | None, sign: int = 1) -> None:
        """One answer on a known question, taken in or (sign -1) out."""
        if not truth or ballot.key is None:
            return
        task, person = self._task(ballot), self.person(answer.volunteer)
        (task.teach if sign > 0 else task.unteach)(person, truth, ballot.key)
        self.votes[ballot.path, person] = self.votes.get((ballot.path, person), 0) + sign
        self.touched.tasks.add(ballot.path)
        self.touched.volunteers.add((ballot.path, person))
        self.touched.gone.discard((ballot.path, person))

    def _join(self, event: Joined) -> None:
        alias, person = event.alias, event.person
        weight = min(self.weights.get(alias, 1.0), self.weights.get(person, 1.0))
        if weight < 1.0:
            self._weigh(alias, weight)
            self._weigh(person, weight)
        for subject, path in sorted(self.seats):
            voters = self.voters(subject, path)
            if alias not in voters:
                continue
            if person in voters:
                self._retract(subject, path, voters.index(alias))
                continue
            self.tasks[path].subjects[subject].voters[voters.index(alias)] = person
            self.touched.subjects.add((subject, path))
        for path in sorted(self.tasks):
            self._add_counts(path, alias, person)
        for place, sheet in self.sheets.items():
            if sheet.join(alias, person):
                self.touched.sheets.add(place)
        self.aliases[alias] = person
        self.touched.aliases.add(alias)
        if weight < 1.0:  # the alias has no votes any more
            self._weigh(alias, 1.0)

    def _add_counts(self, path: str, alias: int, person: int) -> None:
        task = self.tasks[path]
        theirs = task.volunteers.pop(alias, None)
        if theirs is None:
            return
        own = task.volunteers.setdefault(person, [[0.0] * len(task.keys) for _ in task.keys])
        for row, extra in zip(own, theirs, strict=True):
            for label, count in enumerate(extra):
                row[label] += count
        self.votes[path, person] = self.votes.get((path, person), 0) + self.votes.pop((path, alias))
        self.touched.volunteers.discard((path, alias))
        self.touched.volunteers.add((path, person))
        self.touched.gone.add((path, alias))

    def _sheet(self, subject: int, path: str) -> Sheet:
        self.touched.sheets.add((subject, path))
        return self.sheets.setdefault((subject, path), Sheet())

    def _task(self, ballot: Ballot) -> OnlineTask:
        task = self.tasks.get(ballot.path)
        if task is None:
            task = self.tasks[ballot.path] = OnlineTask(
                list(ballot.keys), weights=dict(self.weights), priors=self.priors_of(ballot.path)
            )
            self.touched.tasks.add(ballot.path)
        for key in ballot.keys:
            if key not in task.keys:
                task.extend(key)
                self.touched.tasks.add(ballot.path)
        return task

    def _note(self, path: str, change: Change) -> None:
        self.touched.tasks.add(path)
        self.touched.volunteers.update((path, int(person)) for person in change.volunteers)
        self.touched.gone.difference_update((path, int(person)) for person in change.volunteers)
