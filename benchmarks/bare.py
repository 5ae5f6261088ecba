"""The limit to compare with: a bare Django site, one SKIP LOCKED pick and one INSERT, no middleware, no ORM models.

GET /next hands out one open row; POST /answers stores one. Same PostgreSQL, same server, threads and lasting
connections as the real site (portal/asgi.py).
"""

import json
import os
import sys

import django
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path

from portal import addresses

if not settings.configured:
    database = addresses.database(os.environ["DATABASE_URL"])
    database["CONN_MAX_AGE"] = 600
    settings.configure(
        SECRET_KEY="bare",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": database},
        USE_TZ=True,
    )

PICK = "SELECT id FROM bare_item WHERE answers < 5 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"


def next_item(request: HttpRequest) -> JsonResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PICK)
        (item,) = cursor.fetchone()
    return JsonResponse({"id": item})


def answer(request: HttpRequest) -> JsonResponse:
    data = json.loads(request.body)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bare_answer (item, who, value) VALUES (%s, %s, %s)",
            [data["item"], data["who"], json.dumps(data["value"])],
        )
    return JsonResponse({"ok": True}, status=201)


urlpatterns = [path("next", next_item), path("answers", answer)]


def create(items: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_item (id serial PRIMARY KEY, answers int NOT NULL DEFAULT 0)")
        cursor.execute("INSERT INTO bare_item (answers) SELECT 0 FROM generate_series(1, %s)", [items])
        cursor.execute("CREATE TABLE bare_answer (id serial PRIMARY KEY, item int, who int, value jsonb)")


if __name__ == "__main__":
    django.setup()
    create(int(sys.argv[1]))
else:
    application = WSGIMiddleware(get_wsgi_application(), workers=8)
