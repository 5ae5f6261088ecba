"""The statements that hand out work: from the ring (the common pool) or from a lane, with hidden checks among it.

The ring: each subject has a random place in it, each volunteer a random start. A lane: the greatest priority first,
and among equals by the same random place; everybody starts at its head. In both, ahead of a volunteer's cursor lies
nothing that they have answered (in the first lap), so a pick reads about as many index entries as it hands out.
What is retired, fully leased or in a lane is not in the ring's index, what is not in this lane not in the lane's.
"""

from functools import cache

from projects.models import Use

HEAD = 25
"""So many open subjects at a lane's head are looked at again before a volunteer goes on from their cursor: what came
in lately and is urgent is found, and it costs the same for whoever has answered a thousand that are still open."""

# One statement, one transaction: choose and lock, lease, mark, move the cursor, keep the tab's other leases alive.
# Leases are not worth a disk flush: lost with a power cut, they would only have reserved. The `IS NULL` probes are
# written so that the planner can't turn them into a hash of all that the volunteer ever answered.
PICK = """
WITH {candidate}, leased AS (
    INSERT INTO projects_lease (workflow_id, subject_id, holder, tab, expires_at)
    SELECT %(workflow)s, subject_id, %(holder)s, %(tab)s, now() + %(seconds)s * interval '1 second' FROM candidate
    ON CONFLICT DO NOTHING RETURNING subject_id
), marked AS (
    UPDATE projects_subjectstate s SET leased = s.leased + 1 FROM leased
     WHERE s.workflow_id = %(workflow)s AND s.subject_id = leased.subject_id
), extended AS (
    UPDATE projects_lease SET expires_at = now() + %(seconds)s * interval '1 second'
     WHERE holder = %(holder)s AND workflow_id = %(workflow)s AND tab = %(tab)s
), moved AS (
    INSERT INTO projects_cursor (holder, workflow_id, at, served)
    SELECT %(holder)s, %(workflow)s, coalesce({at}, %(at)s), count(*) FROM candidate
    HAVING count(*) > 0
    ON CONFLICT (holder, workflow_id) DO UPDATE SET at = excluded.at, served = projects_cursor.served + excluded.served
){walked}
SELECT set_config('synchronous_commit', 'off', true), c.subject_id, c.shuffle, {payload}
  FROM candidate c JOIN leased USING (subject_id) JOIN projects_subject u ON u.id = c.subject_id
 ORDER BY c.subject_id
"""
PICKED = """
    SELECT s.subject_id, s.shuffle, s.use, s.priority FROM {rows}
     WHERE s.workflow_id = %(workflow)s AND {which}
       AND (SELECT 1 FROM projects_answered a WHERE a.volunteer_id = %(person)s
               AND a.workflow_id = %(workflow)s AND a.subject_id = s.subject_id) IS NULL
       AND (SELECT 1 FROM projects_lease l WHERE l.workflow_id = %(workflow)s
               AND l.subject_id = s.subject_id AND l.holder = %(holder)s) IS NULL
     ORDER BY {order} LIMIT {n} FOR UPDATE OF s {wait}"""
STATES = "projects_subjectstate s"
# Where there are known subjects to mix in, one statement finds both kinds whatever it hands out in the end, so that
# neither its time nor its order tells which is which. Checks are of the lane of the work, or like it of none.
MIXED = """checks_ahead AS ({checks_ahead}), checks_again AS ({checks_again}), {work},
checks AS (
    SELECT * FROM (SELECT * FROM checks_ahead UNION ALL SELECT * FROM checks_again) c LIMIT %(checks)s
), candidate AS (
    SELECT * FROM checks WHERE EXISTS (SELECT FROM work)
    UNION ALL (SELECT * FROM work LIMIT {n} - (SELECT count(*) FROM checks))
)"""
PAYLOAD = """u.metadata, (
    SELECT coalesce(json_agg(json_build_object('path', m.path, 'mime', m.mime, 'width', m.width,
                                               'height', m.height, 'alt', m.alt) ORDER BY m.position), '[]')
      FROM projects_media m WHERE m.subject_id = u.id)"""

