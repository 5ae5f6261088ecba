"""How many decisions a second one process of the desk makes, through its own pages, beside a plain limit of votes.

    python -m portal.embedded run -- python -m benchmarks.desk_speed

Makes projects of SUBJECTS items in a test database and throws them away. Three ways, each sustained over all of the
items: by form (claim and show the next item, decide it), the verbs alone (claim_next, decide_here), and, as what
volunteers' answers cost with a limit of one vote, record_classification. Prints decisions a second of wall clock and of
CPU time, and the ratio to the limit.
"""

import os
import time
import uuid
from collections.abc import Callable

import django

SUBJECTS = 400
WANTED = 50


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from django.conf import settings
    from django.test.utils import get_runner

    settings.ALLOWED_HOSTS = ["*"]
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        measure()
    finally:
        runner.teardown_databases(databases)


def measure() -> None:
    from django.contrib.auth.models import User
    from django.test import Client

    from projects.models import ProjectMember, Subject
    from projects.services import record_classification
    from projects.services.claims import claim_next
    from projects.services.decisions import Judged
    from projects.services.desk import decide_here
    from projects.services.lane_moves import Which, put_in
    from projects.services.lanes import make_lane
    from tests.projects.factories import TREE, make_pass, make_workflow, submission

    user = User.objects.create_user("moderator")
    one = TREE | {"retirement": ["gte", ["votes"], 1]}
    flows = [make_workflow(SUBJECTS, slug=f"desk{number}", definition=one) for number in range(3)]
    for flow in flows:
        flow.refresh_from_db()
        ProjectMember.objects.create(project=flow.project, user=user, role="moderator")
    lanes = [make_lane(workflow=flow, title="New") for flow in flows[:2]]
    for lane in lanes:
        put_in(lane, Which(pool=True))
    client = Client()
    client.force_login(user)

    def by_form() -> None:
        place = f"/projects/desk0/desk/shapes/lanes/{lanes[0].slug}/"
        page = client.get(place).content.decode()
        subject = page.partition('name="subject" value="')[2].partition('"')[0]
        sent = {"id": str(uuid.uuid4()), "subject": subject, "seen": "0", "verdict": "ok", "back": place}
        assert client.post("/projects/desk0/desk/shapes/decide/", sent).status_code == 302

    def by_verbs() -> None:
        subject = claim_next(flows[1], lanes[1], user)
        assert subject is not None
        decide_here(workflow=flows[1], judged=[Judged(subject, "ok", seen=0)], by=user)

    left = iter(list(Subject.objects.filter(project=flows[2].project).values_list("pk", flat=True)))

    def by_votes() -> None:
        record_classification(submission(flows[2], next(left)), make_pass())

    limit = clocked("a vote that retires by a plain limit", by_votes, None)
    clocked("verbs: claim, decide", by_verbs, limit)
    clocked("pages: item shown, form sent", by_form, limit)


def clocked(name: str, once: Callable[[], None], limit: float | None) -> float:
    """A second of wall clock; prints it with CPU time and the ratio."""
    once()
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(SUBJECTS - 1):
        once()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    rate = (SUBJECTS - 1) / wall
    ratio = "" if limit is None else f", {rate / limit:.2f} of the limit"
    print(
        f"{name}: {rate:.0f}/s wall ({(SUBJECTS - 1) / cpu:.0f}/s of this process's CPU){ratio}; wanted {WANTED}"
    )
    return rate


if __name__ == "__main__":
    main()
