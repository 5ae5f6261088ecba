"""Checks an icon's SVG against an allow-list and writes it anew from what was understood.

Only drawing elements with plain numbers, in `currentColor` or nothing: no script, style, link, text, image, entity.
So the result may stand inline in a page under a strict content security policy.
"""

import re
import xml.etree.ElementTree as ET
from xml.sax.saxutils import quoteattr

SVG = "http://www.w3.org/2000/svg"
ELEMENTS = {"svg", "g", "path", "circle", "ellipse", "line", "rect", "polyline", "polygon"}
NUMBERS = re.compile(r"[-+0-9.eE,\s]*")
PATH = re.compile(r"[-+0-9.,\sMmLlHhVvCcSsQqTtAaZz]*")
TRANSFORM = re.compile(r"((rotate|translate|scale)\([-+0-9.,\s]*\)\s*)*")
PAINT = re.compile(r"none|currentColor")
WORD = re.compile(r"[a-z]*")
ATTRIBUTES = {
    **dict.fromkeys(
        ["cx", "cy", "r", "rx", "ry", "x", "y", "x1", "y1", "x2", "y2", "width", "height"], NUMBERS
    ),
    **dict.fromkeys(["viewBox", "points", "opacity", "stroke-width", "stroke-dasharray"], NUMBERS),
    **dict.fromkeys(["stroke-linecap", "stroke-linejoin", "fill-rule"], WORD),
    **dict.fromkeys(["fill", "stroke"], PAINT),
    "d": PATH,
    "transform": TRANSFORM,
}
LONGEST = 4096  # characters; icons are small drawings


def checked(markup: str) -> str:
    """The icon as it may stand in a page. Raises ValueError with the reason."""
    if len(markup) > LONGEST:
        raise ValueError(f"it is longer than {LONGEST} characters")
    if "<!" in markup or "<?" in markup:
        raise ValueError("declarations, entities and comments are not allowed")
    try:
        root = ET.fromstring(markup)  # noqa: S314 - without a DTD, refused above, there are no entities to expand
    except ET.ParseError as error:
        raise ValueError(f"it is not well-formed XML ({error})") from None
    if root.tag != f"{{{SVG}}}svg":
        raise ValueError(f'its root is not <svg xmlns="{SVG}">')
    if "viewBox" not in root.attrib:
        raise ValueError("it has no viewBox, so it can't be scaled")
    return _written(root, f' xmlns="{SVG}"')


def _written(element: ET.Element, namespace: str = "") -> str:
    name = element.tag.removeprefix(f"{{{SVG}}}")
    if name not in ELEMENTS:
        raise ValueError(f"the element <{name}> is not allowed")
    if (element.text or "").strip() or (element.tail or "").strip():
        raise ValueError("text is not allowed")
    attributes = "".join(f" {key}={quoteattr(_value(key, value))}" for key, value in element.attrib.items())
    inner = "".join(_written(child) for child in element)
    return (
        f"<{name}{namespace}{attributes}>{inner}</{name}>" if inner else f"<{name}{namespace}{attributes}/>"
    )


def _value(key: str, value: str) -> str:
    if key not in ATTRIBUTES:
        raise ValueError(f"the attribute {key} is not allowed")
    if not ATTRIBUTES[key].fullmatch(value):
        raise ValueError(f"the attribute {key} may not be {value!r}")
    return value
