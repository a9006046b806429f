"""The clock of a demand over the spring holiday of 2026, told to the end: dates, lights, and who was told of what.

Thursday 12 February: received. 14 and 28 February are Saturdays that are worked; 15 to 23 February are holidays.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from linli.ground.matters.action import Refused
from linli.ground.matters.inbox import InboxFilters, inbox
from linli.ground.matters.standing import standing_of
from linli.ground.matters.ticking import tick
from linli.ground.notices.models import Notice
from linli.ground.people.models import Account
from linli.ground.people.selectors import actor_of
from linli.ground.record.models import Record
from linli.kernel.access import Actor, Role
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.presenting import limit_basis
from linli.services.cases.rules.vocabulary import CallResult
from linli.services.cases.wording import STATES
from linli.site.running import settle
from tests.world import Snapshot, World

HERE = ZoneInfo("Asia/Shanghai")
INSTANT = timedelta(microseconds=1)


def at(day: str, hour: int = 10) -> datetime:
    return datetime.fromisoformat(f"2026-{day}T{hour:02d}:00").replace(tzinfo=HERE).astimezone(UTC)


def midnight_after(day: str) -> datetime:
    return at(day, 0) + timedelta(days=1)


class Journey:
    """A case, the time of day, and everybody concerned by name."""

    def __init__(self, world: World, begins: datetime) -> None:
        self.world = world
        self.accounts: dict[str, Account] = {
            "filer": world.resident_account,
            "desk": world.account(Role.DISPATCHER, "citizen_service_center A"),
            "clerk": world.account(Role.CLERK, "urban_management A"),
            "colleague": world.account(Role.CLERK, "urban_management A", "同事"),
            "reviewer": world.account(Role.REVIEWER, "urban_management A"),
            "signer": world.account(Role.SIGNER, "urban_management A"),
            "superior": world.account(Role.SUPERVISOR, "street A"),
            "other clerk": world.account(Role.CLERK, "urban_management B"),
            "other superior": world.account(Role.SUPERVISOR, "street B"),
        }
        self.people = {account.person_id: name for name, account in self.accounts.items()}
        self.go_to(begins)
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        settle()
        self.pk = world.receive(actor=world.resident, filer=world.resident_account.person).matter.pk

    def go_to(self, moment: datetime) -> None:
        self.world.now = moment
        settings.LINLI_CLOCK.set(moment)

    def act(self, who: str, name: str, **inputs: Any) -> None:
        CASES.actions[name](self.pk, actor=self.actor(who), now=self.world.now, **inputs)

    def refused(self, who: str, name: str, why: str, **inputs: Any) -> None:
        snapshot = Snapshot()
        with pytest.raises(Refused, match=why):
            self.act(who, name, **inputs)
        assert snapshot.unchanged()

    def ticks(self, *events: str) -> None:
        """The clock comes by, and does exactly these things."""
        newest = Record.objects.order_by("-pk").values_list("pk", flat=True)[0]
        tick(self.world.now)
        assert list(Record.objects.filter(pk__gt=newest).order_by("pk").values_list("event", flat=True)) == list(events)

    def actor(self, who: str) -> Actor:
        return actor_of(self.accounts[who], self.world.now)

    @property
    def case(self) -> Case:
        return World.case(self.pk)

    def told(self) -> dict[str, set[str]]:
        """Who has been told of what since the last time this was asked."""
        settle()
        found: dict[str, set[str]] = {}
        for notice in Notice.objects.filter(matter=self.pk, read_at=None).order_by("pk"):
            found.setdefault(notice.event, set()).add(self.people[notice.person_id])
            assert notice.as_staff is (notice.person_id != self.world.resident_account.person_id)
        Notice.objects.update(read_at=self.world.now)
        return found

    def light(self) -> str:
        return standing_of(CASES, self.case.matter, self.world.now)["light"]

    def page(self, who: str) -> str:
        client = Client()
        client.force_login(self.accounts[who])
        answer = client.get(reverse("desk_case", kwargs={"number": self.case.matter.number}))
        assert answer.status_code == 200
        return answer.content.decode()


@pytest.fixture
def journey(world: World) -> Journey:
    return Journey(world, at("02-12", 15))


def to_hands(journey: Journey) -> None:
    journey.act("desk", "file_case", topic=journey.world.topic)
    journey.act("desk", "dispatch_case", unit=journey.world.office["urban_management A"])
    journey.act("clerk", "accept_case")


def to_reply(journey: Journey) -> None:
    journey.act("clerk", "handle_case", work="已更换灯泡。")
    journey.act("clerk", "draft_reply", reply="您好,路灯已修好。")
    journey.act("reviewer", "review_reply")
    journey.act("signer", "sign_reply")


def to_close(journey: Journey) -> None:
    to_reply(journey)
    journey.act("desk", "call_back_case", result=CallResult.SOLVED)
    journey.act("desk", "verify_case")
    journey.act("desk", "close_case")


def test_the_promise_runs_over_the_holiday_and_counts_the_worked_saturday(journey: Journey) -> None:
    matter = journey.case.matter
    assert matter.due_at == midnight_after("02-26")
    assert journey.case.matter.warn_at == midnight_after("02-25")
    assert journey.light() == "green"
    assert journey.told() == {"receive_case": {"desk"}}
    to_hands(journey)
    assert journey.case.matter.due_at == midnight_after("02-26")
    assert journey.told() == {
        "file_case": {"filer"},
        "dispatch_case": {"clerk", "colleague", "filer"},
        "accept_case": {"filer"},
    }


def test_yellow_red_and_each_once(journey: Journey) -> None:
    to_hands(journey)
    journey.told()
    journey.go_to(midnight_after("02-25") - INSTANT)
    journey.ticks()
    assert journey.light() == "green"
    journey.go_to(midnight_after("02-25"))
    journey.ticks("warn_holder")
    journey.ticks()
    assert journey.light() == "yellow"
    assert journey.told() == {"warn_holder": {"clerk"}}
    journey.go_to(midnight_after("02-26") - INSTANT)
    journey.ticks()
    journey.go_to(midnight_after("02-26"))
    journey.ticks("mark_overdue")
    journey.ticks()
    assert journey.light() == "red"
    assert journey.told() == {"mark_overdue": {"clerk", "superior", "filer"}}
    journey.refused("clerk", "request_extension", "extension_after_due", days=3, reason="等配件")
    journey.act("superior", "supervise_case", requirement="三日内办结。")
    journey.act("superior", "instruct_case", instruction="请到现场。")
    journey.act("filer", "urge_case")
    assert journey.told() == {
        "supervise_case": {"clerk", "filer"},
        "instruct_case": {"clerk"},
        "urge_case": {"clerk"},
    }


def test_the_clock_stands_still_for_the_supplement_and_goes_on_with_what_was_left(journey: Journey) -> None:
    to_hands(journey)
    journey.go_to(at("02-14"))  # the worked Saturday: two working days are used up
    journey.told()
    journey.act("clerk", "ask_supplement", question="请写明灯杆编号。")
    assert journey.told() == {"ask_supplement": {"filer"}}
    assert journey.case.paused_days_left == 3
    assert journey.case.waits_until == midnight_after("02-28")
    assert journey.light() == "paused"
    journey.go_to(at("02-27"))  # behind the old due date
    journey.ticks()
    assert journey.light() == "paused"
    journey.act("filer", "supply_supplement", text="12 号灯杆")
    assert journey.told() == {"supply_supplement": {"clerk"}}
    assert journey.case.matter.due_at == midnight_after("03-03")  # Sat 28 Feb, Mon 2, Tue 3 March
    assert journey.light() == "green"
    journey.refused("clerk", "ask_supplement", "supplement_asked_before", question="还要")


def test_a_supplement_that_does_not_come_lapses(journey: Journey) -> None:
    to_hands(journey)
    journey.act("clerk", "ask_supplement", question="请写明灯杆编号。")
    journey.told()
    assert journey.case.waits_until == midnight_after("02-26")
    journey.go_to(midnight_after("02-26") - INSTANT)
    journey.ticks()
    journey.go_to(midnight_after("02-26"))
    journey.ticks("lapse_supplement")
    assert journey.told() == {"lapse_supplement": {"clerk", "filer"}}
    assert (journey.case.matter.state, journey.case.matter.due_at) == ("accepted", midnight_after("03-04"))


def test_a_clock_process_that_comes_late_gives_no_day_more(journey: Journey) -> None:
    to_hands(journey)
    journey.act("clerk", "ask_supplement", question="请写明灯杆编号。")
    journey.go_to(at("03-02"))
    journey.ticks("lapse_supplement")
    assert journey.case.matter.due_at == midnight_after("03-04")


def test_a_supplement_after_its_time_gives_no_day_more_either(journey: Journey) -> None:
    to_hands(journey)
    journey.act("clerk", "ask_supplement", question="请写明灯杆编号。")
    journey.go_to(at("03-02"))
    journey.act("filer", "supply_supplement", text="12 号灯杆")
    assert journey.case.matter.due_at == midnight_after("03-04")


def test_an_extension_is_asked_for_counted_and_warned_of_anew(journey: Journey) -> None:
    to_hands(journey)
    journey.go_to(midnight_after("02-25"))
    journey.ticks("warn_holder")
    journey.told()
    journey.act("clerk", "request_extension", days=2, reason="等配件")
    assert journey.told() == {"request_extension": {"superior"}}
    journey.act("superior", "grant_extension", note="同意")
    assert journey.told() == {"grant_extension": {"clerk", "filer"}}
    case = journey.case
    assert (case.extensions_granted, case.warned_at) == (1, None)
    assert (case.matter.due_at, case.matter.warn_at) == (midnight_after("02-28"), midnight_after("02-27"))
    granted = Record.objects.filter(event="grant_extension").get()
    assert granted.codes["warned_before"] is True
    journey.go_to(midnight_after("02-27"))
    journey.ticks("warn_holder")
    journey.go_to(midnight_after("02-28"))
    journey.ticks("mark_overdue")


def test_a_refused_extension_moves_nothing(journey: Journey) -> None:
    to_hands(journey)
    journey.act("clerk", "request_extension", days=2, reason="等配件")
    journey.told()
    journey.act("superior", "refuse_extension", reason="请按期办结。")
    assert journey.told() == {"refuse_extension": {"clerk"}}
    assert journey.case.matter.due_at == midnight_after("02-26")


def test_returning_is_open_for_exactly_twenty_four_hours(journey: Journey) -> None:
    journey.act("desk", "file_case", topic=journey.world.topic)
    journey.act("desk", "dispatch_case", unit=journey.world.office["urban_management A"])
    sent = journey.world.now
    journey.told()
    journey.go_to(sent + timedelta(hours=24) - INSTANT)
    journey.ticks()
    journey.go_to(sent + timedelta(hours=24, microseconds=1))
    journey.refused("clerk", "return_case", "return_time_over", reason="属于绿化。")
    journey.go_to(sent + timedelta(hours=24))
    journey.ticks("warn_unaccepted")
    assert journey.told() == {"warn_unaccepted": {"clerk", "colleague", "superior", "desk"}}
    journey.act("clerk", "return_case", reason="属于绿化。")
    assert journey.told() == {"return_case": {"desk"}}
    assert (journey.case.matter.state, journey.case.returns) == ("returned", 1)
    journey.act("desk", "dispatch_case", unit=journey.world.office["urban_management A"])
    journey.go_to(journey.world.now + timedelta(hours=24))
    journey.ticks("warn_unaccepted")


def test_the_reply_is_verified_in_time_or_warned_of(journey: Journey) -> None:
    to_hands(journey)
    journey.told()
    to_reply(journey)
    told = journey.told()
    assert told["draft_reply"] == {"reviewer", "signer"}
    assert told["review_reply"] == {"signer"}
    assert told["sign_reply"] == {"desk", "filer"}
    assert journey.light() == "none"
    journey.go_to(midnight_after("02-26"))
    journey.ticks("warn_unverified")
    journey.ticks()
    assert journey.told() == {"warn_unverified": {"desk"}}
    journey.act("filer", "confirm_solved")
    assert journey.told() == {"confirm_solved": {"desk"}}


def test_reopened_once_by_right_and_then_by_approval(journey: Journey) -> None:
    to_hands(journey)
    to_close(journey)
    journey.told()
    assert journey.case.reopen_until == midnight_after("03-11")
    journey.go_to(midnight_after("03-11") - INSTANT)
    journey.act("filer", "reopen_case", reason="又不亮了。")
    assert journey.told() == {"reopen_case": {"clerk", "colleague"}}
    assert journey.case.matter.due_at == midnight_after("03-18")
    assert journey.light() == "green"
    journey.go_to(midnight_after("03-18"))
    journey.ticks("warn_holder", "mark_overdue")
    to_close(journey)
    journey.told()
    journey.refused("filer", "reopen_case", "reopened_before", reason="还是不亮。")
    journey.act("filer", "request_reopening", reason="还是不亮。")
    assert journey.told() == {"request_reopening": {"superior"}}
    journey.refused("clerk", "grant_reopening", "not_granted")
    journey.refused("other superior", "grant_reopening", "out_of_scope")
    journey.act("superior", "grant_reopening")
    assert journey.told() == {"grant_reopening": {"clerk", "colleague", "filer"}}
    assert journey.case.reopened == 2
    assert journey.case.matter.due_at == midnight_after("03-26")


def test_reopening_ends_with_its_last_day(journey: Journey) -> None:
    to_hands(journey)
    to_close(journey)
    journey.go_to(midnight_after("03-11"))
    journey.refused("filer", "reopen_case", "reopening_time_over", reason="又不亮了。")


def test_a_notice_goes_to_the_desk_of_its_act_however_late_it_is_made(journey: Journey) -> None:
    """Worker down for a while: the dispatch is told to the unit it went to, not to where the case lies by now."""
    journey.act("desk", "file_case", topic=journey.world.topic)
    journey.act("desk", "dispatch_case", unit=journey.world.office["urban_management A"])
    journey.act("clerk", "return_case", reason="不属于本部门。")
    journey.act("desk", "dispatch_case", unit=journey.world.office["urban_management B"])
    told = journey.told()
    assert told["return_case"] == {"desk"}
    assert told["dispatch_case"] == {"clerk", "colleague", "other clerk", "filer"}


def test_light_list_and_warning_agree_over_a_weekend(world: World) -> None:
    journey = Journey(world, at("03-09"))  # Monday
    to_hands(journey)
    assert journey.case.matter.due_at == midnight_after("03-16")  # Monday
    for moment, light in (
        (midnight_after("03-13") - INSTANT, "green"),
        (midnight_after("03-13"), "yellow"),
        (at("03-14"), "yellow"),
        (midnight_after("03-16") - INSTANT, "yellow"),
        (midnight_after("03-16"), "red"),
    ):
        journey.go_to(moment)
        tick(moment)
        assert journey.light() == light
        assert (journey.case.warned_at is not None) is (light != "green")
        for asked in ("yellow", "red"):
            rows = inbox(journey.actor("clerk"), moment, filters=InboxFilters(light=asked)).rows
            assert [row["id"] for row in rows] == ([journey.pk] if asked == light else [])


def test_an_urge_is_heard_by_whoever_has_the_next_step(journey: Journey) -> None:
    journey.act("filer", "urge_case")
    assert journey.told()["urge_case"] == {"desk"}
    journey.act("desk", "file_case", topic=journey.world.topic)
    journey.act("desk", "dispatch_case", unit=journey.world.office["urban_management A"])
    journey.go_to(journey.world.now + timedelta(hours=24))
    journey.act("filer", "urge_case")
    assert journey.told()["urge_case"] == {"clerk", "colleague"}


@pytest.mark.parametrize("who", ["desk", "clerk", "superior"])
def test_the_page_shows_state_and_light(journey: Journey, who: str) -> None:
    to_hands(journey)
    lights: dict[str, str] = {}
    for day, light in (("02-12", "green"), ("02-26", "yellow"), ("02-27", "red")):
        journey.go_to(at(day, 16))
        tick(journey.world.now)
        page = journey.page(who)
        assert str(STATES["accepted"]) in page
        assert f"light-{light}" in page
        lights[light] = page
    assert len(set(lights.values())) == 3


@pytest.mark.parametrize("act", ["supervise", "urge", "extend", "return", "reopen", "rate"])
def test_the_page_opens_whatever_has_happened(journey: Journey, act: str) -> None:
    to_hands(journey)
    match act:
        case "supervise":
            journey.act("superior", "supervise_case", requirement="三日内办结。")
        case "urge":
            journey.act("filer", "urge_case")
        case "extend":
            journey.act("clerk", "request_extension", days=2, reason="等配件")
            journey.act("superior", "grant_extension")
        case "return":
            Case.objects.filter(pk=journey.pk).update(returns=1)
        case "reopen":
            to_close(journey)
            journey.act("filer", "reopen_case", reason="又不亮了。")
        case "rate":
            to_close(journey)
            journey.act("filer", "rate_case", rating=5)
    assert str(STATES[journey.case.matter.state]) in journey.page("desk")


@pytest.mark.parametrize(("answered", "due"), [("02-26", "02-26"), ("02-27", "02-27"), ("02-28", "02-28")])
def test_asking_on_the_last_day_gives_no_day_more(journey: Journey, answered: str, due: str) -> None:
    to_hands(journey)
    journey.go_to(at("02-26", 9))
    journey.ticks("warn_holder")
    journey.act("clerk", "ask_supplement", question="请写明灯杆编号。")
    assert journey.case.paused_days_left == 0
    journey.go_to(at(answered, 16))
    journey.act("filer", "supply_supplement", text="12 号灯杆")
    assert journey.case.matter.due_at == midnight_after(due)
    journey.ticks("warn_holder")
    journey.go_to(midnight_after(due))
    journey.ticks("mark_overdue")


def test_asking_when_overdue_takes_nothing_back(journey: Journey) -> None:
    to_hands(journey)
    journey.go_to(midnight_after("02-26"))
    journey.ticks("warn_holder", "mark_overdue")
    journey.go_to(at("02-27"))
    journey.act("clerk", "ask_supplement", question="请写明灯杆编号。")
    assert journey.light() == "paused"
    journey.go_to(at("02-28"))
    journey.act("filer", "supply_supplement", text="12 号灯杆")
    case = journey.case
    assert (case.overdue_at, case.matter.due_at) == (midnight_after("02-26"), midnight_after("02-26"))
    assert journey.light() == "red"
    journey.ticks()


def test_an_extension_is_not_granted_over_a_broken_promise(journey: Journey) -> None:
    to_hands(journey)
    journey.act("clerk", "request_extension", days=5, reason="等配件")
    journey.go_to(midnight_after("02-26") - INSTANT)
    journey.ticks("warn_holder")
    journey.go_to(midnight_after("02-26"))
    journey.ticks("mark_overdue")
    journey.refused("superior", "grant_extension", "grant_after_due")
    assert journey.case.overdue_at == midnight_after("02-26")
    journey.act("superior", "refuse_extension", reason="已经超期。")
    assert journey.case.extension_asked_days is None


def test_an_extension_can_be_granted_as_long_as_the_clock_stands_still(journey: Journey) -> None:
    to_hands(journey)
    journey.act("clerk", "request_extension", days=5, reason="等配件")
    journey.go_to(at("02-26", 9))
    journey.ticks("warn_holder")
    journey.act("clerk", "ask_supplement", question="请写明灯杆编号。")
    journey.go_to(at("02-27"))
    journey.act("superior", "grant_extension")
    assert journey.case.paused_days_left == 5


def test_what_no_unit_accepts_is_taken_back_and_sent_elsewhere(journey: Journey) -> None:
    journey.act("desk", "file_case", topic=journey.world.topic)
    journey.act("desk", "dispatch_case", unit=journey.world.office["urban_management A"])
    journey.told()
    journey.go_to(midnight_after("02-26"))
    journey.ticks("warn_unaccepted", "warn_holder", "mark_overdue")
    told = journey.told()
    assert told["warn_unaccepted"] == {"clerk", "colleague", "superior", "desk"}
    assert told["mark_overdue"] == {"clerk", "colleague", "superior", "desk", "filer"}
    journey.refused("clerk", "return_case", "return_time_over", reason="属于绿化。")
    journey.act("desk", "recall_case", reason="无人签收，改派。")
    assert journey.told() == {"recall_case": {"filer"}}
    assert (journey.case.matter.state, journey.light()) == ("returned", "red")
    journey.act("desk", "dispatch_case", unit=journey.world.office["urban_management B"])
    assert journey.case.matter.desk == journey.world.office["urban_management B"]


def test_what_is_overdue_in_a_units_hands_is_told_to_no_sender(journey: Journey) -> None:
    to_hands(journey)
    journey.told()
    journey.go_to(midnight_after("02-26"))
    journey.ticks("warn_holder", "mark_overdue")
    assert journey.told()["mark_overdue"] == {"clerk", "superior", "filer"}


def test_an_accepted_case_of_another_unit_is_handed_over_and_the_clock_runs_on(journey: Journey) -> None:
    to_hands(journey)
    journey.act("clerk", "request_extension", days=2, reason="等配件")
    journey.told()
    before = journey.case.matter.due_at
    journey.act("clerk", "hand_over_case", reason="属于绿化。")
    assert journey.told() == {"hand_over_case": {"desk"}}
    case = journey.case
    assert (case.matter.due_at, case.returns, case.extension_asked_days) == (before, 1, None)
    journey.act("desk", "dispatch_case", unit=journey.world.office["urban_management B"])
    journey.act("other clerk", "accept_case")
    assert journey.case.matter.handler_id == journey.actor("other clerk").person


def test_the_basis_of_the_date_stays_true_after_extension_and_pause(journey: Journey) -> None:
    assert (
        limit_basis(journey.case)
        == "5 个工作日（依据：安阳市政务服务条例 第五十条（地方性法规，供参考）），依据尚未核实"
    )
    topic = "5 个工作日（事项分类“路灯”的承诺时限）"
    to_hands(journey)
    assert limit_basis(journey.case) == topic
    journey.act("clerk", "request_extension", days=2, reason="等配件")
    journey.act("superior", "grant_extension")
    assert limit_basis(journey.case) == f"{topic}；已延期 2 个工作日"
    journey.go_to(at("02-14"))
    journey.act("clerk", "ask_supplement", question="请写明灯杆编号。")
    journey.act("filer", "supply_supplement", text="12 号灯杆")
    assert journey.case.matter.clock_days == 5
    assert limit_basis(journey.case) == f"{topic}；已延期 2 个工作日；补充材料期间不计时"
    assert limit_basis(journey.case) in journey.page("clerk")
    to_reply(journey)
    journey.act("filer", "reopen_case", reason="又不亮了。")
    assert limit_basis(journey.case) == topic


def test_what_was_overdue_when_asked_is_not_said_to_have_paused(journey: Journey) -> None:
    to_hands(journey)
    journey.go_to(at("02-27"))
    journey.act("clerk", "ask_supplement", question="请写明灯杆编号。")
    assert "不计时" not in limit_basis(journey.case)


def test_a_shorter_topic_filed_late_leaves_a_day_to_act(journey: Journey) -> None:
    journey.go_to(at("02-25", 16))  # three working days from receipt were over yesterday
    journey.act("desk", "file_case", topic=journey.world.simple_topic)
    assert journey.case.matter.due_at == midnight_after("02-26")
    assert journey.case.matter.clock_days == 5
    journey.ticks()
    assert Record.objects.get(event="file_case").codes.get("due_before") is None


@pytest.mark.parametrize(("topic_days", "due"), [(3, "02-24"), (8, "03-02")])
def test_the_filer_is_told_of_another_date_with_its_basis(journey: Journey, topic_days: int, due: str) -> None:
    topic = journey.world.topic
    topic.promised_days = topic_days
    topic.save()
    journey.act("desk", "file_case", topic=topic)
    assert journey.case.matter.due_at == midnight_after(due)
    filed = Record.objects.get(event="file_case").codes
    assert datetime.fromisoformat(filed["due_before"]) == midnight_after("02-26")
    client = Client()
    client.force_login(journey.accounts["filer"])
    page = client.get(reverse("my_case", kwargs={"number": journey.case.matter.number})).content.decode()
    assert "答复日期" in page
    assert f"自收到之日起 {topic_days} 个工作日" in page


def test_filing_anew_moves_no_clock_that_was_stopped(journey: Journey) -> None:
    to_hands(journey)
    journey.act("clerk", "ask_supplement", question="请写明灯杆编号。")
    journey.go_to(at("02-24"))
    journey.act("filer", "supply_supplement", text="12 号灯杆")
    before = journey.case.matter.due_at
    journey.act("clerk", "hand_over_case", reason="属于绿化。")
    journey.act("desk", "escalate_case", reason="街道无力解决。")
    centre = journey.world.actor(Role.DISPATCHER, "centre")
    CASES.actions["file_case"](journey.pk, actor=centre, now=journey.world.now, topic=journey.world.simple_topic)
    assert journey.case.matter.due_at == before


def test_a_longer_topic_takes_no_overdue_mark_back(journey: Journey) -> None:
    journey.go_to(midnight_after("02-26"))
    journey.ticks("warn_holder", "mark_overdue")
    topic = journey.world.topic
    topic.promised_days = 20
    topic.save()
    journey.act("desk", "file_case", topic=topic)
    assert journey.case.overdue_at == journey.case.matter.due_at == midnight_after("02-26")
