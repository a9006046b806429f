"""Sending notices: a message that fails waits, holds no other up, and repeats nothing that has gone out."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from linli.ground.notices import sending
from linli.ground.notices.gathering import pass_over_all
from linli.ground.notices.models import Digest, Notice
from linli.ground.notices.sending import CLAIMED_FOR, FIRST_PAUSE, MOST_FAILURES, send_notices
from linli.ground.people.actions.change_profile import change_profile
from linli.ground.people.models import Person
from linli.services.cases.feature import CASES
from linli.site.running import settle
from tests.world import World


class Gateway:
    """Text messages that went out; refuses while it is down."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.references: list[str] = []
        self.texts: list[str] = []
        self.down_for: set[str] = set()
        self.killed = ""
        self.takes = 0.0
        self.time = 0.0

    def send(self, phone: str, text: str, _now: Any, reference: str) -> None:
        if phone in self.down_for:
            raise ConnectionError
        if self.killed == "before":
            raise KeyboardInterrupt
        self.time += self.takes
        self.sent.append(phone)
        self.texts.append(text)
        self.references.append(reference)
        if self.killed == "after":
            raise KeyboardInterrupt

    def has_sent(self, reference: str) -> bool:
        return reference in self.references


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    made = Gateway()
    monkeypatch.setattr(sending, "send_sms", made.send)
    monkeypatch.setattr(sending, "has_sent_sms", made.has_sent)
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
    assert Notice.objects.filter(as_staff=False, gathered_at__isnull=True).count() >= 2
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
    assert not Digest.objects.filter(sent_at__isnull=True).exists()
    count = len(gateway.sent)
    assert send_notices(now + timedelta(days=1)) == 0
    assert len(gateway.sent) == count


def test_the_pause_doubles_and_ends(told: World, gateway: Gateway, settings: Any) -> None:
    settings.SENDING_FROM, settings.SENDING_UNTIL = 0, 24
    gateway.down_for = {"13800001234", "13900001111"}
    now = told.now
    for tried in range(MOST_FAILURES):
        send_notices(now)
        notice = Digest.objects.order_by("id")[0]
        assert notice.failures == tried + 1
        assert notice.try_after is not None
        assert timedelta(0) <= notice.try_after - now - FIRST_PAUSE * 2**tried < timedelta(seconds=30)
        now = notice.try_after + timedelta(seconds=30)
    send_notices(now)
    notice.refresh_from_db()
    assert notice.failures == MOST_FAILURES
    assert gateway.sent == []


def test_whoever_has_several_news_hears_of_all_of_them_at_once(world: World, gateway: Gateway) -> None:
    numbers = [world.case_of().matter.number for _ in range(7)]
    settle()
    assert send_notices(world.now) == 2, "seven pieces of news, at most five in one message"
    assert sorted(len([number for number in numbers if number in text]) for text in gateway.texts) == [2, 5]
    assert all(any(number in text for text in gateway.texts) for number in numbers)
    assert Notice.objects.filter(as_staff=False, digest__sent_at__isnull=False).count() == 7


def test_what_a_story_tells_is_not_written_to_anybody_afterwards(told: World, gateway: Gateway) -> None:
    pass_over_all(told.now)
    assert send_notices(told.now) == 0
    assert (gateway.sent, mail.outbox) == ([], [])


def test_news_of_one_demand_name_its_number_once(world: World, gateway: Gateway) -> None:
    case = world.case_of(state="accepted")
    settle()
    assert Notice.objects.filter(as_staff=False).count() > 1
    send_notices(world.now)
    (text,) = gateway.texts
    assert text.count(case.matter.number) == 1
    assert text.count("；") == Notice.objects.filter(as_staff=False).count() - 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_message_in_the_hands_of_a_killed_worker_is_neither_lost_nor_doubled(
    told: World, gateway: Gateway, moment: str
) -> None:
    gateway.killed = moment
    with pytest.raises(KeyboardInterrupt):
        send_notices(told.now)
    assert len(gateway.sent) == (moment == "after")
    gateway.killed = ""
    send_notices(told.now + timedelta(seconds=30))
    assert len(gateway.sent) == (moment == "after"), "kept for whoever may still be sending it"
    send_notices(told.now + CLAIMED_FOR + timedelta(seconds=30))
    assert sorted(gateway.sent) == ["13800001234", "13900001111"]
    assert not Digest.objects.filter(sent_at__isnull=True).exists()
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 1


def test_an_email_that_goes_out_again_is_known_by_its_id(
    told: World, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = EmailMessage.send

    def killed(message: EmailMessage, *given: Any) -> int:
        send(message, *given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            send_notices(told.now)
    send_notices(told.now + CLAIMED_FOR + timedelta(seconds=30))
    first, second = mail.outbox
    assert first.extra_headers == second.extra_headers


def test_what_a_claim_does_not_suffice_for_is_given_back(
    told: World, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending.time, "monotonic", lambda: gateway.time)
    gateway.takes = CLAIMED_FOR.total_seconds() * 0.6
    claims: list[int] = []
    claim = sending._claim
    monkeypatch.setattr(sending, "_claim", lambda *given: claims.append(1) or claim(*given))
    assert send_notices(told.now) == 2
    assert sorted(gateway.sent) == ["13800001234", "13900001111"]
    assert len(claims) == 3, "two rounds, and one that found nothing"
