"""Sending notices: a message that fails waits, holds no other up, and repeats nothing that has gone out."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from linli.ground.notices import sending
from linli.ground.notices.models import Notice
from linli.ground.notices.sending import FIRST_PAUSE, MOST_FAILURES, send_notices
from linli.ground.people.actions.change_profile import change_profile
from linli.ground.people.models import Person
from linli.services.cases.feature import CASES
from linli.site.running import settle
from tests.world import World


class Gateway:
    """Text messages that went out; refuses while it is down."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.down_for: set[str] = set()

    def send(self, phone: str, _text: str, _now: Any) -> None:
        if phone in self.down_for:
            raise ConnectionError
        self.sent.append(phone)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    made = Gateway()
    monkeypatch.setattr(sending, "send_sms", made.send)
    return made


@pytest.fixture
def told(world: World) -> World:
    """Two filers, each with a notice to be sent."""
    first, second = world.resident_account.person, Person.objects.create(name="居民丙", phone="13900001111")
    change_profile(
        first, name=first.name, email="resident@example.org", notice="2026-03", actor=world.resident, now=world.now
    )
    for filer in (first, second):
        case = world.case_of(state="received", filer=filer)
        CASES.actions["file_case"](case.pk, actor=world.dispatcher_of(), now=world.now, topic=world.topic)
    settle()
    assert Notice.objects.filter(as_staff=False, sent_at__isnull=True).count() >= 2
    return world


def test_a_failing_message_holds_no_other_up_and_repeats_no_mail(told: World, gateway: Gateway) -> None:
    gateway.down_for = {"13800001234"}
    now = told.now
    for _ in range(3):
        send_notices(now)
        now += timedelta(seconds=2)
    assert set(gateway.sent) == {"13900001111"}
    mails = len(mail.outbox)
    assert mails > 0
    assert len(mail.outbox) == len({message.body for message in mail.outbox})
    gateway.down_for = set()
    send_notices(now + FIRST_PAUSE)
    assert "13800001234" in gateway.sent
    assert len(mail.outbox) == mails
    assert not Notice.objects.filter(as_staff=False, sent_at__isnull=True).exists()
    count = len(gateway.sent)
    assert send_notices(now + timedelta(days=1)) == 0
    assert len(gateway.sent) == count


def test_the_pause_doubles_and_ends(told: World, gateway: Gateway, settings: Any) -> None:
    settings.SENDING_FROM, settings.SENDING_UNTIL = 0, 24
    gateway.down_for = {"13800001234", "13900001111"}
    notice = Notice.objects.filter(as_staff=False).order_by("id")[0]
    now = told.now
    for tried in range(MOST_FAILURES):
        send_notices(now)
        notice.refresh_from_db()
        assert notice.failures == tried + 1
        assert notice.try_after == now + FIRST_PAUSE * 2**tried
        now = notice.try_after
    send_notices(now)
    notice.refresh_from_db()
    assert notice.failures == MOST_FAILURES
    assert gateway.sent == []
