"""The generic views: one address for all rows of a kind, one for a row, two for its links."""

import re
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from portal.panoptes import identity
from portal.panoptes.door import answer, door, known, read_json, read_resource
from portal.panoptes.errors import Refused
from portal.panoptes.kinds import KINDS
from portal.panoptes.resource import Call, Resource, whole, wholes
from projects.exceptions import VoorwerpError

PAGE = 20
MOST = 100
EVERYWHERE = frozenset({"page", "page_size", "admin", "include", "sort"})
"""Parameters that each list takes; of these the last three change nothing."""


@door("GET", "POST", limit="sign_in")
def sign_in(request: HttpRequest) -> HttpResponse:
    """GET gives the form's token in a header; POST takes user name and app password."""
    if request.method == "GET":
        return JsonResponse({}, headers={"X-CSRF-Token": identity.form_token()})
    try:
        body = read_json(request)
        user = body.get("user")
        given = user if isinstance(user, dict) else {}
        token = identity.sign_in(
            str(given.get("login")), str(given.get("password")), str(body.get("authenticity_token"))
        )
    except (Refused, VoorwerpError) as error:  # the client looks for `error` here
        return JsonResponse({"error": str(error.message)}, status=error.status)
    response = JsonResponse({"users": [KINDS["users"].show(Call(request, token), token.user)]})
    identity.remember(response, token, secure=request.is_secure())
    return response


@door("POST")
def token(request: HttpRequest) -> HttpResponse:
    """A bearer for whoever has signed in (the cookie says who), or for a token that ran out."""
    kind = request.POST.get("grant_type", "")
    try:
        if kind == "password":
            found = identity.remembered(request)
        elif kind == "refresh_token":
            found = identity.refreshed(request.POST.get("refresh_token", ""))
        else:
            raise Refused(
                400, _("Connect with username and password: client ids and secrets open nothing here.")
            )
    except Refused as error:  # the client raises `errors` as it stands
        return JsonResponse({"error": "invalid_grant", "errors": error.message}, status=error.status)
    return JsonResponse(identity.grant(found))


@door("GET")
@known
def me(call: Call) -> HttpResponse:
    users = KINDS["users"]
    return answer({"users": [users.show(call, call.user)]}, tag=users.tag(call.user))


@door("GET", "POST")
@known
def rows(call: Call, resource: str) -> HttpResponse:
    kind = _kind(resource)
    if call.request.method == "POST":
        return _create(call, kind)
    asked = {key: str(value) for key, value in call.request.GET.items() if key not in EVERYWHERE}
    if unknown := sorted(asked.keys() - kind.filters):
        raise Refused(
            422,
            _("%(name)s can't be chosen by %(key)s here, but by %(all)s.")
            % {"name": kind.name, "key": unknown[0][:60], "all": ", ".join(sorted(kind.filters)) or "id"},
        )
    return _page(call, kind, asked)


def _create(call: Call, kind: Resource) -> HttpResponse:
    body = read_resource(call.request, kind.name)
    with transaction.atomic():
        row = kind.create(call, body)
    shown = kind.show_new(call, row)
    return answer({kind.name: [shown]}, status=HTTPStatus.CREATED, tag=kind.tag(row))


def _page(call: Call, kind: Resource, asked: dict[str, str]) -> HttpResponse:
    size = _number(call, "page_size", PAGE, MOST)
    page = _number(call, "page", 1, 10**9)
    found = kind.rows(call, asked)
    count = found.count()
    last = max(1, -(-count // size))
    shown = list(found[(page - 1) * size : page * size])
    name = kind.name

    def href(number: int) -> str:
        return f"/{name}?{urlencode({**asked, 'page': number, 'page_size': size})}"

    meta: dict[str, Any] = {
        "page": page, "page_size": size, "count": count, "page_count": last, "include": [],
        "first_href": href(1), "last_href": href(last),
        "previous_page": page - 1 or None, "previous_href": href(page - 1) if page > 1 else None,
        "next_page": page + 1 if page < last else None, "next_href": href(page + 1) if page < last else None,
    }  # fmt: skip
    tag = ",".join(kind.tag(row) for row in shown)
    return answer({name: [kind.show(call, row) for row in shown], "meta": {name: meta}}, tag=tag)


def _number(call: Call, key: str, usual: int, most: int) -> int:
    number = whole(call.request.GET.get(key, usual), key)
    return min(max(number, 1), most)


@door("GET", "PUT", "DELETE")
@known
def single(call: Call, resource: str, row: int) -> HttpResponse:
    kind = _kind(resource)
    with transaction.atomic():
        found = _find(call, kind, row)
        if call.request.method == "DELETE":
            _require_match(call, kind.tag(found))
            kind.delete(call, found)
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        if call.request.method == "PUT":
            _require_match(call, kind.tag(found))
            found = kind.change(call, found, read_resource(call.request, resource))
    name = kind.name
    meta = {
        name: {"page": 1, "page_size": PAGE, "count": 1, "page_count": 1, "include": [], "next_href": None}
    }
    return answer({name: [kind.show(call, found)], "meta": meta}, tag=kind.tag(found))


def _find(call: Call, kind: Resource, row: int) -> Any:
    """The row; locked where it is to be changed, so that of two who send the same ETag one is told."""
    found = kind.find(call, row)
    if call.request.method == "GET":
        return found
    type(found)._default_manager.select_for_update(no_key=True).filter(pk=found.pk).first()
    return kind.find(call, row)


def _require_match(call: Call, tag: str) -> None:
    """428 without If-Match, 412 where the row has changed since it was read."""
    given = call.request.headers.get("If-Match", "")
    if not given:
        raise Refused(428, _("Send the row's ETag in If-Match: load it again with reload(), then save."))
    if tag not in re.findall(r"\w+", given):
        raise Refused(
            412,
            _(
                "Somebody has changed this since you loaded it, and nothing of yours was saved: reload() it first."
            ),
        )


@door("POST", "DELETE")
@known
def links(call: Call, resource: str, row: int, link: str, ids: str = "") -> HttpResponse:
    """POST {link: [ids]}, or DELETE with the ids in the address."""
    kind = _kind(resource)
    if (call.request.method == "DELETE") != bool(ids):
        raise Refused(
            405, _("Add links by POST without ids in the address; take them away by DELETE with them.")
        )
    chosen = wholes(ids or read_json(call.request).get(link), link)
    with transaction.atomic():
        found = kind.find(call, row)
        if ids:
            kind.unlink(call, found, link, chosen)
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        kind.link(call, found, link, chosen)
        found = kind.find(call, row)
    return answer({kind.name: [kind.show(call, found)]}, tag=kind.tag(found))


def _kind(name: str) -> Resource:
    if name not in KINDS:
        raise Refused(404, _("There is no %(name)s here: see docs/panoptes.md.") % {"name": name[:60]})
    return KINDS[name]


@door("GET", "POST", "PUT", "DELETE")
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """What the reference platform has and this site does not."""
    raise Refused(404, _("There is no %(path)s here: see docs/panoptes.md.") % {"path": rest[:100]})
