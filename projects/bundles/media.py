"""Puts a bundle's pictures under the media folder."""

import hashlib
import re
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from projects.bundles.errors import BundleError
from projects.models.subject import media_url
from projects.services import choice_pictures
from projects.services.import_subjects import NewMedia
from projects.services.store_media import store_media

MIMES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}
PICTURE = re.compile(r"!\[(?P<alt>[^]\n]*)\]\((?P<file>[^)\s:]+)\)")
"""A picture of the bundle in the Markdown of a page: its place has no scheme, as an address on the web has."""


def store_picture(source: Path, slug: str, alt: str, place: str) -> NewMedia:
    """Copies the picture to the media, under SLUG/, and describes it.

    The stored name carries a part of the content's hash, so another picture under the same name never takes the
    place of one that volunteers have already looked at. place: what a BundleError names.
    """
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    try:
        with Image.open(source) as picture:
            kind, (width, height) = picture.format or "", picture.size
    except (UnidentifiedImageError, OSError):
        kind, width, height = "", 0, 0
    if kind not in MIMES:
        raise BundleError(place, f"{source.name} is not a picture (PNG, JPEG, WebP or GIF)")
    path = f"{slug}/{source.stem}.{digest[:8]}{source.suffix}"
    store_media(source, path)
    return NewMedia(path=path, mime=MIMES[kind], width=width, height=height, alt=alt, sha256=digest)


def with_pictures(body: str, slug: str, folders: tuple[Path, ...], place: str) -> str:
    """A page's Markdown with the addresses of the bundle's pictures in place of their files; stores them."""

    def stored(match: re.Match[str]) -> str:
        path = text_picture(match["file"], slug, match["alt"], folders, place)
        return f"![{match['alt']}]({media_url(path)})"

    return PICTURE.sub(stored, body)


def stored_pictures(
    definition: dict[str, Any], slug: str, folders: tuple[Path, ...], place: str
) -> dict[str, Any]:
    """A definition with the media paths of its choices' pictures in place of the bundle's files; stores them."""
    return choice_pictures.with_pictures(
        definition, lambda file, label: text_picture(file, slug, label, folders, place)
    )


def text_picture(file: str, slug: str, alt: str, folders: tuple[Path, ...], place: str) -> str:
    """Stores a picture of a page or the tutorial, from the first of the folders that has it; returns its media path."""
    for folder in folders:
        found = (folder / file).resolve()
        if folder.resolve() in found.parents and found.is_file():
            return store_picture(found, slug, alt, place).path
    raise BundleError(place, f"there is no file {file}")