AHEAD = "s.shuffle > %(at)s"
ROUND_AGAIN = "s.shuffle <= %(at)s"
ANYWHERE = "true"

IN_LANE = "s.lane_id = %(lane)s AND s.available AND s.use = 0"
LANE_ORDER = "s.priority DESC, s.shuffle DESC"
PLACE = "(%(after_priority)s::float8, %(after_shuffle)s::float8)"
LANE_HEAD = f"""(
    SELECT s.subject_id FROM projects_subjectstate s
     WHERE {IN_LANE} AND (s.priority, s.shuffle) >= {PLACE}
     ORDER BY {LANE_ORDER} LIMIT {HEAD}
  ) head JOIN projects_subjectstate s ON s.workflow_id = %(workflow)s AND s.subject_id = head.subject_id"""  # noqa: S608
LANE_AHEAD = f"(s.priority, s.shuffle) < {PLACE}"
LANE_AGAIN = f"(s.priority, s.shuffle) >= {PLACE}"
# A cursor goes on down its lane; only a new lap puts it back to where that has begun.
WALKED = """, walked AS (
    INSERT INTO projects_lanecursor AS k (holder, lane_id, priority, shuffle)
    SELECT %(holder)s, %(lane)s, priority, shuffle FROM candidate WHERE use = 0 ORDER BY priority, shuffle LIMIT 1
    ON CONFLICT (holder, lane_id) DO UPDATE SET priority = excluded.priority, shuffle = excluded.shuffle {when}
)"""
ONWARD = "WHERE k.priority IS NULL OR (excluded.priority, excluded.shuffle) < (k.priority, k.shuffle)"


@cache
def from_ring(where: str, n: int, *, mixed: bool = False, wait: str = "SKIP LOCKED") -> str:
    """From the common pool. `n` is written into the statement: as a parameter it would hide from the planner that so
    little is wanted. `mixed`: at most %(checks)s of them hidden checks that the volunteer has not seen."""
    which = f"s.available AND s.use = 0 AND s.lane_id IS NULL AND {where}"
    work = PICKED.format(rows=STATES, which=which, order="s.shuffle", n=n, wait=wait)
    candidate = _mixed(f"work AS ({work})", "s.lane_id IS NULL", n) if mixed else f"candidate AS ({work})"
    at = "max(shuffle) FILTER (WHERE use = 0)"
    return PICK.format(candidate=candidate, at=at, walked="", payload=PAYLOAD)


@cache
def from_lane(where: str, n: int, *, mixed: bool = False, wait: str = "SKIP LOCKED") -> str:
    """From the lane %(lane)s, which the volunteer is qualified for. With LANE_AHEAD its head comes first."""
    values = {"order": LANE_ORDER, "n": n, "wait": wait}
    there = PICKED.format(rows=STATES, which=f"{IN_LANE} AND {where}", **values)
    work = f"work AS ({there})"
    if where == LANE_AHEAD:
        head = PICKED.format(rows=LANE_HEAD, which=IN_LANE, **values)
        both = "SELECT * FROM head UNION ALL SELECT * FROM ahead"
        work = f"head AS ({head}), ahead AS ({there}), work AS (SELECT * FROM ({both}) w LIMIT {n})"  # noqa: S608
    plain = f"{work}, candidate AS (SELECT * FROM work)"  # noqa: S608 (constants)
    candidate = _mixed(work, "s.lane_id = %(lane)s", n) if mixed else plain
    walked = WALKED.format(when=ONWARD if where == LANE_AHEAD else "")
    return PICK.format(candidate=candidate, at="NULL", walked=walked, payload=PAYLOAD)


def _mixed(work: str, lane: str, n: int) -> str:
    """At most %(checks)s hidden checks that the volunteer has not seen, the rest work; no checks without work."""
    ahead, again = (
        PICKED.format(
            rows=STATES,
            which=f"s.use = {Use.CHECK.value} AND {lane} AND s.shuffle {side} %(turn)s",
            order="s.shuffle",
            n=n,
            wait="SKIP LOCKED",
        )
        for side in (">", "<=")
    )
    return MIXED.format(checks_ahead=ahead, checks_again=again, work=work, n=n)
