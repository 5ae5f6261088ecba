"""A catalogue table onto a project's subjects: joined by id or on the sky, its columns kept as catalogue attributes.

All of it or nothing, in one transaction. *Extend* adds columns and values and refuses to change one that is here;
*replace* takes the earlier values of the file's columns away from all subjects first.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.imports.csvfile import File
from projects.imports.runs import Run
from projects.imports.tables.joining import Joined, Subject, by_id, by_position, subjects_of
from projects.imports.tables.readers import read
from projects.imports.tables.table import Table
from projects.imports.tables.values import Attribute, attribute, same_unit, with_unit
from projects.models import CatalogueAttribute, Project

STEP = 5000  # subjects

STORE = """
UPDATE projects_subject s
   SET attributes = (s.attributes - %(keys)s::text[]) || coalesce(v.attributes, '{}'::jsonb)
  FROM projects_subject o LEFT JOIN joined_values v ON v.id = o.id
 WHERE s.id = o.id AND o.project_id = %(project)s AND (v.id IS NOT NULL OR s.attributes ?| %(keys)s::text[])
"""


@dataclass(frozen=True)
class Options:
    """id_column, or ra and dec with a radius in arcseconds; subject_ra, subject_dec: where the subjects have theirs.

    sentinels: column (or * for all) to the numbers that stand for a missing value there.
    """

    id_column: str = ""
    ra: str = ""
    dec: str = ""
    radius: float = 2.0
    subject_ra: str = "ra"
    subject_dec: str = "dec"
    replace: bool = False
    passing: bool = False
    encoding: str = "utf-8"
    sentinels: str = ""


def import_catalogue(run: Run, file: File, options: Options) -> None:
    """Raises Invalid for a table that is refused, Cancelled. What came of it stands in the run's report."""
    sentinels = parse_sentinels(options.sentinels)
    if bool(options.id_column) == bool(options.ra and options.dec):
        raise Invalid(_("Say either the column of ids, or the columns of right ascension and declination."))
    wanted = [options.id_column] if options.id_column else [options.ra, options.dec]
    table = read(file, wanted, options.encoding)
    run.reading(table.rows)
    taken, left_out = _columns(table, options)
    _check_sentinels(sentinels, taken)
    with transaction.atomic():
        run.wait_for_turn()
        project = Project.objects.select_for_update(no_key=True).get(pk=run.record.project_id)
        subjects = subjects_of(project)
        joined = _join(table, subjects, options)
        described = {each.key: each for each in project.attributes.all()}
        if not options.replace:
            taken = _agreeing(table, taken, joined, subjects, described)
        _store(run, project, taken, joined, replace=options.replace)
        known = _describe(project, taken, described, sentinels, run.record.source, replace=options.replace)
        counts = {"rows": table.rows, "joined": len(joined.rows), **joined.counts, **known}
        run.finish(
            counts,
            rows=table.rows,
            sha256=file.sha256(),
            notes=_notes(table, options),
            columns=[[each.key, each.unit, "number" if each.is_number else "category"] for each in taken],
            left_out=[list(each) for each in left_out],
        )


def parse_sentinels(text: str) -> dict[str, list[float]]:
    """Of `-9999 redshift=-1`: for all columns, and for one. Raises Invalid."""
    found: dict[str, list[float]] = {}
    for piece in text.replace(",", " ").replace(";", " ").split():
        name, equals, number = piece.rpartition("=")
        try:
            value = float(number)
        except ValueError:
            value = float("nan")
        if abs(value) == float("inf") or value != value or (equals and not name):
            raise Invalid(
                _("%(piece)s is no sentinel: write -9999, or COLUMN=-9999.") % {"piece": piece[:60]}
            )
        found.setdefault(name or "*", []).append(value)
    return found


def _columns(table: Table, options: Options) -> tuple[list[Attribute], list[tuple[str, str]]]:
    taken, left_out = [], []
    for column in table.columns:
        if column.name == options.id_column:
            continue
        found, why = attribute(table, column)
        if found is None:
            left_out.append((column.name, why))
        else:
            taken.append(found)
    if not taken:
        raise Invalid(
            _("No column can be taken: %(why)s.")
            % {"why": "; ".join(f"{name}: {why}" for name, why in left_out[:5]) or _("there is only the id")}
        )
    return taken, left_out


def _check_sentinels(sentinels: Mapping[str, Sequence[float]], taken: Sequence[Attribute]) -> None:
    numbers = {each.key for each in taken if each.is_number}
    for name in sentinels.keys() - numbers - {"*"}:
        raise Invalid(
            _("A sentinel is declared for %(name)s, which is no column of numbers.") % {"name": name}
        )


