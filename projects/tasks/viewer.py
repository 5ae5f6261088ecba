"""How a subject is shown while it is asked about: the `viewer` of a workflow's definition.

The browser's twins are the modules of the same names in static/classify/viewers.
"""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

KINDS = ("image", "listing", "pair")


class Viewer(BaseModel):
    """image: the subject's picture. listing: picture and a card of text, as an item for sale is shown. pair: its first
    two pictures side by side, those of a pair's members.

    title, text, fields: keys of the subject's metadata. A key that a subject does not have is left out of its card;
    hidden keys (#) never reach the browser, so they are refused here.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Literal["image", "listing", "pair"] = "image"
    scale_note: str = Field("", description="What the scale of the picture is, in words.")
    blur: bool = Field(False, description="Pictures are blurred until the volunteer asks for them.")
    title: str = Field("", max_length=100, description="listing: the key of the card's heading.")
    text: str = Field("", max_length=100, description="listing: the key of its text.")
    fields: list[str] = Field([], max_length=20, description="listing: keys shown as name and value.")

    @property
    def card(self) -> list[str]:
        """The metadata keys that the card shows, in its order."""
        return [key for key in (self.title, *self.fields, self.text) if key]

    @model_validator(mode="after")
    def _card_fits_kind(self) -> Self:
        if self.kind != "listing" and self.card:
            raise ValueError("title, text and fields are for the kind listing")
        if self.kind == "listing" and not self.card:
            raise ValueError("a listing needs a title, a text or fields: name the metadata that it shows")
        if "" in self.fields:
            raise ValueError("a field without a name")
        for key in self.card:
            if key.startswith("#"):
                raise ValueError(f"{key} is hidden from volunteers: a key with # can't be shown")
            if self.card.count(key) > 1:
                raise ValueError(f"{key} would be shown twice")
        return self
