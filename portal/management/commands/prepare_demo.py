"""python manage.py prepare_demo: everything between an empty database and a site with something to look at.

Run by the supervisor at each start; what is done already costs little. One process for all steps, since most of the
time of a short command is spent on starting Python and Django.
"""

import json
import secrets
from contextlib import suppress
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand

from mining.models import AttributeRun, PictureHash, Run
from mining.services.attribute_runs import ask
from portal import alive, env
from portal.management.commands.prepare import step
from portal.supervisor.install import write_private
from portal.talk.samples import sample_talk
from projects.models import Classification, LedgerEntry, Project, ProjectMember, Workflow
from projects.samples import by_slug
from projects.services.desk import set_group

ACCOUNTS = (
    ("keeper", "staff, and owner of the sample projects: /admin/ too"),
    ("volunteer", "somebody who classifies"),
)

ASKED = {"deep-field": ("shapes", "T0", "features")}
"""Sample to the workflow, question and answer of its first run on attributes."""
TALKED_OF = {"deep-field"}
WRITERS = ("keeper", "volunteer")
"""Samples whose Talk is opened, and the accounts that say something there."""
COMPARED = {"content-policy"}
"""Samples whose pictures are compared, and pairs of them judged by simulated voices."""


class Command(BaseCommand):
    help = (
        "Migrates, collects static files, builds the samples with their simulated crowds, makes the sign-ins."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("prepare", stdout=self.stdout)
        if env.flag("SAMPLES", default=True):
            self._samples()
        self._accounts()
        self._talk()
        with suppress(redis.RedisError):  # the site tells that Redis is away
            alive.forget("worker", "beat")

    def _samples(self) -> None:
        """What is in projects/samples, whatever that is: one after the other, each whole before the next."""
        here = set(Project.objects.values_list("slug", flat=True))
        for slug, folder in by_slug().items():
            if slug not in here:
                self._step(f"Building the sample project {slug}", "build_samples", folder.name)
            self._crowd(slug)

    def _crowd(self, slug: str) -> None:
        # Once: the ledger keeps its entries, so a crowd that somebody has removed does not come back. Known answers
        # come with the sample and stand in the ledger, too.
        entries = LedgerEntry.objects.filter(workflow__project__slug=slug)
        if not entries.filter(kind=LedgerEntry.Kind.CLASSIFICATION).exists():
            self._step("Simulating a crowd, so that there are results to look at", "simulate_crowd", slug)
        answered = Classification.objects.filter(workflow__project__slug=slug).exists()
        if answered and not Run.objects.filter(workflow__project__slug=slug).exists():
            self._step("Weighing its answers", "mine", slug)
        if slug in ASKED:
            self._ask(slug, *ASKED[slug])
        if slug in COMPARED and not PictureHash.objects.filter(media__subject__project__slug=slug).exists():
            self._step("Looking for similar pictures", "simulate_pairs", slug)
            for workflow in Workflow.objects.filter(project__slug=slug):
                set_group(workflow, "Seller")

    def _ask(self, slug: str, name: str, task: str, key: str) -> None:
        """What the pages on attributes, associations and unusual objects show: the worker reckons it later."""
        workflow = Workflow.objects.filter(project__slug=slug, slug=name).first()
        done = Run.objects.filter(workflow=workflow, status=Run.Status.DONE).first()
        if workflow is None or done is None or workflow.attribute_runs.exists():
            return
        ask(workflow, AttributeRun.Kind.ATTRIBUTES, task=task, key=key, consensus=done)
        ask(workflow, AttributeRun.Kind.ASSOCIATIONS, consensus=done)
        ask(workflow, AttributeRun.Kind.UNUSUAL, consensus=done, with_open=True)
        ask(workflow, AttributeRun.Kind.CLASSIFIERS, with_open=True)

    def _talk(self) -> None:
        """Before the worker looks for unusual objects, which the flags are among."""
        people = {user.get_username(): user for user in get_user_model().objects.filter(username__in=WRITERS)}
        for project in Project.objects.filter(slug__in=TALKED_OF):
            if len(people) == len(WRITERS) and sample_talk(project, people):
                self.stdout.write(f"Talk of {project.slug}: a few samples")

    def _step(self, title: str, command: str, *arguments: str) -> None:
        step(self.stdout, title, command, *arguments)

    def _accounts(self) -> None:
        """Random passwords, one set for each installation; the file and the database are made to agree."""
        path = settings.VAR_DIR / "demo-accounts.json"
        known: dict[str, str] = {}
        if path.exists():
            known = {
                entry["username"]: entry["password"] for entry in json.loads(path.read_text(encoding="utf-8"))
            }
        entries = []
        for username, what in ACCOUNTS:
            password = known.get(username) or secrets.token_urlsafe(9)
            entries.append({"username": username, "password": password, "what": what})
            staff = username == "keeper"
            user, made = get_user_model().objects.get_or_create(
                username=username, defaults={"is_staff": staff, "is_superuser": staff}
            )
            if made or username not in known:
                user.set_password(password)
                user.save()
            if staff:
                for project in Project.objects.filter(slug__in=by_slug()):
                    ProjectMember.objects.get_or_create(
                        project=project, user=user, role=ProjectMember.Role.OWNER
                    )
        if len(known) < len(ACCOUNTS):
            write_private(path, json.dumps(entries, indent=2))
