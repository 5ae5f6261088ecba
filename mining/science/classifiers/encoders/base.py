"""What an encoder is: something frozen that turns items into rows of numbers, the same ones for the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image

Features = npt.NDArray[np.float32]

MOST_PIXELS = 50_000_000
"""A picture with more is not decoded: it would take a gigabyte."""


class EncoderMissing(ValueError):
    """It can't be used here; the message says what to do."""


class Encoder(Protocol):
    """id names kind, weights and preprocessing: other numbers, other id."""

    id: str
    width: int

    def encode(self, items: Sequence[bytes]) -> Features:
        """[N, width]; a row of NaN where an item can't be read."""
        ...


def as_picture(file: IO[bytes]) -> Image.Image | None:
    """Its first frame in RGB; None where it can't be decoded, or is too large."""
    try:
        with Image.open(file) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            return picture.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