def _join(table: Table, subjects: list[Subject], options: Options) -> Joined:
    if options.id_column:
        return by_id(table, options.id_column, subjects, passing=options.passing)
    keys = (options.subject_ra, options.subject_dec)
    return by_position(table, (options.ra, options.dec), subjects, keys, options.radius)


def _agreeing(
    table: Table,
    taken: list[Attribute],
    joined: Joined,
    subjects: Sequence[Subject],
    described: Mapping[str, CatalogueAttribute],
) -> list[Attribute]:
    """The attributes, under the units that are here. Raises Invalid where something here says otherwise."""
    agreed = []
    for each in taken:
        known = described.get(each.key)
        if known is not None:
            said = {"column": each.key, "file": each.unit or _("none"), "here": known.unit or _("none")}
            if each.unit and known.unit and not same_unit(each.unit, known.unit):
                raise Invalid(
                    _(
                        "Column %(column)s has the unit %(file)s in the file and %(here)s here. Rename it or convert "
                        "it, or replace the column."
                    )
                    % said
                )
            if (known.kind == CatalogueAttribute.Kind.NUMBER) != each.is_number:
                raise Invalid(
                    _(
                        "Column %(column)s holds numbers on one side and texts on the other. Rename or replace it."
                    )
                    % said
                )
            each = with_unit(each, known.unit or each.unit)
        agreed.append(each)
    for subject in subjects:
        if (row := joined.rows.get(subject.id)) is not None:
            _check_values(table, agreed, subject, row)
    return agreed


def _check_values(table: Table, taken: Sequence[Attribute], subject: Subject, row: int) -> None:
    for each in taken:
        here, value = subject.attributes.get(each.key), each.value(row)
        if here is not None and value is not None and here != value:
            said = {
                "where": table.where(row), "column": each.key, "value": value, "here": here,
                "id": subject.external_id,
            }  # fmt: skip
            raise Invalid(
                _(
                    "%(where)s, column %(column)s: the file says %(value)s, subject %(id)s has %(here)s already. "
                    "Choose “replace” if the file is right."
                )
                % said
            )


def _store(run: Run, project: Project, taken: list[Attribute], joined: Joined, *, replace: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE joined_values (id bigint, attributes jsonb) ON COMMIT DROP")
        with cursor.copy("COPY joined_values FROM STDIN") as copy:
            for done, (subject, row) in enumerate(sorted(joined.rows.items())):
                values = {each.key: value for each in taken if (value := each.value(row)) is not None}
                copy.write_row((subject, json.dumps(values)))
                if done % STEP == 0:
                    run.storing(done, len(joined.rows))
        keys = [each.key for each in taken] if replace else []
        cursor.execute(STORE, {"keys": keys, "project": project.pk})
        cursor.execute("DROP TABLE joined_values")


def _describe(
    project: Project,
    taken: Sequence[Attribute],
    described: dict[str, CatalogueAttribute],
    sentinels: Mapping[str, Sequence[float]],
    source: str,
    *,
    replace: bool,
) -> dict[str, int]:
    made = 0
    for each in taken:
        row = described.get(each.key)
        if row is None:
            row = CatalogueAttribute(
                project=project, key=each.key, label=each.key, position=len(described) + made
            )
            made += 1
        row.kind = CatalogueAttribute.Kind.NUMBER if each.is_number else CatalogueAttribute.Kind.CATEGORY
        row.unit = each.unit[:40] if replace else row.unit or each.unit[:40]
        row.description = row.description or each.description
        row.source = source
        declared = _declared(each, sentinels)
        row.sentinels = declared if replace else sorted({*row.sentinels, *declared})
        row.save()
    return {"columns": len(taken), "new_columns": made}


def _declared(each: Attribute, sentinels: Mapping[str, Sequence[float]]) -> list[float]:
    """Those for the column by its name, and those for all that occur in it."""
    if not each.is_number:
        return []
    present = set(each.values.tolist())
    everywhere = [value for value in sentinels.get("*", ()) if value in present]
    return sorted({*everywhere, *sentinels.get(each.key, ())})


def _notes(table: Table, options: Options) -> list[str]:
    notes = [_("Read as %(form)s.") % {"form": table.form}]
    if options.replace:
        notes.append(_("Earlier values of these columns were taken away from all subjects first."))
    if not options.id_column:
        notes.append(_("Joined on the sky within %(n)g arcseconds, one to one.") % {"n": options.radius})
    return notes
