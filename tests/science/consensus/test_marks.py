"""Marks: things are found where they are, with fewer errors than one volunteer makes; shapes are averaged as shapes."""

import csv
import json

import numpy as np
import pytest

from mining.science.consensus.marks import MarkCrowd, Picture, mean_shape, together
from mining.science.consensus.outlines import features
from mining.science.votes import VotesError
from tests.science.real import FOLDER

S, SIZE = 4.0, 600.0


def apart(rng: np.random.Generator, n: int) -> np.ndarray:
    """Positions of n things, no two within six scatters."""
    found: list[np.ndarray] = []
    while len(found) < n:
        new = rng.uniform(20, SIZE - 20, 2)
        if all(np.hypot(*(new - each)) > 6 * S for each in found):
            found.append(new)
    return np.array(found)


def world(
    seed: int, pictures: int = 40, people: int = 8, false: float = 1.0
) -> tuple[list[Picture], list[np.ndarray]]:
    """Of eight volunteers five mark each of twelve things, on average; each sets one false mark a picture besides."""
    rng = np.random.default_rng(seed)
    shown, truth = [], []
    for _ in range(pictures):
        things = apart(rng, 12)
        marks, who = [], []
        for person in range(people):
            seen = things[rng.random(len(things)) < 5 / 8]
            slips = rng.uniform(0, SIZE, (rng.poisson(false), 2))
            marks.append(np.concatenate([seen + rng.normal(0, S, seen.shape), slips]))
            who += [person] * len(marks[-1])
        shown.append(Picture(np.concatenate(marks), np.array(who, dtype=np.int32), people))
        truth.append(things)
    return shown, truth


@pytest.mark.parametrize("seed", [1, 2])
def test_things_are_found_and_better_placed_than_by_one_volunteer(seed: int) -> None:
    pictures, truth = world(seed)
    marked = MarkCrowd().fit(pictures)
    assert marked.converged
    assert marked.scatter == pytest.approx(S, rel=0.05)
    assert marked.thing == pytest.approx(5 / 8, abs=0.05)
    found, false, single, together_ = 0, 0, [], []
    for groups, things, picture in zip(marked.groups, truth, pictures, strict=True):
        left = set(range(len(things)))
        for group in (each for each in groups if each.p > 0.5):
            away = np.hypot(*(things - [group.x, group.y]).T)
            at = int(away.argmin())
            if away[at] > 3 * S or at not in left:
                false += 1
                continue
            left.discard(at)
            found += 1
            together_.append(away[at] ** 2)
            single += list(((picture.xy[group.marks] - things[at]) ** 2).sum(axis=1))
    assert found >= 0.95 * sum(map(len, truth))
    assert false <= 0.05 * (found + false)
    assert (np.mean(single) / np.mean(together_)) ** 0.5 >= 1.8
    sure = [group.p for groups in marked.groups for group in groups if group.p > 0.5]
    assert np.mean(sure) == pytest.approx(found / (found + false), abs=0.03)


def test_nobody_has_two_marks_in_a_group_and_the_order_of_marks_changes_nothing() -> None:
    pictures, _ = world(3, pictures=1)
    picture = pictures[0]
    marked = MarkCrowd(scatter=S).fit([picture]).groups[0]
    assert sorted(row for group in marked for row in group.marks) == list(range(len(picture.volunteer)))
    for group in marked:
        people = picture.volunteer[group.marks]
        assert len(set(people.tolist())) == len(people)
    turned = np.random.default_rng(1).permutation(len(picture.volunteer))
    other = Picture(picture.xy[turned], picture.volunteer[turned], picture.asked)
    again = MarkCrowd(scatter=S).fit([other]).groups[0]
    places = [(round(group.x, 6), round(group.y, 6), len(group.marks)) for group in marked]
    assert sorted(places) == sorted((round(g.x, 6), round(g.y, 6), len(g.marks)) for g in again)


def test_two_of_one_volunteer_stay_apart_however_near() -> None:
    xy = np.array([[10.0, 10.0], [11.0, 10.0], [10.4, 10.0]])
    assert sorted(map(len, together(xy, np.array([0, 0, 1], dtype=np.int32), 5.0))) == [1, 2]
    assert together(xy[[0, 2]], np.array([0, 1], dtype=np.int32), 0.1) == [[0], [1]]


def test_edges() -> None:
    nothing = Picture(np.empty((0, 2)), np.empty(0, dtype=np.int32), 5)
    assert MarkCrowd().fit([nothing, nothing]).groups == [[], []]
    one = Picture(np.array([[3.0, 4.0]]), np.zeros(1, dtype=np.int32), 1)
    (group,) = MarkCrowd(scatter=2.0).fit([one]).groups[0]
    assert (group.x, group.y, group.error, group.marks, group.asked) == (3.0, 4.0, 2.0, [0], 1)
    with pytest.raises(VotesError, match="not a finite position"):
        MarkCrowd().fit([Picture(np.array([[np.nan, 1.0]]), np.zeros(1, dtype=np.int32), 1)])


