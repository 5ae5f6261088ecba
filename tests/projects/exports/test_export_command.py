"""python manage.py export."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from projects.exports.files import pieces
from projects.models import Look, Workflow
from tests.projects.exports.conftest import Zoo

# The command opens a transaction of its own.
pytestmark = pytest.mark.django_db(transaction=True)


def run(*words: str) -> tuple[str, str]:
    out, told = io.StringIO(), io.StringIO()
    call_command("export", *words, stdout=out, stderr=told)
    return out.getvalue(), told.getvalue()


@pytest.mark.parametrize("name", ["catalogue", "classifications", "columns"])
def test_a_file_is_the_teams_whole_table(zoo: Zoo, tmp_path: Path, name: str):
    file = tmp_path / "out.csv"
    printed, told = run("zoo", name, "--workflow", "shapes", "--out", str(file))
    assert (printed, told.strip()) == ("", f"{file}: written")
    assert file.read_text(encoding="utf-8") == "".join(pieces(name, zoo.workflow, team=True))
    assert list(tmp_path.iterdir()) == [file]
    assert Look.objects.count() == 0


def test_standard_output_and_the_only_workflow(zoo: Zoo):
    printed, _ = run("zoo", "catalogue", "--out", "-")
    assert [row["external_id"] for row in csv.DictReader(io.StringIO(printed))] == ["s0", "s1", "s2", "s3"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nowhere", "catalogue"], "There is no project nowhere; there are: zoo."),
        (["zoo", "catalogue", "--workflow", "no"], "zoo has no workflow no; it has: shapes, second."),
        (["zoo", "catalogue"], "Say which workflow with --workflow; zoo has: shapes, second."),
        (
            ["zoo", "catalogue", "--workflow", "second"],
            "The workflow second was never published, so it has no data.",
        ),
        (
            ["zoo", "catalogue", "--workflow", "shapes", "--out", "/nowhere/a.csv"],
            "/nowhere/a.csv can't be written: No such file or directory.",
        ),
    ],
)
def test_what_it_refuses(zoo: Zoo, words: list[str], sentence: str):
    first = zoo.workflow
    Workflow.objects.create(
        project=first.project, slug="second", title="Second", position=1, subject_set=first.subject_set
    )
    with pytest.raises(CommandError) as refusal:
        run(*words)
    assert (str(refusal.value), refusal.value.returncode) == (sentence, 1)


def test_a_failure_leaves_the_old_file(zoo: Zoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*args: object, **kwargs: object) -> object:
        yield "half a fi"
        raise OSError(28, "No space left on device")

    file = tmp_path / "out.csv"
    file.write_text("yesterday's")
    monkeypatch.setattr("projects.management.commands.export.pieces", broken)
    with pytest.raises(CommandError, match="No space left on device"):
        run("zoo", "catalogue", "--workflow", "shapes", "--out", str(file))
    assert [path.read_text() for path in tmp_path.iterdir()] == ["yesterday's"]
