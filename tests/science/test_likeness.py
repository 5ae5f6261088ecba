"""The perceptual hash: copies are near, others are far, and near ones are all found."""

import io

import numpy as np
from PIL import Image, ImageDraw

from mining.science.likeness import REACH, bands, cosine_distances, distance, distances, phash, probes

BITS = 64


def scene(seed: int) -> Image.Image:
    """Twelve discs of random greys on a slope of grey."""
    rng = np.random.default_rng(seed)
    slope = np.linspace(*sorted(rng.uniform(0, 255, 2)), 200)
    image = Image.fromarray(np.tile(slope, (160, 1)).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        x, y, r, grey = (int(each) for each in rng.uniform((0, 0, 10, 0), (200, 160, 50, 255)))
        draw.ellipse((x - r, y - r, x + r, y + r), fill=grey)
    return image


def hashed(image: Image.Image, form: str = "PNG", **more: int) -> int:
    out = io.BytesIO()
    image.save(out, form, **more)
    found = phash(out.getvalue())
    assert found is not None
    return found


def test_copies_are_near_and_others_far() -> None:
    originals = [hashed(scene(seed)) for seed in range(20)]
    copies = [
        [
            hashed(scene(seed).resize((90, 72))),
            hashed(scene(seed), "JPEG", quality=30),
            hashed(scene(seed).point(lambda grey: 20 + grey * 4 // 5)),
        ]
        for seed in range(20)
    ]
    near = [distance(one, copy) for one, made in zip(originals, copies, strict=True) for copy in made]
    far = [distance(one, other) for at, one in enumerate(originals) for other in originals[:at]]
    assert max(near) <= 8
    assert min(far) > REACH
    assert 28 <= np.median(far) <= 36


def test_what_is_no_picture_and_what_is_flat_has_no_hash() -> None:
    flat, empty = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (50, 50), "navy").save(flat, "PNG")
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(empty, "PNG")
    whole = io.BytesIO()
    scene(1).save(whole, "PNG")
    cut = whole.getvalue()[:200]
    assert [phash(each) for each in (b"", b"<svg/>", flat.getvalue(), empty.getvalue(), cut)] == [None] * 5


def test_every_hash_within_reach_shares_a_probe_and_most_others_do_not() -> None:
    rng = np.random.default_rng(3)
    missed, met = 0, 0
    for _ in range(300):
        one = int(rng.integers(-(2**63), 2**63))
        looked_up = set(probes(one))
        flips = rng.permutation(BITS)
        near = one ^ sum(1 << int(bit) for bit in flips[:REACH])
        near -= (near >> 63 & 1) << 64  # signed again
        assert distance(one, near) == REACH
        missed += not looked_up & set(bands(near))
        met += bool(looked_up & set(bands(int(rng.integers(-(2**63), 2**63)))))
    assert missed == 0
    assert met <= 20  # 548 of 4 x 65536 values: 0.8 % expected
    assert len(looked_up) == 548


def test_distances_of_arrays_are_those_of_each() -> None:
    some = np.random.default_rng(4).integers(-(2**63), 2**63 - 1, 30)
    table = distances(some[:, None], some[None])
    assert table.tolist() == [[distance(int(a), int(b)) for b in some] for a in some]
    vectors = np.array([[1, 0], [0, 2], [-3, 0], [0, 0]], dtype=np.float16)
    found = cosine_distances(vectors, vectors)
    assert found[:3, :3].tolist() == [[0, 1, 2], [1, 0, 1], [2, 1, 0]]
    assert np.isnan(found[3]).all()
