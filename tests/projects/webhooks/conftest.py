"""A program on this machine that may be told, and a webhook to it."""

import ipaddress
from collections.abc import Iterator

import pytest
from django.db import connection

from projects.models import Webhook, Workflow
from projects.services.webhooks import make_webhook
from tests.projects.factories import make_workflow
from tests.projects.webhooks.receiver import Receiver, receiving


@pytest.fixture
def at_once(db: None) -> None:
    """A test in one transaction: the ledger's triggers would wait for its commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def receiver(settings: object) -> Iterator[Receiver]:
    settings.WEBHOOK_HTTP = True  # type: ignore[attr-defined]
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.1/32")]  # type: ignore[attr-defined]
    with receiving() as found:
        yield found


@pytest.fixture
def workflow(at_once: None) -> Workflow:
    return make_workflow(6)


@pytest.fixture
def made(workflow: Workflow, receiver: Receiver) -> tuple[Webhook, str]:
    """The webhook and its secret."""
    return make_webhook(workflow.project, address=receiver.address, kinds=["retired", "decided", "consensus"])
