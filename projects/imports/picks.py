"""What was picked from a list, in the forms that exports write it in. Pure.

The reference platform writes a list of selects, {"select_label", "option", "value", "label"} each, where `value` is the
option's key; its newer site one object, {"selection", "option"}. What is picked from several lists at once is no pick.
"""

from typing import Any, NamedTuple


class Pick(NamedTuple):
    """label: "" where nothing was picked; key: where the file has one."""

    label: str
    key: Any


def pick_of(value: Any) -> Pick | None:
    """None where the value has none of the forms."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict) or "option" not in value or not ({"value", "selection"} & value.keys()):
        return None
    key = value.get("value", value.get("selection"))
    if key is None or key == "":
        return Pick("", None)
    label = value.get("label") or key
    if not isinstance(key, str) or not isinstance(label, str):
        return None
    return Pick(label, key if "value" in value and value["option"] is True else None)
