"""manage.py consensus PROJECT: one question weighed, straight from the lake into a file, on one machine or more."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from mining.ballots import answers_of, task_of
from mining.lake.append import append
from mining.lake.history import standing
from mining.lake.manifest import folder_of
from mining.science.consensus import METHODS
from mining.science.consensus import method as make_method
from mining.science.tables import TableError, write_table
from mining.science.votes import VotesError
from projects.models import Subject, Workflow
from projects.services import get_version


class Command(BaseCommand):
    help = (
        "Weigh one question over the lake and write item, label, probability, votes as CSV: for records too large to "
        "be rows of a run. Known answers and weights are not taken in, and nothing is stored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="Its slug.")
        parser.add_argument("--workflow", required=True, help="Its slug.")
        parser.add_argument(
            "--task", required=True, help="The question: T0, or T7:ring of a task of kind multiple."
        )
        parser.add_argument("--method", default="dawid-skene-pooled", choices=sorted(METHODS))
        parser.add_argument("--out", type=Path, required=True, help="A CSV file.")
        parser.add_argument(
            "--scheduler",
            default=settings.DASK_SCHEDULER,
            metavar="ADDRESS",
            help="Of a Dask cluster whose workers see the lake, such as tcp://10.0.0.1:8786 (or DASK_SCHEDULER).",
        )

    def handle(
        self,
        *,
        project: str,
        workflow: str,
        task: str,
        method: str,
        out: Path,
        scheduler: str,
        **options: Any,
    ) -> None:
        from mining.cluster import ClusterError, weigh_question  # noqa: PLC0415 - arrays

        asked = Workflow.objects.filter(project__slug=project, slug=workflow).first()
        if asked is None:
            raise CommandError(f"There is no workflow {workflow} in a project {project}.")
        labels = _labels(asked, task)
        if not labels:
            raise CommandError(f"{workflow} has no question {task} with answers to choose from.")
        done = append(asked.pk, whole=True)
        if done.said:
            raise CommandError(done.said)
        files = [folder_of(asked.pk) / each.name for each in standing(asked.pk).partitions]
        try:
            found = weigh_question(files, task, labels, make_method(method), scheduler=scheduler)
            names = dict(
                Subject.objects.filter(subject_set=asked.subject_set_id).values_list("pk", "external_id")
            )
            weighed = found.method
            write_table(
                out,
                {
                    "item": [names.get(each, str(each)) for each in found.subjects.tolist()],
                    "label": [labels[code] for code in weighed.labels_.tolist()],
                    "probability": weighed.probabilities_.max(axis=1),
                    "votes": found.votes,
                },
            )
        except (ClusterError, VotesError, TableError) as error:
            raise CommandError(str(error)) from error
        where = f"on the cluster at {scheduler}" if scheduler else "here"
        self.stdout.write(
            f"{out}: {len(found.subjects)} subjects, {found.votes.sum()} votes up to position {done.position}, "
            f"{method}, {weighed.n_iter_} rounds{'' if weighed.converged_ else ' (not converged)'}, {where}."
        )


def _labels(workflow: Workflow, path: str) -> list[str]:
    """The answers offered in any version, in the order in which they came up."""
    keys: dict[str, None] = {}
    for version in workflow.versions.order_by("pk").values_list("pk", flat=True):
        definition = get_version(version).definition
        task = definition.tasks.get(task_of(path))
        if task is not None and task.choices and task.chooses_one == (":" not in path):
            keys.update(dict.fromkeys(answers_of(definition, path)))
    return list(keys)
