"""The viewer of a definition: what is shown, and the mistakes that are named when it is published."""

from typing import Any

import pytest

from projects.exceptions import Invalid
from projects.tasks.definition import parse_definition
from projects.tasks.viewer import Viewer
from tests.projects.factories import TREE


def test_the_card_is_title_fields_and_text_in_that_order() -> None:
    viewer = Viewer(kind="listing", title="Title", text="Text", fields=["Price", "Seller"])
    assert viewer.card == ["Title", "Price", "Seller", "Text"]
    assert Viewer(kind="listing", fields=["Price"]).card == ["Price"]
    assert Viewer().card == []
    assert not Viewer().blur


@pytest.mark.parametrize(
    ("viewer", "reason"),
    [
        ({"kind": "image", "title": "Title"}, "title, text and fields are for the kind listing"),
        ({"kind": "listing"}, "name the metadata that it shows"),
        ({"kind": "listing", "title": "#verdict"}, "#verdict is hidden from volunteers"),
        ({"kind": "listing", "title": "Title", "fields": ["Price", "#why"]}, "#why is hidden"),
        ({"kind": "listing", "title": "Title", "text": "Title"}, "Title would be shown twice"),
        ({"kind": "listing", "title": "Title", "fields": [""]}, "a field without a name"),
        ({"kind": "carousel"}, "image"),
        ({"kind": "image", "blurred": True}, "Extra inputs"),
    ],
)
def test_mistakes_are_named(viewer: dict[str, Any], reason: str) -> None:
    with pytest.raises(Invalid, match="viewer") as caught:
        parse_definition(TREE | {"viewer": viewer})
    assert reason in str(caught.value)
