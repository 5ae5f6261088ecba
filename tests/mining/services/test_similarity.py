"""Similar pictures: hashed, paired, judged by people, cut where the team says."""

import io
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone
from PIL import Image

from mining.models import AttributeRun, Embedding, PairJudgement, PictureHash, SimilarPair
from mining.services.attribute_runs import ask
from mining.services.similar_pairs import (
    ask_for_due,
    called_similar,
    choose,
    chosen,
    judge,
    judged_pairs,
    next_pair,
    similar_to,
)
from mining.services.similarity import work
from projects.exceptions import Invalid
from projects.models import Media, Subject, Workflow
from projects.services import NewMedia, NewSubject, import_subjects
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db(transaction=True)
KIND = AttributeRun.Kind.SIMILARITY


def scene(seed: int) -> Image.Image:
    """Large soft shapes, so that a smaller copy is the same picture."""
    rough = np.random.default_rng(seed).integers(0, 255, (8, 8), dtype=np.uint8)
    return Image.fromarray(rough).resize((96, 96), Image.Resampling.BICUBIC)


def draw(subject: Subject, image: Image.Image) -> None:
    out = io.BytesIO()
    image.save(out, "PNG")
    path = storages["default"].save(f"like/{subject.external_id}.png", ContentFile(out.getvalue()))
    Media.objects.filter(subject=subject).update(path=path, sha256=f"{subject.pk:064x}")


def make_pictures() -> tuple[Workflow, dict[str, int]]:
    """s0 to s19 are all different, but s1 is a small copy of s0 and s2 a lighter one; s18 is a file that isn't there,
    s19 is all one grey."""
    workflow = make_workflow(20)
    for subject in Subject.objects.all():
        number = int(subject.external_id[1:])
        image = scene(0 if number < 3 else number)
        if number == 1:
            image = image.resize((40, 40))
        elif number == 2:
            image = image.point(lambda grey: 30 + grey * 3 // 4)
        elif number == 19:
            image = Image.new("L", (50, 50), 90)
        if number != 18:
            draw(subject, image)
    return workflow, dict(Subject.objects.values_list("external_id", "pk"))


def look(workflow: Workflow, **more: Any) -> AttributeRun:
    run = ask(workflow, KIND, with_open=True, **more)
    work(run)
    run.refresh_from_db()
    return run


def between(one: int, other: int) -> SimilarPair:
    return SimilarPair.objects.get(first=min(one, other), second=max(one, other))


def test_copies_are_paired_and_what_comes_later_is_found_too() -> None:
    workflow, names = make_pictures()
    run = look(workflow)
    assert (run.status, run.report["pictures"], run.report["without"]) == ("done", 20, 2)
    assert PictureHash.objects.filter(paired=True).count() == 20
    copies = {names["s0"], names["s1"], names["s2"]}
    near = SimilarPair.objects.filter(bits__lte=11)
    assert {(pair.first_id, pair.second_id) for pair in near} == {
        (a, b) for a in copies for b in copies if a < b
    }
    far = SimilarPair.objects.filter(bits__gt=11)
    assert far.exists()  # drawn by chance, to be judged as well
    assert not far.filter(turn=None).exists()
    assert ask_for_due() == []

    later = NewSubject("later", [NewMedia("no.png", "image/png")])
    import_subjects(workflow.subject_set, [later])
    draw(Subject.objects.get(external_id="later"), scene(7).resize((50, 50)))
    (due,) = ask_for_due()
    work(due)
    pk = Subject.objects.get(external_id="later").pk
    assert between(pk, names["s7"]).bits <= 11
    assert SimilarPair.objects.filter(bits__lte=11).count() == 4


def test_people_are_asked_in_turn_and_the_newest_of_each_counts() -> None:
    workflow, _names = make_pictures()
    look(workflow)
    ann, ben, cleo = (User.objects.create_user(name) for name in ("ann", "ben", "cleo"))
    set_id = workflow.subject_set_id
    first = next_pair(set_id, ann)
    assert first is not None
    judge(first, True, ann)
    assert next_pair(set_id, ben) == first  # begun by another, so ben is asked of it first
    assert next_pair(set_id, ann) != first
    judge(first, False, ben)
    (tie,) = judged_pairs(set_id)
    assert (tie.yes, tie.no, tie.similar) == (1, 1, None)
    judge(first, True, ben)
    judge(first, True, ben)
    judge(first, False, cleo)
    (settled,) = judged_pairs(set_id)
    assert (settled.yes, settled.no, settled.similar) == (2, 1, True)
    assert (
        PairJudgement.objects.filter(by=ben).count() == 2
    )  # said twice is one row; another opinion is another
    while (pair := next_pair(set_id, ann)) is not None:
        judge(pair, False, ann)
    assert (
        PairJudgement.objects.filter(by=ann).count() == SimilarPair.objects.filter(turn__isnull=False).count()
    )
    ben.delete()
    assert next(each for each in judged_pairs(set_id) if each.pair == first).no == 2  # what ben said stays


def test_the_threshold_that_stands_says_what_is_similar() -> None:
    workflow, names = make_pictures()
    look(workflow)
    set_id = workflow.subject_set_id
    assert (chosen(set_id), similar_to(set_id, names["s0"])) == (None, [])
    for bad in (float("nan"), 0.0, 65.0):
        with pytest.raises(Invalid, match="above 0, at most 64"):
            choose(set_id, "bits", bad)
    choose(set_id, "bits", 40.0)
    choice = choose(set_id, "bits", 12.0, note="As people see it.")
    assert chosen(set_id) == choice
    assert {subject for subject, _far in similar_to(set_id, names["s0"])} == {names["s1"], names["s2"]}
    assert similar_to(set_id, names["s3"]) == []
    assert called_similar(choice).count() == 3


def test_cosines_come_from_the_encoder_that_has_seen_most() -> None:
    workflow, names = make_pictures()
    vectors = np.random.default_rng(9).normal(size=(8, 16)).astype("<f2")
    vectors[1] = vectors[0] * 2  # s3 and s4: the same direction
    for number, vector in enumerate(vectors):
        content = f"{names[f's{3 + number}']:064x}"
        Embedding.objects.create(encoder="plain-1", content=content, vector=vector.tobytes())
    Embedding.objects.create(encoder="rare", content=f"{names['s3']:064x}", vector=vectors[5].tobytes())
    run = look(workflow)
    assert (run.report["encoder"], run.report["compared"]) == ("plain-1", 8)
    pair = between(names["s3"], names["s4"])
    assert pair.cosine is not None
    assert abs(pair.cosine) < 1e-3
    assert pair.bits is not None
    assert pair.bits > 11
    assert SimilarPair.objects.get(pk=between(names["s0"], names["s1"]).pk).cosine is None
    for similar, (one, other) in {True: ("s3", "s4"), False: ("s0", "s1")}.items():
        judge(between(names[one], names[other]), similar, User.objects.create_user(one))
    assert timezone.now() > run.finished_at
    (again,) = ask_for_due()  # judged since
    work(again)
    drawn = {chart.name: chart.table["rows"] for chart in again.charts.all()}
    assert sorted(drawn) == ["bits", "cosine"]
    assert [row[:3] for row in drawn["cosine"]] == [[pair.cosine, 0, None], [pair.cosine + 0.5, 1, 1.0]]
