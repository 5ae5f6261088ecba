"""Where a program sends a picture: an address that is signed, holds for one place of one subject, and runs out."""

from http import HTTPStatus

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portal.panoptes.door import door
from portal.panoptes.errors import Refused
from portal.panoptes.subjects import MEDIA
from projects.exceptions import TooLarge
from projects.imports.archive import MOST_BYTES
from projects.services.announce import receive_media

LASTS = 900
"""Seconds. A client sends at once, and tries five times, five seconds apart."""


@door("PUT")
def media(request: HttpRequest, signed: str) -> HttpResponse:
    """The picture itself as the body. Whoever has the address may send it, as to the reference platform's store."""
    try:
        announced, at, mime = signing.loads(signed, salt=MEDIA, max_age=LASTS)
    except signing.SignatureExpired:
        raise Refused(
            403,
            _("This address ran out after %(n)d minutes: announce the subject again.") % {"n": LASTS // 60},
        ) from None
    except signing.BadSignature:
        raise Refused(
            403, _("This is no address of this site: take it from the answer to the subject.")
        ) from None
    if request.content_type != mime:
        raise Refused(415, _("Send %(mime)s, as was announced.") % {"mime": mime})
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise TooLarge(
            _("A picture has %(most)d MB at most: make it smaller.") % {"most": MOST_BYTES // 1024**2}
        )
    content = request.read(MOST_BYTES + 1)
    is_new = receive_media(announced, at, mime, content)
    return HttpResponse(status=HTTPStatus.CREATED if is_new else HTTPStatus.OK)
