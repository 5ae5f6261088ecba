from django.apps import AppConfig
from django.contrib.staticfiles import apps as staticfiles


class PortalConfig(AppConfig):
    default = True  # of the two in this module
    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal import checks  # noqa: F401, PLC0415 - its checks are registered once, when apps are ready
        from portal.accounts import receivers as accounts  # noqa: F401, PLC0415 - models must be loaded first
        from portal.live import receivers as live  # noqa: F401, PLC0415


class StaticFilesConfig(staticfiles.StaticFilesConfig):
    """Leaves out what we do not use and what would stop `collectstatic`: comments there import bare names."""

    ignore_patterns = [*staticfiles.StaticFilesConfig.ignore_patterns, "django_htmx/ext/*"]
