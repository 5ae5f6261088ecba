"""What one is told: the list, how many are unread, how often one is mailed, and the end of all mails by a link."""

import uuid

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.pages.run_places import private
from portal.talk.models import Notice, Wishes
from portal.talk.places import address_of, discussion_of
from portal.talk.services import mailing
from portal.talk.services.notices import follow, read, unread

ON_A_PAGE = 30


class WishesForm(forms.ModelForm):
    class Meta:
        model = Wishes
        fields = ["mention", "reply", "followed"]
        labels = {
            "mention": gettext_lazy("Somebody mentions me"),
            "reply": gettext_lazy("Somebody answers me"),
            "followed": gettext_lazy("A comment on what I follow"),
        }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """The newest first. A POST: `do` read marks all as read, `do` choose takes the wishes."""
    assert request.user.is_authenticated  # noqa: S101 (login_required)
    wishes = Wishes.objects.filter(user=request.user).first()
    form = WishesForm(instance=wishes)  # without wishes: the defaults; a look keeps nothing
    if request.method == "POST" and request.POST.get("do") == "choose":
        form = WishesForm(request.POST, instance=Wishes.objects.get_or_create(user=request.user)[0])
        if form.is_valid():
            form.save()
            messages.success(request, _("Kept."))
            return redirect("talk:notices")
    elif request.method == "POST":
        read(request.user)
        return redirect("talk:notices")
    rows = Notice.objects.filter(user=request.user, comment__hidden_at__isnull=True).order_by("-pk")
    rows = rows.select_related(
        "comment__author", "comment__discussion__project", "comment__discussion__subject"
    )
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "shown": [(each, address_of(each.comment.discussion, each.comment)) for each in page.object_list],
        "unread": unread(request.user),
        "form": form,
    }
    return private(render(request, "talk/notices.html", context, status=400 if form.errors else 200))


@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """{"unread": n}, for the number in the page's head."""
    if not request.user.is_authenticated:
        raise Http404
    return private(JsonResponse({"unread": unread(request.user)}))


@require_POST
@login_required
def follows(request: HttpRequest, discussion: uuid.UUID) -> HttpResponse:
    """`on` yes or no."""
    assert request.user.is_authenticated  # noqa: S101 (login_required)
    found = discussion_of(request, discussion)
    follow(found, request.user, on=request.POST.get("on") == "yes")
    return redirect(address_of(found))


@csrf_exempt  # a mail program sends it, which has no cookie of ours; the link is signed
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, signed: str) -> HttpResponse:
    """A GET asks, so that a program that only follows links ends nothing; a POST ends all mails."""
    done = False
    if request.method == "POST":
        if mailing.end_mails(signed) is None:
            raise Http404
        done = True
    return private(render(request, "talk/unsubscribe.html", {"done": done}))
