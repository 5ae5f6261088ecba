"""New rows by COPY: several times faster than INSERT, where nobody needs their numbers back."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import AutoField, GeneratedField, Model


def copy_rows(model: type[Model], rows: Iterable[Model]) -> int:
    """Append rows of one model, each field as it stands; the database gives their ids. Returns how many."""
    ours = [
        field
        for field in model._meta.local_concrete_fields
        if not isinstance(field, AutoField | GeneratedField)
    ]
    fields = [field for field in ours if field.column]  # a key of several columns has none of its own
    columns = ", ".join(str(field.column) for field in fields)
    n = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            values: list[Any] = [
                field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields
            ]
            copy.write_row(values)
            n += 1
    return n
