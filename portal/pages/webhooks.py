"""Webhooks of a project, for owners and scientists: which programs are told, and what came of each message."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.pages.places import get_project_for
from projects.exceptions import Invalid
from projects.models import Delivery, Webhook
from projects.permissions import may_hook
from projects.services.webhooks import (
    change_webhook,
    make_webhook,
    remove_webhook,
    renew_secret,
    send_again,
    send_test,
    switch,
)

ON_A_PAGE = 50


class WebhookForm(forms.Form):
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        help_text=gettext_lazy(
            "Of your program, such as https://example.org/voorwerp. It must be on the public internet."
        ),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What is told there"),
        choices=Webhook.Kind.choices,
        initial=[Webhook.Kind.RETIRED],
        widget=forms.CheckboxSelectMultiple,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def webhooks(request: HttpRequest, slug: str) -> HttpResponse:
    """The list; a POST makes one. The answer with the secret is a page, not a way on to another: what would carry it
    there would keep it."""
    project = get_project_for(request, slug, may_hook)
    posted = request.method == "POST"
    form = WebhookForm(request.POST if posted else None)
    made = None
    if posted and form.is_valid():
        try:
            by = request.user if request.user.is_authenticated else None
            webhook, secret = make_webhook(project, by=by, **form.cleaned_data)
            made = {"webhook": webhook, "secret": secret}
            form = WebhookForm()
        except Invalid as error:
            form.add_error(None, str(error.message))
    context = {"project": project, "form": form, "made": made, "webhooks": project.webhooks.all()}
    return render(request, "pages/webhooks.html", context, status=400 if posted and not made else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def webhook(request: HttpRequest, slug: str, webhook: uuid.UUID) -> HttpResponse:
    """One webhook and its log. `do`: change, on, pause, renew, test, again (with `delivery`), remove."""
    project = get_project_for(request, slug, may_hook)
    found = get_object_or_404(Webhook, project=project, public_id=webhook)
    do = request.POST.get("do", "")
    form = WebhookForm(
        request.POST if do == "change" else None, initial={"address": found.address, "kinds": found.kinds}
    )
    secret = ""
    if do == "renew":
        secret = renew_secret(found)
        found.refresh_from_db()
    elif do == "change":
        if _change(request, found, form):
            return redirect("pages:webhook", slug, webhook)
    elif request.method == "POST":
        _act(request, found, do)
        return redirect(*(("pages:webhooks", slug) if found.pk is None else ("pages:webhook", slug, webhook)))
    log = found.deliveries.all()
    context = {
        "project": project,
        "webhook": found,
        "kinds": [Webhook.Kind(kind).label for kind in found.kinds],
        "form": form,
        "secret": secret,
        "log": log[:ON_A_PAGE],
        "waiting": log.filter(state=Delivery.State.WAITING).exists(),
    }
    return render(request, "pages/webhook.html", context, status=400 if form.errors else 200)


def _change(request: HttpRequest, webhook: Webhook, form: WebhookForm) -> bool:
    if not form.is_valid():
        return False
    try:
        change_webhook(webhook, **form.cleaned_data)
    except Invalid as error:
        form.add_error(None, str(error.message))
        return False
    messages.success(request, _("Changed."))
    return True


def _act(request: HttpRequest, webhook: Webhook, do: str) -> None:
    try:
        said = _done(webhook, do, request.POST)
    except Invalid as error:
        messages.error(request, str(error.message))
        return
    if said:
        messages.success(request, said)


def _done(webhook: Webhook, do: str, given: Any) -> str:
    """What was done, in words; empty where it was nothing."""
    if do == "test":
        send_test(webhook)
        return _("A test is on its way. Load this page again in some seconds to see what came of it.")
    if do in ("on", "pause"):
        switch(webhook, on=do == "on")
        return (
            _("It is on.")
            if do == "on"
            else _("It is paused: what happens meanwhile is told when it is on again.")
        )
    if do == "remove":
        remove_webhook(webhook)
        return _("The webhook and its log are removed.")
    try:
        sent = send_again(webhook, uuid.UUID(given.get("delivery", ""))) if do == "again" else None
    except ValueError:
        sent = None
    return _("The message is on its way again.") if sent else ""
