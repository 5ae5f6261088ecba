"""A project's webhooks: which programs are told what becomes of its subjects, and what came of each message. For owners
and scientists."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api.bodies import read_body
from projects.api.changes import WebhookBody, WebhookChange
from projects.api.once import KEY, once
from projects.api.paging import Query, after, page, parameters, read_query
from projects.api.places import project_at, somebody
from projects.api.resources import Resource
from projects.api.shapes import DeliveryShape, MadeWebhook, Page, SecretShape, WebhookShape
from projects.exceptions import NotFound
from projects.models import Webhook
from projects.permissions import may_hook
from projects.services.webhooks import (
    change_webhook,
    make_webhook,
    remove_webhook,
    renew_secret,
    send_again,
    send_test,
    switch,
)


def webhook_at(request: Request, slug: str, webhook: uuid.UUID) -> Webhook:
    found = project_at(request, slug, may_hook).webhooks.filter(public_id=webhook).first()
    if found is None:
        raise NotFound
    return found


class Webhooks(Resource):
    """Addresses that are told of finished subjects, decisions and changes of consensus. What a message says, and how
    its signature is checked: docs/webhooks.md."""

    @extend_schema(parameters=parameters(Query), responses=Page[WebhookShape])
    def get(self, request: Request, slug: str) -> Response:
        asked = read_query(request, Query)
        found = project_at(request, slug, may_hook).webhooks.filter(pk__gt=after(request, asked))
        rows = list(found.order_by("pk")[: asked.limit + 1])
        return page(request, asked, rows, lambda row: row.pk, WebhookShape.of).respond()

    @extend_schema(request=WebhookBody, responses={201: MadeWebhook})
    def post(self, request: Request, slug: str) -> Response:
        """It tells what happens from now on. Its secret is in this answer and never again; so the call takes no
        Idempotency-Key, under which the answer would be kept."""
        body = read_body(request, WebhookBody)
        project = project_at(request, slug, may_hook)
        made, secret = make_webhook(project, address=body.address, kinds=body.kinds, by=somebody(request))
        return MadeWebhook(**WebhookShape.of(made).model_dump(), secret=secret).respond(201)


class OneWebhook(Resource):
    """One webhook."""

    @extend_schema(responses=WebhookShape)
    def get(self, request: Request, slug: str, webhook: uuid.UUID) -> Response:
        return WebhookShape.of(webhook_at(request, slug, webhook)).respond()

    @extend_schema(request=WebhookChange, responses=WebhookShape, parameters=[KEY])
    @once
    def patch(self, request: Request, slug: str, webhook: uuid.UUID) -> Response:
        given = read_body(request, WebhookChange).model_dump(exclude_unset=True)
        found = webhook_at(request, slug, webhook)
        on = given.pop("on", None)
        if given:
            change_webhook(found, **({"address": found.address, "kinds": found.kinds} | given))
        if on is not None:
            switch(found, on=on)
        return WebhookShape.of(found).respond()

    @extend_schema(responses={204: None}, parameters=[KEY])
    @once
    def delete(self, request: Request, slug: str, webhook: uuid.UUID) -> Response:
        """With its log."""
        remove_webhook(webhook_at(request, slug, webhook))
        return Response(status=204)


class WebhookSecret(Resource):
    """Another secret."""

    @extend_schema(request=None, responses={200: SecretShape})
    def post(self, request: Request, slug: str, webhook: uuid.UUID) -> Response:
        return SecretShape(secret=renew_secret(webhook_at(request, slug, webhook))).respond()


class WebhookTest(Resource):
    """A message that says nothing, within seconds; what came of it is in the log."""

    @extend_schema(request=None, responses={201: DeliveryShape}, parameters=[KEY])
    @once
    def post(self, request: Request, slug: str, webhook: uuid.UUID) -> Response:
        return DeliveryShape.of(send_test(webhook_at(request, slug, webhook))).respond(201)


class Deliveries(Resource):
    """The log of a webhook, the oldest message first."""

    @extend_schema(parameters=parameters(Query), responses=Page[DeliveryShape])
    def get(self, request: Request, slug: str, webhook: uuid.UUID) -> Response:
        asked = read_query(request, Query)
        found = webhook_at(request, slug, webhook).deliveries.filter(pk__gt=after(request, asked))
        rows = list(found.order_by("pk")[: asked.limit + 1])
        return page(request, asked, rows, lambda row: row.pk, DeliveryShape.of).respond()


class SendAgain(Resource):
    """A message of the log once more, under the same id."""

    @extend_schema(request=None, responses={200: DeliveryShape}, parameters=[KEY])
    @once
    def post(self, request: Request, slug: str, webhook: uuid.UUID, delivery: uuid.UUID) -> Response:
        sent = send_again(webhook_at(request, slug, webhook), delivery)
        if sent is None:
            raise NotFound
        return DeliveryShape.of(sent).respond()
