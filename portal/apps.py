from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.accounts import receivers as accounts  # noqa: F401, PLC0415 - models must be loaded first
        from portal.live import receivers as live  # noqa: F401, PLC0415
