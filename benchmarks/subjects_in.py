"""How fast do subjects come in, and what does a page of them cost? `python -m benchmarks.subjects_in`.

Prints subjects a second through `import_subjects`, which the pages, the API and the commands use, and pictures a second
through a zip of small PNGs, as the worker reads it, beside what decoding alone takes (Pillow). Then the CPU ms (this
process and its PostgreSQL backend) of a page of 60 in the lab's list of all subjects, among 10,000 and among all:
the first page, the last, one filtered by a word that one subject in 1,000 has, and one that looks for what nobody has.
"""

import argparse
import io
import os
import time
import zipfile
from collections.abc import Callable
from typing import Any

from benchmarks.scale import Meter, execute
from benchmarks.site import stage

ANSWERS = [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}]
TREE: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {"T0": {"kind": "single", "question": "What?", "answers": ANSWERS}},
    "retirement": ["gte", ["votes"], 5],
}


def fill(slug: str, subjects: int) -> Any:
    """A project with so many subjects in a published workflow's set."""
    from projects.models import Project, Workflow
    from projects.services import NewMedia, NewSubject, import_subjects, publish_workflow

    project = Project.objects.create(slug=slug, title=slug, state="live", is_public=True)
    subject_set = project.subject_sets.create(slug="all", title="All")
    workflow = Workflow.objects.create(project=project, slug="w", title="W", subject_set=subject_set)
    publish_workflow(workflow, TREE)
    new = [
        NewSubject(
            f"object-{n:07d}",
            [NewMedia("https://example.org/x.png", "image/png", 64, 64)],
            {"field": "rare" if n % 1000 == 999 else "usual"},
            {"radius": n % 97},
        )
        for n in range(subjects)
    ]
    started = time.perf_counter()
    import_subjects(subject_set, new)
    seconds = time.perf_counter() - started
    print(f"{subjects:,} subjects in {seconds:.1f} s: {subjects / seconds:,.0f} a second", flush=True)
    return project


def pages(meter: Meter, small: Any, large: Any, rounds: int) -> None:
    from projects.subject_search import Wanted, search

    execute("VACUUM ANALYZE", {})

    def measured(name: str, ask: Callable[[Any], object]) -> None:
        one, other = meter.medians(*([lambda p=p: ask(p) for _ in range(rounds)] for p in (small, large)))
        print(f"    {name:36} {one:10.2f} {other:10.2f} {other / one:8.2f}", flush=True)

    names = {
        p.pk: p.subjects.order_by("-external_id").values_list("external_id", flat=True)
        for p in (small, large)
    }
    last = {pk: found[60] for pk, found in names.items()}
    n = large.subjects.count()
    print(f"{'CPU ms of a page of 60':40} at 10,000  at {n:,}  ratio")
    measured("the first", lambda p: search(p.pk, Wanted(), size=60))
    measured("the last", lambda p: search(p.pk, Wanted(), after=("", last[p.pk]), size=60))
    measured("a word of 1 in 1,000, one window", lambda p: search(p.pk, Wanted(words="rare"), size=60))
    measured("what nobody has, one window", lambda p: search(p.pk, Wanted(words="nowhere"), size=60))
    wide = Wanted(attribute="radius", attribute_from=96)
    measured("an attribute's range", lambda p: search(p.pk, wide, size=60))


def picture(n: int) -> bytes:
    from PIL import Image

    made = io.BytesIO()
    Image.effect_noise((128, 128), n % 90 + 1).save(made, "PNG")
    return made.getvalue()


def unzip(pictures: int) -> None:
    from django.contrib.auth import get_user_model
    from django.core.files.base import ContentFile

    from projects.imports.measured import measured
    from projects.imports.waiting import accept, run_waiting
    from projects.models import Import, Project

    files = [picture(n) for n in range(pictures)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for n, content in enumerate(files):
            archive.writestr(f"p{n:05d}.png", content)
    project = Project.objects.create(slug="zip", title="Zip")
    project.subject_sets.create(slug="all", title="All")
    user = get_user_model().objects.create(username="zip")
    record = accept(
        project, ContentFile(packed.getvalue(), "p.zip"), source="", options={"subject_set": "all"}, user=user,
        kind=Import.Kind.PICTURES,
    )  # fmt: skip
    started = time.process_time(), time.perf_counter()
    run_waiting(record)
    cpu, wall = time.process_time() - started[0], time.perf_counter() - started[1]
    assert record.state == "done", record.report
    begun = time.process_time()
    for content in files:
        measured(content)
    alone = time.process_time() - begun
    mb = len(packed.getvalue()) / 1e6
    print(
        f"{pictures:,} pictures ({mb:.0f} MB) in a zip: {wall:.1f} s, {pictures / wall:,.0f} a second; "
        f"CPU {cpu:.1f} s, decoding alone {alone:.1f} s, ratio {cpu / alone:.2f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--subjects", type=int, default=100_000)
    parser.add_argument("--pictures", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        import django

        django.setup()
        small, large = fill("small", 10_000), fill("large", given.subjects)
        pages(Meter(), small, large, given.rounds)
        unzip(given.pictures)
        return
    with stage() as here:
        here.environment["PYTHONUNBUFFERED"] = "1"
        os.environ.update(here.environment)
        print(here.run("-m", "benchmarks.subjects_in", "--inside", "--subjects", str(given.subjects),
                       "--pictures", str(given.pictures), "--rounds", str(given.rounds)))  # fmt: skip


if __name__ == "__main__":
    main()
