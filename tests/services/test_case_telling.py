"""What a filer is told: what concerns them, once, by day, and never the secret code."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from linli.ground.notices import sending
from linli.ground.notices.models import Notice
from linli.ground.notices.sending import send_notices
from linli.ground.people.models import Person
from linli.kernel.access import VISITOR
from linli.services.cases.feature import CASES
from linli.services.cases.recipients import IF_DATE_MOVED, TO_FILER
from linli.services.cases.wording import TOLD
from linli.site.running import settle
from tests.services.journey import HERE, Journey, to_close, to_hands
from tests.world import World


class Outbox(list[tuple[str, str]]):
    """Text messages that went out."""

    def send(self, phone: str, text: str, _now: datetime, reference: str) -> None:
        self.append((phone, text))


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> Outbox:
    made = Outbox()
    monkeypatch.setattr(sending, "send_sms", made.send)
    return made


def filer(told: dict[str, set[str]]) -> set[str]:
    return {event for event, people in told.items() if "filer" in people}


def test_every_event_that_a_filer_is_told_of_has_its_words() -> None:
    assert set(TOLD) == TO_FILER | IF_DATE_MOVED
    assert set(TOLD) <= set(CASES.actions)


def test_of_a_demand_that_goes_well_a_filer_hears_four_times(journey: Journey) -> None:
    to_hands(journey)
    to_close(journey)
    assert filer(journey.told()) == {"receive_case", "accept_case", "sign_reply", "close_case"}


def test_another_promised_date_is_told(journey: Journey) -> None:
    journey.told()
    journey.act("desk", "file_case", topic=journey.world.simple_topic)
    assert filer(journey.told()) == {"file_case"}


def test_what_is_decided_against_the_filer_is_told(journey: Journey) -> None:
    to_hands(journey)
    to_close(journey)
    journey.act("filer", "reopen_case", reason="又不亮了。")
    journey.act("clerk", "handle_case", work="已更换灯泡。")
    journey.act("clerk", "draft_reply", reply="已修好。")
    journey.act("reviewer", "review_reply")
    journey.act("signer", "sign_reply")
    journey.act("filer", "confirm_solved")
    journey.act("desk", "verify_case")
    journey.act("desk", "close_case")
    journey.act("filer", "request_reopening", reason="还是不亮。")
    journey.told()
    journey.act("superior", "refuse_reopening", reason="没有新情况。")
    assert filer(journey.told()) == {"refuse_reopening"}
    other = journey.world.case_of()
    journey.pk = other.pk
    journey.told()
    journey.act("desk", "decline_case", reason="不属于本区。", right_door="12345")
    assert filer(journey.told()) == {"decline_case"}


def test_publishing_is_told_and_who_takes_it_back_themselves_knows(journey: Journey) -> None:
    to_hands(journey)
    to_close(journey)
    journey.told()
    journey.act("clerk", "publish_case", title="路灯", text="路灯不亮。", reply="已修好。")
    assert filer(journey.told()) == {"publish_case"}
    journey.act("filer", "unpublish_case")
    assert filer(journey.told()) == set()


def test_who_files_without_an_account_has_the_number_in_writing(world: World, outbox: Outbox) -> None:
    person = Person.objects.create(name="居民丙", phone="13900001111", email="c@example.org")
    opened = world.receive(actor=VISITOR, filer=person)
    settle()
    assert send_notices(world.now) == 1
    (message,) = mail.outbox
    for text in (outbox[0][1], message.body):
        assert opened.matter.number in text
        assert "已经收到" in text
        assert opened.code not in text
    assert opened.code not in message.subject


def test_who_files_with_an_account_is_told_in_the_application_too(world: World) -> None:
    case = world.case_of()
    settle()
    own = Notice.objects.filter(person=world.resident_account.person)
    assert list(own.values_list("event", "as_staff", "matter")) == [("receive_case", False, case.pk)]


def test_nobody_hears_of_what_they_did_themselves_but_for_the_receipt(journey: Journey) -> None:
    journey.told()
    journey.act("filer", "urge_case")
    journey.act("filer", "withdraw_case", reason="自己修好了。")
    assert filer(journey.told()) == set()


def local(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 3, hour, minute, tzinfo=HERE)


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        (local(7, 59), False),
        (local(8), True),
        (local(20, 59), True),
        (local(21), False),
        (local(0), False),
    ],
)
def test_messages_leave_by_day(world: World, outbox: Outbox, moment: datetime, *, goes: bool) -> None:
    world.case_of()
    settle()
    assert send_notices(moment) == int(goes)
    assert bool(outbox) is goes
    waiting = Notice.objects.get(as_staff=False)
    assert (waiting.gathered_at is None, waiting.digest is None) == (not goes, not goes)


def test_the_hours_are_a_setting(world: World, outbox: Outbox, settings: Any) -> None:
    settings.SENDING_FROM, settings.SENDING_UNTIL = 0, 24
    world.case_of()
    settle()
    assert send_notices(local(3)) == 1


def test_all_that_waited_over_the_night_goes_out_in_the_morning(world: World, outbox: Outbox) -> None:
    numbers = {world.case_of().matter.number for _ in range(12)}
    settle()
    night = local(23)
    for minutes in range(0, 9 * 60, 30):
        assert send_notices(night + timedelta(minutes=minutes - 1), limit=5) == 0
    morning = local(8) + timedelta(days=1)
    assert [send_notices(morning, limit=2) for _ in range(3)] == [2, 1, 0], "twelve pieces of news, at most five in one"
    assert {number for number in numbers if any(number in text for _, text in outbox)} == numbers
    assert len(outbox) == 3


def test_the_office_is_not_kept_waiting(world: World) -> None:
    world.case_of(state="dispatched")
    settle()
    send_notices(local(23))
    assert not Notice.objects.filter(as_staff=True, gathered_at=None).exists()
