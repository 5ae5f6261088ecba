from portal.celery import app as celery_app  # so that shared jobs find their app in every process

__all__ = ["celery_app"]
