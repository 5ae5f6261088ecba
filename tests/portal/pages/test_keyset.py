"""Paging by keyset: every row once, in order, from the index whatever the page."""

import pytest
from django.db import connection, transaction

from mining.models import Consensus, Run
from portal.pages.keyset import page
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 20_000

# 21 values of dispersion, so that ties are many; subjects that are not there, since only numbers matter here.
FILL = """
SET LOCAL session_replication_role = replica;
INSERT INTO mining_consensus
       (run_id, subject_id, task, key, probability, dispersion, effective_votes, votes, probabilities)
SELECT %(run)s, n, 'T0', 'a', 1 - (n %% 21) / 20.0, (n %% 21) / 20.0, 1, n %% 50, '{}'
  FROM generate_series(1, %(rows)s) n
"""


@pytest.fixture
def run():
    made = Run.objects.create(workflow=make_workflow(1), method="majority", position=0, status="done")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FILL, {"run": made.pk, "rows": ROWS})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mining_consensus")
    return made


def rows_of(run):
    return Consensus.objects.filter(run=run, task="T0")


@pytest.mark.parametrize("down", [True, False])
def test_every_row_once_and_in_order(run, down):
    seen, after = [], ""
    for _page in range(ROWS // 1000 + 1):
        found = page(rows_of(run), "dispersion", "subject_id", down=down, after=after, size=1000)
        assert found.later == bool(after)
        seen += [(row.dispersion, row.subject_id) for row in found.rows]
        after = found.after
        if not after:
            break
    assert len(seen) == ROWS
    assert seen == sorted(seen, reverse=down)


@pytest.mark.parametrize("column", ["dispersion", "probability", "votes"])
def test_a_page_far_down_reads_the_index(run, column):
    rows = rows_of(run)
    middle = rows.order_by(f"-{column}", "-subject_id")[ROWS // 2]
    after = f"{getattr(middle, column)!r}~{middle.subject_id}"
    with connection.execute_wrapper(explained := Explained()):
        assert len(page(rows, column, "subject_id", down=True, after=after, size=24).rows) == 24
    assert f"consensus_by_{column}" in explained.plan
    assert "Sort" not in explained.plan


class Explained:
    """The plan of the statement that a page is read with."""

    plan = ""

    def __call__(self, execute, sql, params, many, context):
        with context["connection"].connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql}", params)
            self.plan = "\n".join(line for (line,) in cursor.fetchall())
        return execute(sql, params, many, context)


@pytest.mark.parametrize("after", ["", "x", "1~", "~1", "nan~1", "inf~1", f"1~{2**63}", "1~1~1"])
def test_what_is_no_place_begins_at_the_start(run, after):
    found = page(rows_of(run), "dispersion", "subject_id", down=True, after=after, size=2)
    assert [row.subject_id for row in found.rows] == [ROWS - ROWS % 21 - 1, ROWS - ROWS % 21 - 22]
    assert not found.later
