"""One's own tokens: the list, a new one, whose secret is shown once, and the end of one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects.exceptions import Invalid
from projects.models import Project, Token
from projects.services.tokens import living, make_token, revoke_token

ENDED_SHOWN = 10
LASTS = [
    (30, gettext_lazy("30 days")),
    (90, gettext_lazy("90 days")),
    (365, gettext_lazy("a year")),
    ("", gettext_lazy("until I revoke it")),
]


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=80,
        help_text=gettext_lazy("Such as: nightly upload. Only you see it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=Token.Scope.choices,
        initial=[Token.Scope.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    project = forms.ModelChoiceField(
        label=gettext_lazy("Where"),
        queryset=Project.objects.none(),
        required=False,
        empty_label=gettext_lazy("In all projects"),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("It lasts"),
        choices=LASTS,
        initial=90,
        required=False,
        coerce=int,
        empty_value=None,
    )

    def __init__(self, user: AbstractBaseUser, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Project.objects.filter(members__user_id=user.pk).distinct().order_by("title")
        self.fields["project"].queryset = mine  # type: ignore[attr-defined]


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """A POST makes one; with `revoke` it ends one. The answer with the secret is a page, not a way on to another: what
    would carry it there would keep it."""
    assert request.user.is_authenticated  # noqa: S101 (login_required)
    if revoke := request.POST.get("revoke"):
        return _revoke(request, int(revoke) if revoke.isdecimal() and len(revoke) < 18 else 0)
    posted = request.method == "POST"
    form = TokenForm(request.user, request.POST if posted else None)
    made = None
    if posted and form.is_valid():
        try:
            token, secret = make_token(user=request.user, **form.cleaned_data)
            made = {"token": token, "secret": secret}
            form = TokenForm(request.user)
        except Invalid as error:
            form.add_error(None, str(error))
    alive = living(request.user).select_related("project")
    ended = Token.objects.filter(user=request.user).exclude(pk__in=alive.values("pk"))[:ENDED_SHOWN]
    context = {"form": form, "made": made, "tokens": alive, "ended": ended}
    return render(request, "pages/me_tokens.html", context, status=400 if posted and not made else 200)


def _revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    assert request.user.is_authenticated  # noqa: S101 (login_required)
    token = revoke_token(request.user, token_id)
    if token is None:
        messages.info(request, _("That token was ended before."))
    else:
        messages.success(request, _("%(name)s is revoked: it opens nothing any more.") % {"name": token.name})
    return redirect("pages:own_tokens")
