from django.apps import AppConfig


class MiningConfig(AppConfig):
    name = "mining"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mining import receivers  # noqa: F401, PLC0415 - connects them
        from mining.services.published import published_numbers, published_run  # noqa: PLC0415 - models are there by now
        from mining.tables import TABLES  # noqa: PLC0415
        from projects.exports import chosen, tables  # noqa: PLC0415

        chosen.provide(published_numbers, published_run)
        for table in TABLES:
            tables.provide(table)
