"""The clock of a demand over the spring holiday of 2026, told to the end: dates, lights, and who was told of what.

Thursday 12 February: received. 14 and 28 February are Saturdays that are worked; 15 to 23 February are holidays.
"""

from datetime import timedelta

import pytest

from linli.ground.matters.inbox import InboxFilters, inbox
from linli.ground.matters.ticking import tick
from linli.ground.record.models import Record
from linli.services.cases.models import Case
from linli.services.cases.wording import STATES
from tests.services.journey import INSTANT, Journey, at, midnight_after, to_close, to_hands, to_reply
from tests.world import World


def test_the_promise_runs_over_the_holiday_and_counts_the_worked_saturday(journey: Journey) -> None:
    matter = journey.case.matter
    assert matter.due_at == midnight_after("02-26")
    assert journey.case.matter.warn_at == midnight_after("02-25")
    assert journey.light() == "green"
    assert journey.told() == {"receive_case": {"desk", "filer"}}
    to_hands(journey)
    assert journey.case.matter.due_at == midnight_after("02-26")
    assert journey.told() == {
        "dispatch_case": {"clerk", "colleague"},
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
        "supervise_case": {"clerk"},
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
    journey.act("desk", "dispatch_case", unit=journey.world.office["social_management A"])
    told = journey.told()
    assert told["return_case"] == {"desk"}
    assert told["dispatch_case"] == {"clerk", "colleague", "other clerk"}


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
