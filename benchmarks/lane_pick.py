"""Does a pick from a lane cost more with its length? `python -m benchmarks.lane_pick [--subjects 1000000]`.

Two workflows, 10,000 and a million subjects, all in one lane with places drawn at random; no gate (a gate is a probe
of its own and does not know of subjects). Prints the CPU ms (this process and its PostgreSQL backend) of `next` and the
ratio large over small: for a newcomer; a volunteer who is a fifth down the lane and has answered all above, still open
(200,000 of a million); one whom the lane's gate keeps out and for whom only the pool is left; one who has answered all
of the lane that is open, and what the whole lap costs that finds so, once a minute at most; and for whom the gate keeps
out where the pool is empty.
"""

import argparse
import os
import uuid
from collections.abc import Callable

from benchmarks.scale import Meter, execute, make
from benchmarks.site import stage

LANED = """
INSERT INTO projects_lane (workflow_id, slug, title, source, "where", priority, requires, "order", made_at)
VALUES (%(workflow)s, 'long', 'Long', 'team', '[]', 0, '[]', '', now());
UPDATE projects_subjectstate SET priority = random(), laned_at = now(),
       lane_id = (SELECT id FROM projects_lane WHERE workflow_id = %(workflow)s)
 WHERE workflow_id = %(workflow)s;
"""
DOWN = """
INSERT INTO projects_answered (volunteer_id, workflow_id, subject_id, classification_id)
SELECT %(volunteer)s, %(workflow)s, subject_id, 0 FROM projects_subjectstate
 WHERE workflow_id = %(workflow)s AND priority > %(down_to)s ON CONFLICT DO NOTHING;
INSERT INTO projects_lanecursor (holder, lane_id, priority, shuffle, lapped_at)
SELECT %(holder)s, id, %(down_to)s, 0, CASE WHEN %(down_to)s = 0 THEN now() END
  FROM projects_lane WHERE workflow_id = %(workflow)s;
"""
GATE = "UPDATE projects_lane SET requires = %(requires)s WHERE workflow_id = %(workflow)s"
POOL = """
UPDATE projects_subjectstate SET lane_id = NULL, priority = NULL, laned_at = NULL
 WHERE workflow_id = %(workflow)s AND shuffle < %(share)s
"""
EMPTY_POOL = """
UPDATE projects_subjectstate SET retired_at = now() WHERE workflow_id = %(workflow)s AND lane_id IS NULL
"""


def veteran(workflow: int, down_to: float) -> uuid.UUID:
    from projects.services.volunteers import make_volunteer
    from tests.projects.factories import make_pass

    held = make_pass()
    values = {
        "volunteer": make_volunteer(held).pk,
        "workflow": workflow,
        "holder": held.public_id,
        "down_to": down_to,
    }
    execute(DOWN, values)
    return held.public_id


def ask(workflow: int, holder: uuid.UUID | None = None) -> Callable[[], object]:
    from projects.services import next_subjects

    who = holder or uuid.uuid4()
    return lambda: next_subjects(workflow_id=workflow, holder=who, tab=uuid.uuid4())


def compare(subjects: int, calls: int) -> None:
    from projects.models import Qualification, Workflow

    meter = Meter()
    sizes = (10_000, subjects)
    workflows = [make(f"lanes-{size}", size, 0) for size in sizes]
    for workflow in workflows:
        execute(LANED, {"workflow": workflow})
        project = Workflow.objects.get(pk=workflow).project_id
        Qualification.objects.create(project_id=project, slug="greek", title="Greek", kind="language")
    some = [veteran(workflow, 0.8) for workflow in workflows]
    done = [veteran(workflow, 0.0) for workflow in workflows]

    def measured(name: str, one: list[Callable[[], object]], other: list[Callable[[], object]]) -> None:
        meter.medians(one[:30], other[:30])  # to warm up: plans, caches
        small, large = meter.medians(one[30:], other[30:])
        print(f"    {name:36} {small:14.3f}  {large:10.3f}  {large / small:6.2f}", flush=True)

    execute("VACUUM ANALYZE", {})
    execute("CHECKPOINT", {})
    print(f"{'CPU ms of next':40} at 10,000  at {subjects:,}  ratio")
    n = calls + 30
    measured("newcomer", *([ask(flow) for _ in range(n)] for flow in workflows))
    measured(
        "a fifth down the lane",
        *([ask(f, h) for _ in range(n)] for f, h in zip(workflows, some, strict=True)),
    )
    for workflow, size in zip(workflows, sizes, strict=True):
        execute(POOL, {"workflow": workflow, "share": 3000 / size})
    execute("VACUUM ANALYZE projects_subjectstate", {})
    measured(
        "all of the lane answered, then pool",
        *([ask(f, h) for _ in range(n)] for f, h in zip(workflows, done, strict=True)),
    )
    laps = []
    for workflow, holder in zip(workflows, done, strict=True):
        execute(
            "UPDATE projects_lanecursor SET lapped_at = NULL WHERE holder = %(holder)s", {"holder": holder}
        )
        laps.append(meter.cost(ask(workflow, holder)))
    print(f"    {'a whole lap in vain, once':36} {laps[0]:14.3f}  {laps[1]:10.3f}", flush=True)
    for workflow in workflows:
        execute(GATE, {"workflow": workflow, "requires": '["greek"]'})
    measured("kept out by the gate, pool", *([ask(flow) for _ in range(n)] for flow in workflows))
    for workflow in workflows:
        execute(EMPTY_POOL, {"workflow": workflow})
    execute("VACUUM ANALYZE projects_subjectstate", {})
    measured("kept out, nothing left", *([ask(flow) for _ in range(n)] for flow in workflows))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--subjects", type=int, default=1_000_000)
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        import django

        django.setup()
        compare(arguments.subjects, arguments.calls)
        return
    with stage() as here:
        here.environment["PYTHONUNBUFFERED"] = "1"
        os.environ.update(here.environment)
        print(here.run("-m", "benchmarks.lane_pick", "--inside", "--subjects", str(arguments.subjects),
                       "--calls", str(arguments.calls)))  # fmt: skip


if __name__ == "__main__":
    main()
