"""Who is of the team, and as what: for the project's owners."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.pages.places import get_project_for
from projects.exceptions import Invalid
from projects.models import ProjectMember
from projects.permissions import may_own
from projects.services.team import add_member, remove_member

ROLES = [
    ("owner", gettext_lazy("owner"), gettext_lazy("everything, the team and the project's state too")),
    (
        "scientist",
        gettext_lazy("scientist"),
        gettext_lazy("texts, subjects, questions, rules, runs, all data"),
    ),
    ("expert", gettext_lazy("expert"), gettext_lazy("gives known answers")),
    ("moderator", gettext_lazy("moderator"), gettext_lazy("lanes, and who does not play fair")),
    ("tester", gettext_lazy("tester"), gettext_lazy("sees the project before others do, and tries drafts")),
    ("translator", gettext_lazy("translator"), gettext_lazy("sees the project before others do")),
]


class MemberForm(forms.Form):
    username = forms.CharField(
        label=gettext_lazy("Account"),
        max_length=150,
        help_text=gettext_lazy("The name with which they sign in."),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[(key, name) for key, name, _what in ROLES], initial="scientist"
    )


@require_http_methods(["GET", "POST"])
@never_cache
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """The list; a POST gives a role, or with `remove` takes one."""
    project = get_project_for(request, slug, may_own)
    removing = request.POST.get("remove", "")
    posted = request.method == "POST"
    form = MemberForm(request.POST if posted and not removing else None)
    if removing:
        try:
            name = remove_member(project, int(removing) if removing.isdecimal() and len(removing) < 18 else 0)
            messages.success(request, _("%(name)s has this role no more.") % {"name": name})
        except Invalid as error:
            messages.error(request, str(error))
        return redirect("lab:team" if may_own(request.user, project.pk) else "pages:project", slug)
    if posted and form.is_valid():
        try:
            member = add_member(project, **form.cleaned_data)
            said = {"name": member.user.get_username(), "role": member.get_role_display()}
            messages.success(request, _("%(name)s is %(role)s now.") % said)
            return redirect("lab:team", slug)
        except Invalid as error:
            form.add_error("username", str(error))
    members = (
        ProjectMember.objects.filter(project=project)
        .select_related("user")
        .order_by("user__username", "role")
    )
    context = {"project": project, "form": form, "members": members, "roles": ROLES}
    return render(request, "lab/team.html", context, status=400 if posted else 200)
