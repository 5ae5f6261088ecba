"""The maker runs once a session."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made folder of Deep field: pictures and subjects.csv."""
    from projects.samples.deep_field.maker import make

    folder = tmp_path_factory.mktemp("deep-field")
    make(folder, lambda line: None)
    return folder
