"""What the volunteers' calls share: no session is read unless it decides something, and CSRF always holds."""

from typing import Any

from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.views import APIView

from projects.exceptions import Private
from projects.permissions import is_member

SAFE = ("GET", "HEAD", "OPTIONS")


class VolunteerView(APIView):
    """A call by the signed volunteer cookie. Signed in or not, a write needs the CSRF token."""

    authentication_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE:
            SessionAuthentication().enforce_csrf(request)


def require_member(request: Request, project_id: int, refusal: Private) -> None:
    """Raise the refusal unless the signed-in user is of the team; only asked where a volunteer would be refused."""
    if not is_member(request._request.user, project_id):
        raise refusal
