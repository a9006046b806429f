"""Subscriptions: signed, in order, at least once, with growing pauses, given up in the end, never inside a network."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest

from linli.ground.exchange import sending
from linli.ground.exchange.actions.revoke_token import revoke_token
from linli.ground.exchange.models import Webhook
from linli.ground.exchange.webhooks import LEASE, MOST_FAILURES, deliver_webhooks
from linli.ground.record.models import Record
from linli.kernel.access import SYSTEM, Role
from linli.services.cases.feature import CASES
from linli.site.running import settle
from tests.faces.program import Program
from tests.world import Snapshot, World

pytestmark = pytest.mark.once

ADDRESS = "https://93.184.215.14/hook"


class Outside:
    """The address: it keeps what it is sent, and answers as it is told to."""

    def __init__(self) -> None:
        self.answer: int | BaseException = 200
        self.got: list[tuple[dict[str, Any], str, bytes]] = []

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        if isinstance(self.answer, BaseException):
            raise self.answer
        if self.answer == 200:
            self.got.append((json.loads(body), headers["Linli-Signature"], body))
        return self.answer

    @property
    def events(self) -> list[str]:
        return [row["event"] for message, _, _ in self.got for row in message["rows"]]


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    made = Outside()
    monkeypatch.setattr(sending, "post", made.post)
    return made


@pytest.fixture
def desk(world: World) -> Program:
    return Program(world, world.account(Role.DISPATCHER, "citizen_service_center A"))


def subscribed(desk: Program) -> str:
    status, made = desk.post("/webhooks", {"url": ADDRESS})
    assert status == 201
    return str(made["secret"])


def test_changes_are_sent_signed_once_and_in_order(world: World, desk: Program, outside: Outside) -> None:
    world.case_of()
    settle()
    secret = subscribed(desk)
    settle()
    assert deliver_webhooks(world.now) == 0  # what was before the subscription is not sent
    case = world.case_of(state="dispatched")
    world.case_of("B", state="dispatched")
    settle()
    assert deliver_webhooks(world.now) == 1
    assert deliver_webhooks(world.now) == 0
    assert outside.events == ["receive_case", "file_case", "dispatch_case"]
    message, signature, body = outside.got[0]
    seconds, signed = (part.partition("=")[2] for part in signature.split(","))
    expected = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    assert (signed, int(seconds)) == (expected, int(world.now.timestamp()))
    assert {row["number"] for row in message["rows"]} == {case.matter.number}
    assert case.matter.title not in body.decode()


@pytest.mark.parametrize("failure", [500, 302, OSError("unreachable"), sending.NotPublic("private")])
def test_an_address_that_fails_waits_longer_each_time_and_misses_nothing(
    world: World, desk: Program, outside: Outside, failure: Any
) -> None:
    subscribed(desk)
    settle()
    world.case_of()
    settle()
    outside.answer, now, pauses = failure, world.now, []
    for _ in range(4):
        deliver_webhooks(now)
        tried = Webhook.objects.get()
        pauses.append(round((tried.try_after - now).total_seconds() / 60))
        assert deliver_webhooks(now + timedelta(seconds=30)) == 0
        now = tried.try_after
    assert pauses == [1, 2, 4, 8]
    outside.answer = 200
    assert deliver_webhooks(now) == 1
    assert outside.events == ["receive_case"]
    assert Webhook.objects.get().failures == 0


def test_an_address_is_given_up_after_twelve_failures(world: World, desk: Program, outside: Outside) -> None:
    subscribed(desk)
    settle()
    world.case_of()
    settle()
    outside.answer, now = 500, world.now
    for _ in range(MOST_FAILURES):
        deliver_webhooks(now)
        now = Webhook.objects.get().try_after
    hook = Webhook.objects.get()
    assert (hook.ended_why, hook.failures) == ("failed", MOST_FAILURES)
    outside.answer = 200
    assert deliver_webhooks(now + timedelta(days=30)) == 0
    assert Record.objects.filter(event="end_webhook").count() == 1
    assert desk.get("/webhooks")[1]["rows"][0]["ended_why"] == "failed"


def test_a_worker_killed_while_sending_leaves_the_rest_to_another(
    world: World, desk: Program, outside: Outside
) -> None:
    subscribed(desk)
    settle()
    world.case_of()
    settle()
    outside.answer = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        deliver_webhooks(world.now)
    outside.answer = 200
    assert deliver_webhooks(world.now) == 0  # still in the hands of the first one, for all that is known
    assert deliver_webhooks(world.now + LEASE) == 1
    assert outside.events == ["receive_case"]


def test_end_webhook_by_its_owner_and_with_its_token(world: World, desk: Program, outside: Outside) -> None:
    subscribed(desk)
    first = Webhook.objects.get()
    other = Program(world, world.account(Role.DISPATCHER, "citizen_service_center A"))
    assert other.post(f"/webhooks/{first.pk}/end")[0] == 404
    assert desk.post(f"/webhooks/{first.pk}/end")[1]["ended_why"] == "ended"
    assert desk.post(f"/webhooks/{first.pk}/end")[0] == 200
    subscribed(desk)
    revoke_token(desk.token, actor=SYSTEM, now=world.now)
    world.case_of()
    settle()
    assert deliver_webhooks(world.now) == 0
    assert outside.got == []
    assert {hook.ended_why for hook in Webhook.objects.all()} == {"ended", "token"}


def test_what_is_sent_follows_what_the_account_may_read_today(world: World, outside: Outside) -> None:
    resident = Program(world, world.resident_account)
    assert resident.post("/webhooks", {"url": ADDRESS})[0] == 201
    case = world.case_of(state="accepted")
    CASES.actions["add_note"](case.pk, actor=world.clerk_of(), now=world.now, note="反映人难缠。")
    world.receive()
    settle()
    deliver_webhooks(world.now)
    assert outside.events == ["receive_case", "file_case", "dispatch_case", "accept_case"]


@pytest.mark.parametrize(
    "url", ["http://93.184.215.14/", "https://127.0.0.1/", "https://[::1]:8000/", "https://10.0.0.1/", "x"]
)
def test_an_address_inside_a_network_is_not_subscribed(world: World, desk: Program, url: str) -> None:
    snapshot = Snapshot()
    status, problem = desk.post("/webhooks", {"url": url})
    assert (status, problem["errors"][0]["field"]) == (422, "url")
    assert snapshot.unchanged()


def test_a_name_that_leads_inside_by_now_is_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "resolved", lambda host, port: ["93.184.215.14", "192.168.0.9"])
    with pytest.raises(sending.NotPublic):
        sending.post("https://rebinding.example/", b"", {})


def test_subscribe_webhook_stops_at_five(world: World, desk: Program) -> None:
    for _ in range(5):
        subscribed(desk)
    snapshot = Snapshot()
    assert desk.post("/webhooks", {"url": ADDRESS})[1]["code"] == "too_many_webhooks"
    assert snapshot.unchanged()
