"""Pictures of things for sale, drawn with Pillow: DRAWINGS is the registry, by the name that data/*.yaml uses.

A drawing takes a `Sheet` (100 by 100 units, origin at the top left), the thing's colour, and a generator for small
differences. It stands on y = 84 and keeps within 10 to 90.
"""

from collections.abc import Callable

import numpy as np

from projects.samples.content_policy.drawings import flat, home, market, outdoors, small
from projects.samples.content_policy.drawings.sheet import Sheet

Drawing = Callable[[Sheet, str, np.random.Generator], None]

DRAWINGS: dict[str, Drawing] = {
    **home.DRAWINGS,
    **small.DRAWINGS,
    **outdoors.DRAWINGS,
    **market.DRAWINGS,
    **flat.DRAWINGS,
}

__all__ = ["DRAWINGS", "Drawing", "Sheet"]
