"""One proof, two sizes: `make test` runs the small one, `make soak` the stated one."""

import os

SOAK = os.environ.get("SOAK") == "1"


def size(small: int, stated: int) -> int:
    return stated if SOAK else small
