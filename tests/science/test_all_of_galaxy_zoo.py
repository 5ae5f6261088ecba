"""All of Galaxy Zoo from Parquet to answers: 180 million votes in `make soak`, a small part of them in `make test`."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.galaxy_zoo import GIGABYTES, fit, in_a_process, lake_of, right
from tests.load.size import SOAK


@pytest.mark.soak
def test_all_of_galaxy_zoo_is_weighed_in_bounded_memory(tmp_path: Path):
    """Wall time is printed, not judged: python -m benchmarks.galaxy_zoo measures it on a quiet machine."""
    scale = 1.0 if SOAK else 0.001
    files = lake_of(scale, 1, tmp_path)
    out = tmp_path / "out.npz"
    in_a_process(fit, files, out)
    told = json.loads(out.with_suffix(".json").read_text())
    print(told)
    assert told["votes"] == round(180_000_000 * scale)
    assert told["converged"]
    assert told["peak"] < GIGABYTES
    assert right(out, scale, 1) > 0.95
    with np.load(out) as found:
        np.testing.assert_allclose(found["p"].sum(axis=1), 1)
