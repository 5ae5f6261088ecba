"""Download my data, delete me: with an account only when signed in, without one by the cookie."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mining.services.told_merit import forget_merit, told_merit
from portal.accounts.middleware import DROP, wish
from portal.limits import limited
from portal.pages.own_filter import taken_part
from portal.pages.own_work import aliases
from portal.pages.places import person_of
from portal.talk.services.leaving import leave_talk, said_by
from projects.api.downloads import attachment
from projects.exceptions import VoorwerpError
from projects.exports.own import zip_pieces
from projects.models import ProjectMember, Token, Volunteer
from projects.services.erase import erase

MOST_NAME = 100


@require_safe
@never_cache
def own_data(request: HttpRequest) -> HttpResponse:
    """What can be done with one's data: both asked for here."""
    person = person_of(request)
    return render(
        request, "pages/me_data.html", {"person": person, "must_sign_in": _must_sign_in(request, person)}
    )


@require_POST
@never_cache
def credit(request: HttpRequest) -> HttpResponse:
    """Under which name one wishes to be credited in releases, for all of a person's answers; empty: not."""
    person = person_of(request)
    if person is None or _must_sign_in(request, person):
        return _sign_in(request)
    name = " ".join(request.POST.get("name", "").split())
    if len(name) > MOST_NAME or not name.isprintable():
        messages.error(request, _("Write a name of at most %(n)s letters.") % {"n": MOST_NAME})
    else:
        Volunteer.objects.filter(pk=person.person_id).update(credit_name=name)
        told = _("The next releases name you: %(name)s.") if name else _("The next releases do not name you.")
        messages.success(request, told % {"name": name})
    return redirect("pages:own_data")


@limited("download")
@require_safe
@never_cache
def download(request: HttpRequest) -> HttpResponseBase:
    person = person_of(request)
    if _must_sign_in(request, person):
        return _sign_in(request)
    everybody = list(Volunteer.objects.filter(pk__in=aliases(person)).order_by("pk")) if person else []
    name = f"voorwerp-my-data-{timezone.now():%Y-%m-%d}.zip"
    return attachment(request, zip_pieces(everybody, _more(request, person)), name, "application/zip")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def delete(request: HttpRequest) -> HttpResponse:
    """Says what goes and what stays, asks, and does it."""
    person = person_of(request)
    if _must_sign_in(request, person):
        return _sign_in(request)
    problem = ""
    if request.method == "POST":
        problem = _refusal(request) or _delete(request, person)
        if not problem:
            return redirect("pages:deleted")
    context = {"person": person, "problem": problem, "asks_password": _asks_password(request)}
    return render(request, "pages/me_delete.html", context, status=400 if problem else 200)


@require_safe
@never_cache
def deleted(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/me_deleted.html")


def _refusal(request: HttpRequest) -> str:
    """Why nothing is deleted yet."""
    if request.POST.get("sure") != "yes":
        return _("Nothing was deleted: tick the box if you are sure.")
    if _asks_password(request) and not request.user.check_password(request.POST.get("password", "")):
        return _("Nothing was deleted: the password is not right.")
    return ""


def _delete(request: HttpRequest, person: Volunteer | None) -> str:
    account = request.user.pk if request.user.is_authenticated else None
    try:
        with transaction.atomic():
            if person is not None:
                forget_merit(person.pk)
            if account is not None:
                leave_talk(account)
            erase(person, account)
    except VoorwerpError as error:
        return str(error.message)
    logout(request)  # this session; the account's others name nobody any more
    wish(request, DROP)
    return ""


def _must_sign_in(request: HttpRequest, person: Volunteer | None) -> bool:
    """A cookie alone, left over from a session that ended, does not open an account's data."""
    return person is not None and person.account_id is not None and not request.user.is_authenticated


def _sign_in(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")


def _asks_password(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.has_usable_password()


def _more(request: HttpRequest, person: Volunteer | None) -> dict[str, Any]:
    """What the account and mining know."""
    user: Any = request.user
    account = None
    if user.is_authenticated:
        roles = ProjectMember.objects.filter(user=user)
        account = {
            "name": user.get_username(),
            "email": user.email,
            "emails": list(user.emailaddress_set.values("email", "verified", "primary")),
            "since": user.date_joined,
            "last_signed_in": user.last_login,
            "tokens": list(
                Token.objects.filter(user=user).values(
                    "name", "prefix", "scopes", "created_at", "expires_at", "revoked_at", "last_used_at"
                )
            ),
            "talk": said_by(user.pk),
            "roles": list(roles.values("project__slug", "role")),
        }
    skill = {}
    if person is not None:
        for workflow in taken_part(person.pk):
            told = told_merit(person.pk, workflow.pk) or []
            skill[f"{workflow.project.slug}/{workflow.slug}"] = [
                {"task": each.task, "skill": each.skill, "bits": each.bits} for each in told
            ]
    return {"account": account, "skill": skill}
