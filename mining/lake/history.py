"""Whether a lake is of the history that the database holds.

Two things can part them. A *restored backup*: up to some position the two are one, behind it nothing is the same. So
the lake's partitions are right up to the last one whose end is the record's; `fingerprint` says what stands there.
And *a simulated crowd that was removed*, the one case in which a record loses rows in its middle: the same transaction
gives the workflow's lake a new generation, and a lake of another generation is thrown away whole.
"""

import hashlib
import json
import logging
import uuid
from dataclasses import replace

from django.db import connection

from mining.lake.form import FORM
from mining.lake.manifest import Damaged, Manifest, folder_of, load
from mining.models import Lake

logger = logging.getLogger(__name__)

# The entry at the position; where that is of a kind whose rows change (a discount) or tell nothing here (a weight),
# those before it too, back to an entry that carries a number or a time that no other history has.
END = """
SELECT l.position, l.kind, l.record_id, c.uuid::text,
       extract(epoch FROM coalesce(c.received_at, j.at, g.at, r.at, w.at))::text
  FROM projects_ledgerentry l
  LEFT JOIN projects_discount d ON l.kind IN ('discount', 'restoration') AND d.id = l.record_id
  LEFT JOIN projects_classification c
    ON c.id = CASE l.kind WHEN 'classification' THEN l.record_id ELSE d.classification_id END
  LEFT JOIN projects_joining j ON l.kind = 'joining' AND j.id = l.record_id
  LEFT JOIN projects_goldanswer g ON l.kind = 'gold' AND g.id = l.record_id
  LEFT JOIN projects_retirement r ON l.kind = 'retirement' AND r.id = l.record_id
  LEFT JOIN projects_weight w ON l.kind = 'weight' AND w.id = l.record_id
 WHERE l.workflow_id = %(workflow)s AND l.position <= %(at)s AND l.position >= coalesce((
       SELECT position FROM projects_ledgerentry
        WHERE workflow_id = %(workflow)s AND position <= %(at)s
          AND kind IN ('classification', 'joining', 'gold', 'retirement')
        ORDER BY position DESC LIMIT 1), 0)
 ORDER BY l.position
"""


def generation_of(workflow_id: int) -> str:
    """Made where there is none yet."""
    return str(Lake.objects.get_or_create(workflow_id=workflow_id)[0].generation)


def forget(workflow_id: int) -> None:
    """The record lost rows in its middle: from the end of this transaction on no lake of the workflow is believed."""
    Lake.objects.update_or_create(workflow_id=workflow_id, defaults={"generation": uuid.uuid4()})


def fingerprint(workflow_id: int, position: int) -> str:
    """Of the record at a position; empty where the record does not reach it."""
    with connection.cursor() as cursor:
        cursor.execute(END, {"workflow": workflow_id, "at": position})
        rows = cursor.fetchall()
    if not rows or rows[-1][0] != position:
        return ""
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def standing(workflow_id: int) -> Manifest:
    """The lake's manifest, with the partitions that are of the record's history; what is thrown away is logged.

    An empty one where there is no lake. The files themselves are not looked at.
    """
    generation = str(Lake.objects.filter(pk=workflow_id).values_list("generation", flat=True).first() or "")
    empty = Manifest(workflow_id, FORM, generation)
    try:
        found = load(folder_of(workflow_id))
    except Damaged as damage:
        logger.warning("The lake of workflow %s is made anew: %s.", workflow_id, damage)
        return empty
    if found is None:
        return empty
    if found.workflow != workflow_id or found.form != FORM or found.generation != generation:
        logger.warning(
            "The lake of workflow %s is made anew: it is of %s.",
            workflow_id,
            f"form {found.form}, not {FORM}"
            if found.form != FORM
            else "another record, or of one that lost rows since",
        )
        return empty
    kept = len(found.partitions)
    while kept and fingerprint(workflow_id, found.partitions[kept - 1].to) != found.partitions[kept - 1].end:
        kept -= 1
    cut = replace(found, partitions=found.partitions[:kept])
    if kept < len(found.partitions):
        logger.warning(
            "The lake of workflow %s reaches position %s, but behind %s it is not of this record (was a backup "
            "restored?): that part is made anew.",
            workflow_id,
            found.position,
            cut.position,
        )
    return cut
