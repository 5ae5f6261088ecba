"""Celery's way into mining: ids in, safe to run twice, lost or late. Services are imported inside, so that a process
that only sends (the web) loads neither numpy nor polars."""

# ruff: noqa: PLC0415
import subprocess
import sys
from typing import Any

from celery import shared_task
from celery.signals import worker_init
from django.conf import settings
from django.core.cache import cache

ASK_AGAIN = 60
"""Seconds after which a workflow that is still far behind is told of again: its process may have been killed."""


@worker_init.connect
def warm_up(**kwargs: Any) -> None:
    """A worker loads the arrays before its first job: that takes a second, in which somebody waits."""
    import mining.services.follow  # noqa: F401


@shared_task
def follow_workflow(workflow_id: int) -> int:
    """Weigh what the record holds since the last time; returns how many entries were read. What is far behind is left
    to `catch_up`."""
    from mining.services.catch_up import FAR
    from mining.services.follow import follow
    from mining.services.lag import lag_of

    return follow(workflow_id) if lag_of(workflow_id) <= FAR else 0


@shared_task
def tick() -> None:
    """Find the work that no message told of. Beat sends this every two seconds, so nothing depends on messages."""
    from mining.services.catch_up import FAR
    from mining.services.lag import workflows_behind
    from mining.services.stale_charts import claim, workflows_with_stale_charts

    for workflow_id, entries in workflows_behind().items():
        if entries <= FAR:
            follow_workflow.delay(workflow_id)
        elif cache.add(f"mining-catch-up-{workflow_id}", True, ASK_AGAIN):
            catch_up.apply_async([workflow_id], queue="heavy", expires=ASK_AGAIN)
    for workflow_id in workflows_with_stale_charts():
        if claim(workflow_id):
            draw_charts.apply_async([workflow_id], queue="heavy", expires=60)
    tend_runs()
    tend_attribute_runs()


@shared_task
def catch_up(workflow_id: int) -> None:
    """In a process of its own, for minutes after a large import; one at a time (mining/services/catch_up.py)."""
    _run("catch_up", workflow_id, seconds=3600)


@shared_task
def look_for_unfair() -> None:
    """Ask for a look at each workflow whose answers have gone on. Beat sends this every five minutes."""
    from mining.services.look_for_unfair import workflows_to_look_at

    for workflow_id in workflows_to_look_at():
        if cache.add(f"mining-fairness-{workflow_id}", True, 5 * ASK_AGAIN):
            look_at_workflow.apply_async([workflow_id], queue="heavy", expires=5 * ASK_AGAIN)


@shared_task
def look_at_workflow(workflow_id: int) -> None:
    """In a process of its own; one at a time a workflow (mining/services/look_for_unfair.py)."""
    _run("look_for_unfair", workflow_id, seconds=3600)


@shared_task
def draw_charts(workflow_id: int) -> None:
    """Draw the charts of the results page again, in a process of its own: drawing would hold up the other threads of
    this one for a second, and an answer is to be weighed within one."""
    _run("draw_charts", workflow_id, seconds=120)


@shared_task
def reckon_merit(person: int, workflow_id: int) -> None:
    """What a person is told of their own skill, for their statistics page."""
    from mining.services.reckon_merit import reckon

    reckon(person, workflow_id)


@shared_task
def tend_runs() -> None:
    """Make the scheduled runs that are due, and send all that wait on their way; a page that asks for one sends this at
    once."""
    from mining.services.runs import tend
    from mining.services.schedules import ask_for_what_is_due

    ask_for_what_is_due()
    for run_id, resumed in tend():
        if cache.add(f"mining-run-{run_id}-{resumed}", True, ASK_AGAIN):
            work_run.apply_async([run_id], queue="heavy", expires=ASK_AGAIN)


@shared_task
def work_run(run_id: int) -> None:
    """A batch run and its charts, in a process of its own. That it was asked for may be told twice: it is done once."""
    _run("work_run", run_id, seconds=6 * 3600)


@shared_task
def tend_lakes() -> None:
    """Append what is new to the lakes, in a process of its own. Beat sends this every minute."""
    from mining.lake.tend import workflows_to_append

    for workflow_id in workflows_to_append():
        _run("lake", "append", "--id", workflow_id, seconds=3600)


@shared_task
def tend_attribute_runs() -> None:
    """The same for the runs on attributes, unusual objects, classifiers and similar pictures."""
    from mining.services.attribute_runs import tend
    from mining.services.retraining import ask_for_due

    ask_for_due()
    for run_id in tend():
        if cache.add(f"mining-attributes-{run_id}", True, ASK_AGAIN):
            work_attributes.apply_async([run_id], queue="heavy", expires=ASK_AGAIN)


@shared_task
def look_for_similar() -> int:
    """Ask for a look at the pictures of each workflow that has new ones, or new judgements of pairs. Beat sends this
    every minute; returns how many."""
    from mining.services.similar_pairs import ask_for_due

    return len(ask_for_due())


@shared_task
def tend_bands() -> int:
    """Models decide what lies in live bands; returns how many subjects were looked at. Beat sends this every five
    seconds."""
    from mining.services.band_work import tend_bands as tend

    return tend()


@shared_task
def tell_of_arrivals() -> int:
    """Ask that champions to which bands listen tell of what has come since. Beat sends this every minute; returns how
    many are asked."""
    from mining.services.arrivals import ask_for_untold

    return len(ask_for_untold())


@shared_task
def work_attributes(run_id: int) -> None:
    """One of them with its charts, in a process of its own; told twice it is done once."""
    _run("work_attributes", run_id, seconds=6 * 3600)


@shared_task
def qualify() -> int:
    """Qualifications follow skill and roles. Beat sends this every ten minutes: seldom, so that nobody learns from the
    change which answer was to a hidden check."""
    from mining.services.qualify import follow_skill_and_roles

    return follow_skill_and_roles()


def _run(command: str, *arguments: str | int, seconds: int) -> None:
    subprocess.run(
        [sys.executable, "manage.py", command, *map(str, arguments)],
        cwd=settings.BASE_DIR,
        check=True,
        timeout=seconds,
        stdin=subprocess.DEVNULL,
    )