def test_shapes_are_averaged_without_a_seam() -> None:
    a, b = np.array([8.0, 8.0]), np.array([2.0, 2.0])
    found = mean_shape(a, b, np.array([178.0, 4.0]))
    assert found[2] == pytest.approx(1.0, abs=1e-6)
    assert found[0] * found[1] == pytest.approx(16)  # areas by their geometric mean
    assert mean_shape(np.array([2.0]), np.array([8.0]), np.array([10.0])) == pytest.approx((8.0, 2.0, 100.0))
    circles = mean_shape(np.array([2.0, 8.0]), np.array([2.0, 8.0]), np.array([13.0, 77.0]))
    assert circles[:2] == pytest.approx((4.0, 4.0))
    rng = np.random.default_rng(2)
    many = rng.normal(175, 10, 200) % 180
    found = mean_shape(rng.lognormal(np.log(9), 0.1, 200), rng.lognormal(np.log(3), 0.1, 200), many)
    assert found[2] == pytest.approx(175, abs=2.5)
    assert found[0] / found[1] == pytest.approx(3, rel=0.1)
    with pytest.raises(ValueError, match="above 0"):
        mean_shape(np.array([0.0]), np.array([1.0]), np.array([0.0]))


@pytest.mark.skipif(not (FOLDER / "zoo_mixed").exists(), reason="the real marks are not here")
def test_real_circles_come_together() -> None:
    """Clusters of stars, circled by 3 to 6 volunteers a picture: who circles the same one agrees on its size."""
    pictures: dict[str, dict[str, list[tuple[float, float, float]]]] = {}
    with (FOLDER / "zoo_mixed" / "andromeda-classifications.csv").open() as file:
        for row in csv.DictReader(file):
            own = pictures.setdefault(row["subject_ids"], {}).setdefault(row["user_name"], [])
            for annotation in json.loads(row["annotations"]):
                value = annotation["value"]
                if isinstance(value, list):
                    own += [(m["x"], m["y"], m["r"]) for m in value if m["tool"] == 0 and "r" in m]
    given = []
    for people in pictures.values():
        marks = [(x, y, at, r) for at, own in enumerate(people.values()) for x, y, r in own]
        table = np.array(marks).reshape(-1, 4)
        given.append((Picture(table[:, :2], table[:, 2].astype(np.int32), len(people)), table[:, 3]))
    marked = MarkCrowd().fit([picture for picture, _ in given])
    shared = [
        (g, sizes[g.marks]) for groups, (_, sizes) in zip(marked.groups, given, strict=True) for g in groups
    ]
    shared = [(group, sizes) for group, sizes in shared if len(group.marks) >= 2]
    assert len(shared) >= 10
    assert all(group.p > 0.5 for group, _ in shared)
    own = np.mean([np.log(sizes).std() for _, sizes in shared])
    everywhere = np.log(np.concatenate([sizes for _, sizes in given])).std()
    assert own < 0.6 * everywhere


@pytest.mark.parametrize("people", [20, 40])
def test_marks_of_many_volunteers_stay_together_and_nobody_has_to_slip(people: int) -> None:
    """Merged nearest first they fall into halves; and without slips the harder things are no slips either."""
    pictures, _ = world(5, pictures=4, people=people, false=0)
    marked = MarkCrowd().fit(pictures)
    assert marked.scatter == pytest.approx(S, rel=0.1)
    likely = [group for groups in marked.groups for group in groups if group.p > 0.5]
    assert 48 <= len(likely) <= 50
    assert sum(len(group.marks) for group in likely) >= 0.98 * sum(len(p.volunteer) for p in pictures)


@pytest.mark.parametrize(("shape", "mark"), [("point", [30, 40]), ("line", [150, 20, 220, 60])])
@pytest.mark.parametrize("people", [5, 20])
def test_one_thing_alone_in_a_picture_stays_one(shape: str, mark: list[int], people: int) -> None:
    """All that the online state has of a subject: everybody draws one thing, each of its numbers off by up to 1 px."""
    rng = np.random.default_rng(7)
    whole = 0
    for _ in range(60):
        marks = [np.array(mark) + rng.uniform(-1, 1, len(mark)) for _ in range(people)]
        picture = Picture(features(shape, marks), np.arange(people, dtype=np.int32), people)
        whole += len(MarkCrowd().fit([picture]).groups[0]) == 1
    assert whole >= 56
