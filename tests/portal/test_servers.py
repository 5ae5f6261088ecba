"""The tests' own ground: a real PostgreSQL, a real Redis, a real site."""

import urllib.error
import urllib.request

import pytest
import redis
from django.contrib.auth import get_user_model
from django.db import connection, transaction


@pytest.mark.django_db
def test_database_is_postgresql_18_with_utf8() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding')"
        )
        assert cursor.fetchone() == (18, "UTF8")


@pytest.mark.django_db(transaction=True)
def test_transaction_tests_see_commits() -> None:
    with transaction.atomic():
        get_user_model().objects.create(username="ada")
    assert get_user_model().objects.get().username == "ada"


def test_redis_is_empty_and_answers(redis_client: redis.Redis) -> None:
    assert redis_client.dbsize() == 0
    redis_client.set("key", "value")
    assert redis_client.get("key") == b"value"


def test_live_site_sees_what_the_test_commits(live_site: str) -> None:
    get_user_model().objects.create(username="ada")
    with urllib.request.urlopen(live_site + "/admin/login/") as answer:
        assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(live_site + "/nothing-is-here/")
