"""A 64-bit perceptual hash of a picture, and which hashes to look up for all that are near.

**pHash**: Zauner (2010), "Implementation and benchmarking of perceptual image hash functions", section 3.2.1: the
picture in grey, 32 x 32, its discrete cosine transform, of which the 8 x 8 lowest frequencies without those along the
edge; a bit says whether a coefficient lies above their median. So pictures that were scaled, compressed or lightened
again differ in few of 64 bits, unrelated ones in about 32. It knows nothing of what is shown: a mirrored
or cropped copy is far off.

**All within a distance.** Norouzi, Punjani and Fleet (2012), "Fast search in Hamming space with multi-index hashing",
CVPR: cut into `BANDS` parts, two hashes that differ in at most `REACH` bits differ in at most REACH // BANDS bits in
one part at least. So all of them are found, none is missed, by looking up the few values of each part that are so near.
"""

import io
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError
from scipy.fft import dctn

SIDE, KEPT = 32, 8
BANDS, WIDTH = 4, 16
REACH = 11
"""Bits: hashes farther apart are not looked for. Elsewhere 31 bits of a 256-bit hash are a match: 8 of 64."""
FLAT = 2.0
"""Grey levels, of 255: a picture that varies less (standard deviation) has no hash, for noise would decide it."""
MOST_PIXELS = 100_000_000
"""A file that claims to be larger is not unpacked."""

_FLIPS = [
    sum(1 << bit for bit in bits)
    for wrong in range(REACH // BANDS + 1)
    for bits in combinations(range(WIDTH), wrong)
]


def phash(content: bytes) -> int | None:
    """Of a picture file, as a signed 64-bit number; None for what is no picture, and for one that is all one grey.

    Transparent is white. Of an animation the first frame.
    """
    try:
        with Image.open(io.BytesIO(content)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return None
            opened.draft("L", (SIDE * 8, SIDE * 8))  # a large JPEG is unpacked smaller
            picture = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    ground = Image.new("RGBA", picture.size, "white")
    ground.alpha_composite(picture)
    grey = np.asarray(ground.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX), dtype=np.float64)
    if grey.std() < FLAT:
        return None
    low = dctn(grey, norm="ortho")[1 : KEPT + 1, 1 : KEPT + 1].ravel()
    return int(np.packbits(low > np.median(low)).view(">i8")[0])


def distance(one: int, other: int) -> int:
    """Bits in which two hashes differ, 0 to 64."""
    return ((one ^ other) & (2**64 - 1)).bit_count()


def distances(hashes: npt.NDArray[np.int64], others: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    """The same for two arrays that broadcast."""
    return np.bitwise_count(np.bitwise_xor(hashes, others).view(np.uint64))


def bands(hashed: int) -> list[int]:
    """The hash's parts, each with its number before it, so that all lie in one index."""
    return [at << WIDTH | part for at, part in enumerate(_parts(hashed))]


def probes(hashed: int) -> list[int]:
    """Bands of which every hash within REACH has at least one: 4 x 137 values."""
    return [at << WIDTH | part ^ flip for at, part in enumerate(_parts(hashed)) for flip in _FLIPS]


def _parts(hashed: int) -> Iterator[int]:
    return (hashed >> WIDTH * at & (1 << WIDTH) - 1 for at in range(BANDS))


def cosine_distances(
    vectors: npt.NDArray[np.floating], others: npt.NDArray[np.floating]
) -> npt.NDArray[np.float32]:
    """[N, M]: 1 less the cosine of the angle, 0 to 2; NaN where a vector is NaN or has no length."""
    with np.errstate(invalid="ignore", divide="ignore"):
        one, other = (each.astype(np.float32) for each in (vectors, others))
        one = one / np.linalg.norm(one, axis=1, keepdims=True)
        other = other / np.linalg.norm(other, axis=1, keepdims=True)
        return np.asarray(np.clip(1 - one @ other.T, 0, 2), dtype=np.float32)
