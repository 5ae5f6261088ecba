"""The verbs of `projects.services` are functions, whatever is imported after them."""

import importlib
import pkgutil
from types import ModuleType

from projects import services


def test_no_module_hides_a_verb_of_the_same_name() -> None:
    for module in pkgutil.iter_modules(services.__path__):
        importlib.import_module(f"projects.services.{module.name}")
    hidden = [name for name in services.__all__ if isinstance(getattr(services, name), ModuleType)]
    assert hidden == []
