"""The change feed for integrators, asked for or sent; the face finds `router` here."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from linli.ground.exchange.actions.end_webhook import end_webhook
from linli.ground.exchange.actions.subscribe_webhook import subscribe_webhook
from linli.ground.exchange.bearer import Bearer, TokenRequest
from linli.ground.exchange.feeding import changes
from linli.ground.exchange.models import Webhook
from linli.ground.exchange.once import KEYED, once
from linli.ground.exchange.problems import Problem, WrongField
from linli.ground.exchange.rules.public_addresses import LONGEST_URL
from linli.ground.exchange.schemas import Asked, Text, problems
from linli.ground.exchange.scopes import Scope
from linli.ground.exchange.sending import NotPublic, public_target

router = Router()
FOLLOW = Bearer(Scope.FEED)


class FeedAsked(Asked):
    """From where, and how much."""

    after: int = Field(
        -1, ge=-1, lt=2**63, description="What the answer before gave as after; -1 for the very beginning."
    )
    size: int = Field(100, ge=1, le=500)


class ChangeOut(Schema):
    """One act on a matter, in codes and numbers."""

    position: int = Field(description="Place in the public log; it never changes.")
    record: int
    at: datetime
    event: str
    kind: str
    number: str = Field(description="Number of the matter.")
    codes: dict[str, Any]


class FeedOut(Schema):
    """Some changes in the order of the log."""

    rows: list[ChangeOut]
    after: int = Field(description="What to ask with next; it moves on even where nothing was to be read.")
    more: bool = Field(description="There is more already.")


@router.get("/feed", auth=FOLLOW, response={200: FeedOut, **problems(401, 403, 429)}, summary="Follow what changes")
def feed(request: TokenRequest, asked: Query[FeedAsked]) -> FeedOut:
    """What was done to the matters that the account may open, in the order of the public log, without texts.

    A row comes once its place in the log is fixed, as a rule within two seconds.
    """
    found = changes(request.actor, after=asked.after, size=asked.size)
    return FeedOut(rows=[ChangeOut(**asdict(row)) for row in found.rows], after=found.after, more=found.more)


class WebhookAsked(Asked):
    """Where to send what changes."""

    url: Text = Field(min_length=1, max_length=LONGEST_URL, description="An https address outside of any network.")


class WebhookOut(Schema):
    """A subscription."""

    id: UUID
    url: str
    after: int = Field(description="The position up to which it was told.")
    failures: int
    made_at: datetime
    told_at: datetime | None
    ended_at: datetime | None
    ended_why: Literal["", "ended", "failed", "token"]


class NewWebhook(WebhookOut):
    """A subscription just made."""

    secret: str = Field(description="Signs what is sent; told once.")


class WebhooksOut(Schema):
    """The subscriptions of a token, the newest first."""

    rows: list[WebhookOut]


@router.get("/webhooks", auth=FOLLOW, response={200: WebhooksOut, **problems(401, 403, 429)}, summary="Subscriptions")
def webhooks(request: TokenRequest) -> WebhooksOut:
    """The newest sixty subscriptions of this token, ended ones too."""
    rows = Webhook.objects.filter(token=request.token).order_by("-made_at", "pk")[:60]
    return WebhooksOut(rows=[WebhookOut(**_told(row)) for row in rows])


@router.post(
    "/webhooks",
    auth=FOLLOW,
    response={201: NewWebhook, **problems(400, 401, 403, 409, 413, 429)},
    summary="Be told of changes",
    openapi_extra=KEYED,
)
def new_webhook(request: TokenRequest, asked: WebhookAsked) -> HttpResponse:
    """Send what the feed holds from now on to an address, signed; it ends with the token or after twelve failures."""
    try:
        public_target(asked.url)
    except NotPublic as refused:
        words = {"url": _("请写完整的 https 地址"), "private": _("这个地址不在公网上，不能向它发送")}
        raise Problem("invalid", errors=[WrongField(field="url", detail=words[refused.code])]) from refused
    return once(request, lambda: _subscribed(request, asked.url), status=201)


@router.post(
    "/webhooks/{uuid:webhook}/end",
    auth=FOLLOW,
    response={200: WebhookOut, **problems(400, 401, 403, 404, 429)},
    summary="Be told no more",
)
def drop_webhook(request: TokenRequest, webhook: UUID) -> WebhookOut:
    """End a subscription of this token; ending it again changes nothing."""
    found = Webhook.objects.filter(pk=webhook, token=request.token).first()
    if found is None:
        raise Problem("not_found")
    end_webhook(found, why="ended", actor=request.actor, now=request.now)
    found.refresh_from_db()
    return WebhookOut(**_told(found))


def _subscribed(request: TokenRequest, url: str) -> NewWebhook:
    try:
        hook, secret = subscribe_webhook(request.token, url=url, actor=request.actor, now=request.now)
    except ValueError as refused:
        raise Problem("too_many_webhooks") from refused
    return NewWebhook(secret=secret, **_told(hook))


def _told(hook: Webhook) -> dict[str, Any]:
    names = ("id", "url", "failures", "made_at", "told_at", "ended_at", "ended_why")
    return {"after": hook.position, **{name: getattr(hook, name) for name in names}}
