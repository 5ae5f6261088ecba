"""Subjects and volunteers of what comes from elsewhere: known by (source, id), made when they first occur."""

from collections.abc import Iterable, Mapping
from typing import Any

from projects.imports.copying import copy_rows
from projects.imports.parsed import Parsed
from projects.models import PairMember, Project, Subject, SubjectSet, Volunteer

HIDDEN = ("!", "//")
"""Beginnings of keys that the reference platform does not show to volunteers, beside # (FEM, filterByLabel.js)."""


def subject_key(row: Parsed) -> str:
    """Our external id of what the row looks at: a pair is named by its members."""
    return ";".join(row.subjects)


class Subjects:
    """External id to our id, of one project and source."""

    def __init__(self, project: Project, source: str) -> None:
        self._project = project
        self._source = source
        self._ids: dict[str, int] = {}
        self._new: set[int] = set()
        self.pairs = 0

    @property
    def made(self) -> int:
        return len(self._new)

    def is_new(self, subject: int) -> bool:
        """Made by this import."""
        return subject in self._new

    def __getitem__(self, external_id: str) -> int:
        return self._ids[external_id]

    def get(self, external_id: str) -> int | None:
        return self._ids.get(external_id)

    def ensure(self, rows: Iterable[tuple[Parsed, SubjectSet]]) -> None:
        """Know the subjects of these rows. Metadata are those of the first row that names a subject; what is here
        already stays as it is."""
        wanted: dict[str, tuple[SubjectSet | None, Any]] = {}
        pairs: dict[str, tuple[list[str], SubjectSet]] = {}
        for row, subject_set in rows:
            if len(row.subjects) == 1:
                wanted.setdefault(row.subjects[0], (subject_set, row.subject_data.get(row.subjects[0])))
                continue
            pairs.setdefault(subject_key(row), (row.subjects, subject_set))
            for member in row.subjects:
                wanted.setdefault(member, (None, row.subject_data.get(member)))
        self._find([*wanted, *pairs])
        members = None
        if any(kept is None and name not in self._ids for name, (kept, _) in wanted.items()):
            members, _ = SubjectSet.objects.get_or_create(
                project=self._project, slug="members-of-pairs", defaults={"title": "Members of pairs"}
            )
        self._make(
            self._subject(name, kept or members, metadata_of(data))
            for name, (kept, data) in wanted.items()
            if name not in self._ids
        )
        new = {name: pair for name, pair in pairs.items() if name not in self._ids}
        self._make(self._subject(name, kept, {}) for name, (_, kept) in new.items())
        self.pairs += len(new)
        PairMember.objects.bulk_create(
            PairMember(pair_id=self._ids[name], position=position, member_id=self._ids[member])
            for name, (names, _) in new.items()
            for position, member in enumerate(names)
        )

    def _find(self, names: list[str]) -> None:
        unknown = [name for name in names if name not in self._ids]
        there = Subject.objects.filter(project=self._project, source=self._source, external_id__in=unknown)
        self._ids.update(there.values_list("external_id", "pk"))

    def _subject(self, name: str, subject_set: SubjectSet | None, metadata: dict[str, Any]) -> Subject:
        return Subject(
            project=self._project,
            subject_set=subject_set,
            source=self._source,
            external_id=name,
            metadata=metadata,
        )

    def _make(self, subjects: Iterable[Subject]) -> None:
        """Their ids are random, so they are known before they are stored."""
        made = list(subjects)
        self._ids.update({subject.external_id: subject.pk for subject in made})
        self._new |= {subject.pk for subject in made}
        copy_rows(Subject, made)


def metadata_of(data: Any) -> dict[str, Any]:
    """Without what the platform says of the retirement. Keys that it hides from volunteers are hidden here."""
    if not isinstance(data, dict):
        return {}
    kept = {key: value for key, value in data.items() if key != "retired"}
    return {f"#{key}" if key.startswith(HIDDEN) else key: value for key, value in kept.items()}


class Volunteers:
    """External id to (volunteer, person), of one source."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._known: dict[str, tuple[int, int]] = {}
        self.made = 0

    def __getitem__(self, external_id: str) -> tuple[int, int]:
        return self._known[external_id]

    def ensure(self, rows: Iterable[Parsed]) -> None:
        wanted = {row.volunteer: row.simulated for row in rows if row.volunteer not in self._known}
        self._find(wanted)
        new = [
            Volunteer(source=self._source, external_id=name, simulated=simulated)
            for name, simulated in wanted.items()
            if name not in self._known
        ]
        Volunteer.objects.bulk_create(new, batch_size=1000)
        self.made += len(new)
        self._known |= {each.external_id: (each.pk, each.pk) for each in new}

    def _find(self, names: Mapping[str, bool]) -> None:
        there = Volunteer.objects.filter(source=self._source, external_id__in=list(names))
        self._known |= {each.external_id: (each.pk, each.person_id) for each in there}
