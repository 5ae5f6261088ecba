"""python manage.py dry_run PROJECT WORKFLOW: what the draft's rule would have done with the answers that there are."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.drafting.rule import in_words
from projects.models import Workflow
from projects.services.drafts import draft_of
from projects.services.foresee import foresee


class Command(BaseCommand):
    help = "Tries the rule of a workflow's draft on its answers; changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project")
        parser.add_argument("workflow")

    def handle(self, *args: Any, project: str, workflow: str, **options: Any) -> None:
        flow = (
            Workflow.objects.select_related("project", "published")
            .filter(project__slug=project, slug=workflow)
            .first()
        )
        if flow is None:
            raise CommandError(f"There is no workflow {workflow} in {project}.")
        condition = draft_of(flow).definition["retirement"]
        found = foresee(flow, condition)
        self.stdout.write(f"rule: {in_words(condition)}")
        self.stdout.write(f"finished: {found.retired} of {found.subjects} subjects with answers")
        self.stdout.write(f"answers that came after that: {found.spared} of {found.answers}")
        for n, subjects in sorted(found.finished.items()):
            self.stdout.write(f"  after {n} answers: {subjects}")
        for task, subjects in sorted(found.other.items()):
            self.stdout.write(f"{task}: another answer leads now than then, of {subjects} subjects")
        if found.asks_model:
            self.stdout.write(
                "What the rule asks of the model is not known of past moments, and counts as not true."
            )
