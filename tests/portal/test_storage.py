"""Static files as the demo and production serve them: every module is imported by its hashed name."""

import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from portal.storage import HashedModulesStorage

ROOT = Path(__file__).resolve().parent.parent.parent
IMPORT = re.compile(r"""^\s*(?:import|export)\b[^;'"]*?["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)
HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")


@pytest.fixture
def collected(settings: LazySettings, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": f"{HashedModulesStorage.__module__}.{HashedModulesStorage.__name__}"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_every_module_of_ours_is_imported_by_its_hashed_name(collected: Path) -> None:
    ours = [path.relative_to(ROOT / "static") for path in (ROOT / "static").rglob("*.js")]
    imports = []
    for module in ours:
        (hashed,) = [
            path
            for path in (collected / module).parent.glob(f"{module.stem}.*.js")
            if HASHED.search(path.name) and path.name.count(".") == 2 + module.stem.count(".")
        ]
        imports += [(str(module), target) for target in IMPORT.findall(hashed.read_text(encoding="utf-8"))]
    assert len(imports) > 10  # there are modules, and this finds their imports
    assert [pair for pair in imports if not HASHED.search(pair[1])] == []
