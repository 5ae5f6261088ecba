"""Talk as a Django app of its own: it has tables."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TalkConfig(AppConfig):
    name = "portal.talk"
    label = "talk"
    verbose_name = _("Talk")
