"""Each test is one transaction, so the ledger's triggers, which wait for a commit, are told not to."""

import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def _ledger_at_once(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
