"""Subjects' pictures from the data folder. A big site lets its web server or object storage do this."""

import mimetypes

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils._os import safe_join
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from django.views.static import was_modified_since

# Nothing that a browser would run: a picture from outside must not become a page of ours.
SERVED = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"})


HARMLESS = {
    "Cache-Control": "private, max-age=86400",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponse:
    """Files have their content's hash in their name, so browsers keep them; whoever knows the name may look."""
    mime = mimetypes.guess_type(path)[0] or ""
    if mime not in SERVED:
        raise Http404
    storage = storages["default"]
    if not isinstance(storage, FileSystemStorage):
        return _from_store(storage, path, mime)
    try:
        file = settings.MEDIA_ROOT / safe_join(str(settings.MEDIA_ROOT), path)
    except (SuspiciousFileOperation, ValueError):
        raise Http404 from None
    if not file.is_file():
        raise Http404
    changed = file.stat().st_mtime
    if not was_modified_since(request.headers.get("If-Modified-Since"), changed):
        return HttpResponseNotModified()
    return HttpResponse(
        file.read_bytes(), content_type=mime, headers={**HARMLESS, "Last-Modified": http_date(changed)}
    )


def _from_store(storage: Storage, path: str, mime: str) -> HttpResponse:
    """Through this site, so that the bucket may be closed to the world; MEDIA_URL spares the site the way."""
    try:
        with storage.open(path) as file:
            content = file.read()
    except (FileNotFoundError, SuspiciousFileOperation):
        raise Http404 from None
    return HttpResponse(content, content_type=mime, headers=HARMLESS)
