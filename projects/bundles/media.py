"""Puts a bundle's pictures under the media folder."""

import hashlib
import shutil
from pathlib import Path

from django.conf import settings
from PIL import Image, UnidentifiedImageError

from projects.bundles.errors import BundleError
from projects.services.import_subjects import NewMedia

MIMES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}


def store_picture(source: Path, slug: str, alt: str, place: str) -> NewMedia:
    """Copies the picture to MEDIA_ROOT/SLUG and describes it.

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
    target = Path(settings.MEDIA_ROOT) / path
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_name(f"{target.name}.part")
        shutil.copyfile(source, half)
        half.replace(target)
    return NewMedia(path=path, mime=MIMES[kind], width=width, height=height, alt=alt, sha256=digest)
