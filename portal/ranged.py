"""A file that may be fetched in parts (RFC 9110, 14), so that a download that broke off goes on where it was."""

import re
from collections.abc import Callable, Iterator
from typing import IO

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from projects.api.downloads import attachment

PIECE = 256 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.IGNORECASE)


class PastTheEnd(Exception):
    """The range begins behind the last byte."""


def send(
    request: HttpRequest, open_file: Callable[[], IO[bytes]], *, size: int, name: str, mime: str, etag: str
) -> HttpResponseBase:
    """The whole file, or the part that the Range header asks for (206); 416 for one that begins past the end.

    Several ranges at once, another unit, and a range of another state of the file (If-Range) are answered with the
    whole, as the standard allows. The file is opened when the first bytes are sent.
    """
    etag = f'"{etag}"'
    common = {"Accept-Ranges": "bytes", "ETag": etag}
    try:
        part = wanted(request, size, etag)
    except PastTheEnd:
        text = f"The range begins past the end of the file, which has {size} bytes.\n"
        headers = {**common, "Content-Range": f"bytes */{size}", "Cache-Control": "no-store"}
        return HttpResponse(text, status=416, content_type="text/plain; charset=utf-8", headers=headers)
    first, last = part or (0, size - 1)
    pieces = iter(()) if request.method == "HEAD" else _pieces(open_file, first, last)
    response = attachment(request, pieces, name, mime)
    for header, value in {**common, "Content-Length": str(last - first + 1)}.items():
        response[header] = value
    if part:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def wanted(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """First and last byte of the part; None: the whole. Raises PastTheEnd."""
    found = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if found is None or request.headers.get("If-Range", etag) != etag:
        return None
    begins, ends = found.groups()
    if not begins:
        if not ends:
            return None
        if int(ends) == 0:
            raise PastTheEnd
        return max(size - int(ends), 0), size - 1
    first, last = int(begins), int(ends) if ends else size - 1
    if ends and last < first:
        return None
    if first >= size:
        raise PastTheEnd
    return first, min(last, size - 1)


def _pieces(open_file: Callable[[], IO[bytes]], first: int, last: int) -> Iterator[bytes]:
    with open_file() as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
