"""The test database is emptied after a test that commits: rows are deleted where there are some.

Django truncates every table and fills its own anew; of a hundred tables, of which a test fills ten, that is a quarter
of a second each time, and a lock on all of them, which a request that is late meets.
"""

from django.core.management import call_command
from django.db import connection, transaction
from django.test import TransactionTestCase

KEPT = {"auth_permission", "django_content_type"}  # what migrating fills
MOST = 4_000_000  # bytes of a table, dead rows too, up to which deleting is quicker


def after_a_test(_: TransactionTestCase) -> None:
    tables = sorted(set(connection.introspection.django_table_names(include_views=False)) - KEPT)
    with transaction.atomic(), connection.cursor() as cursor:
        each = " UNION ALL ".join(
            f"SELECT '{table}', pg_relation_size('{table}') WHERE EXISTS (SELECT FROM {table})"
            for table in tables
        )
        cursor.execute(each)
        filled = dict(cursor.fetchall())
        if all(size <= MOST for size in filled.values()):
            cursor.execute("SET LOCAL session_replication_role = replica")  # the triggers of the ledger rest
            for table in filled:
                cursor.execute(f"DELETE FROM {table}")
            return
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False, allow_cascade=False)
