"""A bad rating is made good: contact, mending, call-back, with a clock of its own and the superior told (差评整改)."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from linli.ground.matters.clocks import local_day
from linli.ground.matters.inbox import InboxFilters, inbox
from linli.ground.matters.models import Matter
from linli.ground.matters.ticking import tick
from linli.ground.record.models import Record
from linli.ground.record.writing import Audience
from linli.kernel.access import SYSTEM, Role
from linli.kernel.workdays import Workdays
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import CallResult, Rating
from linli.services.cases.timing import reclock_case
from tests.services.acting import act, due, moved, refused, wrote
from tests.services.journey import Journey, to_close, to_hands
from tests.world import World


def rated(world: World, rating: Rating = Rating.DISSATISFIED, **inputs: Any) -> Case:
    case = world.case_of(state="closed", **inputs)
    act(world, case, "rate_case", world.resident, rating=rating, comment="灯还是一闪一闪。")
    return case


def ticked(world: World) -> list[str]:
    newest = Record.objects.order_by("-pk").values_list("pk", flat=True)[0]
    tick(world.now)
    return list(Record.objects.filter(pk__gt=newest).order_by("pk").values_list("event", flat=True))


def rectifying(world: World, **inputs: Any) -> Case:
    case = rated(world, **inputs)
    act(world, case, "open_rectification", SYSTEM)
    return case


def rectified(world: World) -> Case:
    case = rectifying(world)
    act(world, case, "contact_rater", world.clerk_of(), reached=True)
    act(world, case, "rectify_case", world.clerk_of(), work="已换镇流器。")
    return case


def refreshed(case: Case) -> Case:
    return World.case(case.pk)


@pytest.mark.parametrize("rating", list(Rating))
def test_the_two_lowest_ratings_open_a_rectification(world: World, rating: Rating) -> None:
    case = rated(world, rating)
    bad = rating in {Rating.DISSATISFIED, Rating.VERY_DISSATISFIED}
    assert ticked(world) == (["open_rectification"] if bad else [])
    assert refreshed(case).matter.state == ("rectifying" if bad else "closed")
    assert ticked(world) == []


def test_open_rectification(world: World) -> None:
    case, unit = rated(world), world.office["urban_management A"]
    done = act(world, case, "open_rectification", SYSTEM)
    moved(case, done, "closed", "rectifying")
    assert (case.matter.closed_at, case.matter.desk, case.matter.holder) == (None, unit, unit)
    assert (case.rectification_asked_at, case.rectification_opened_at) == (None, world.now)
    assert case.matter.due_at == due(world, 1)
    wrote(done, Audience.PARTY, {}, due=due(world, 1), days=1)
    assert [row["id"] for row in inbox(world.clerk_of(), world.now, filters=InboxFilters(reach="desk")).rows] == [
        case.pk
    ]
    refused(world, case, "open_rectification", SYSTEM, "not_open")


def test_a_rating_under_the_first_procedure_stays_an_act(world: World) -> None:
    """Who was promised a procedure keeps it: neither unit nor filer finds the closed case open again."""
    case = world.case_of(state="closed")
    Matter.objects.filter(pk=case.pk).update(procedure_version=1)
    case.refresh_from_db()
    act(world, case, "rate_case", world.resident, rating=Rating.VERY_DISSATISFIED)
    assert ticked(world) == []
    assert (case.rectification_asked_at, refreshed(case).matter.state) == (None, "closed")


def test_who_reopens_before_it_is_taken_up_has_the_whole_handled_anew(world: World) -> None:
    case = rated(world)
    act(world, case, "reopen_case", world.resident, reason="还在闪。")
    assert ticked(world) == []
    world.answer_again(case.pk)
    for name, actor in (
        ("confirm_solved", world.resident),
        ("verify_case", world.dispatcher_of()),
        ("close_case", world.dispatcher_of()),
    ):
        act(world, case, name, actor)
    assert ticked(world) == [], "the old rating speaks of the old handling"


def test_reopening_takes_the_place_of_a_rectification(world: World) -> None:
    case = rectifying(world)
    done = act(world, case, "reopen_case", world.resident, reason="还在闪。")
    moved(case, done, "rectifying", "accepted")
    assert case.matter.due_at == due(world, 5)


def test_contact_rater(world: World) -> None:
    case, clerk = rectifying(world), world.clerk_of()
    refused(world, case, "rectify_case", clerk, "contact_missing", work="已换镇流器。")
    opened, last = world.now, due(world, 15)
    world.later(hours=20)
    done = act(world, case, "contact_rater", clerk, reached=True, note="还在闪")
    moved(case, done, "rectifying", "rectifying")
    assert (case.contacted_at, case.matter.due_at) == (world.now, last)
    assert case.matter.clock_start == local_day(opened), "counted from the opening, however late the contact"
    wrote(done, Audience.PARTY, {"note": "还在闪"}, reached=True, attempt=1, due=last, days=15)
    refused(world, case, "contact_rater", clerk, "rater_contacted", reached=True)


def test_whoever_is_not_reached_is_tried_three_times_hours_apart(world: World) -> None:
    case, clerk = rectifying(world), world.clerk_of()
    for attempt in (1, 2, 3):
        act(world, case, "contact_rater", clerk, reached=False)
        assert (case.contact_attempts, case.contacted_at is not None) == (attempt, attempt == 3)
        if attempt < 3:
            world.later(hours=4, microseconds=-1)
            refused(world, case, "contact_rater", clerk, "called_recently", reached=False)
            world.later(microseconds=1)
    act(world, case, "rectify_case", clerk, work="已换镇流器。")


def test_whoever_cannot_be_contacted_is_not_waited_for(world: World) -> None:
    case = rectifying(world)
    Case.objects.filter(pk=case.pk).update(wants_feedback=False)
    case.refresh_from_db()
    refused(world, case, "contact_rater", world.clerk_of(), "rater_unreachable", reached=True)
    act(world, case, "rectify_case", world.clerk_of(), work="已换镇流器。")
    other = rated(world)
    Case.objects.filter(pk=other.pk).update(wants_feedback=False)
    act(world, other, "open_rectification", SYSTEM)
    assert other.matter.due_at == due(world, 15)


def test_who_hides_from_the_unit_is_contacted_by_the_counter_and_stays_unknown(world: World, client: Client) -> None:
    case, centre = rated(world, identity_shown=False), world.office["citizen_service_center A"]
    act(world, case, "open_rectification", SYSTEM)
    assert (case.matter.desk, case.matter.holder) == (centre, world.office["urban_management A"])
    refused(world, case, "contact_rater", world.clerk_of(), "contact_by_counter", reached=True)
    settings.LINLI_CLOCK.set(world.now)
    client.force_login(world.account(Role.CLERK, "urban_management A"))
    page = client.get(reverse("desk_case", kwargs={"number": case.matter.number})).content.decode()
    assert "灯还是一闪一闪" in page
    assert "居民甲" not in page
    assert "1380" not in page
    act(world, case, "contact_rater", world.dispatcher_of(), reached=True)
    assert case.matter.desk == case.matter.holder


def test_rectify_case(world: World) -> None:
    case, clerk = rectifying(world), world.clerk_of()
    act(world, case, "contact_rater", clerk, reached=True)
    Matter.objects.filter(pk=case.pk).update(handler=None)
    refused(world, case, "rectify_case", clerk, "handler_missing", work="已换镇流器。")
    act(world, case, "claim_case", clerk)
    done = act(world, case, "rectify_case", clerk, work="已换镇流器。")
    moved(case, done, "rectifying", "rectified")
    assert (case.rectified_at, case.verify_by, case.solved) == (world.now, due(world, 5), None)
    assert case.matter.desk == case.first_contact
    wrote(done, Audience.PARTY, {"rectified": "已换镇流器。"})


def test_close_rectification(world: World) -> None:
    case, desk = rectified(world), world.dispatcher_of()
    refused(world, case, "close_rectification", desk, "call_back_missing")
    act(world, case, "call_back_case", desk, result=CallResult.SOLVED)
    world.later(days=1)
    done = act(world, case, "close_rectification", desk, note="回访满意")
    moved(case, done, "rectified", "closed")
    assert (case.matter.closed_at, case.reopen_until) == (world.now, due(world, 15))
    wrote(done, Audience.PARTY, {"note": "回访满意"}, solved=True, call_attempts=1)
    assert ticked(world) == []
    refused(world, case, "rate_case", world.resident, "already_rated", rating=Rating.SATISFIED)


def test_what_the_call_back_finds_unsolved_goes_back_to_the_holder(world: World) -> None:
    case, desk = rectified(world), world.dispatcher_of()
    act(world, case, "call_back_case", desk, result=CallResult.UNSOLVED)
    refused(world, case, "close_rectification", desk, "solved_is_false")
    act(world, case, "reopen_for_filer", desk, reason="回访说仍在闪。")
    assert case.matter.state == "accepted"


def test_a_rectification_is_warned_of_overdue_and_looked_after(world: World) -> None:
    case = rated(world)
    assert ticked(world) == ["open_rectification"]
    world.later(days=3)
    assert ticked(world) == ["warn_holder", "mark_overdue"]
    act(world, case, "contact_rater", world.clerk_of(), reached=True)
    assert refreshed(case).overdue_at is None, "promised anew for later"
    act(world, case, "rectify_case", world.clerk_of(), work="已换镇流器。")
    world.later(days=8)
    assert ticked(world) == ["warn_unverified"]


def test_the_handler_of_a_rectification_who_leaves_is_released(world: World) -> None:
    case = rectifying(world)
    Matter.objects.filter(pk=case.pk).update(handler=world.resident_account.person)
    assert ticked(world) == ["release_for_leaver"]


def test_another_calendar_does_not_shorten_the_time_for_reopening(world: World) -> None:
    case = rectifying(world)
    world.later(days=30)
    before = case.reopen_until
    reclock_case(case, Workdays.shipped())
    assert case.reopen_until == before


def test_who_is_told(journey: Journey) -> None:
    to_hands(journey)
    to_close(journey)
    journey.told()
    journey.act("filer", "rate_case", rating=Rating.DISSATISFIED)
    assert journey.told() == {"rate_case": {"clerk"}}
    journey.ticks("open_rectification")
    assert journey.told() == {"open_rectification": {"clerk", "superior", "filer"}}
    journey.act("desk", "contact_rater", reached=True)
    assert journey.told() == {"contact_rater": {"clerk"}}
    journey.act("clerk", "rectify_case", work="已换镇流器。")
    assert journey.told() == {"rectify_case": {"desk", "filer"}}
    journey.act("filer", "confirm_solved")
    journey.told()
    journey.act("desk", "close_rectification")
    assert journey.told() == {"close_rectification": {"filer"}}


def test_pages_tell_the_phase_and_its_basis(journey: Journey, client: Client) -> None:
    to_hands(journey)
    to_close(journey)
    journey.act("filer", "rate_case", rating=Rating.DISSATISFIED, comment="灯还是一闪一闪。")
    journey.ticks("open_rectification")
    number = journey.case.matter.number
    assert "第五十二条" in journey.page("clerk")
    client.force_login(journey.accounts["filer"])
    mine = reverse("my_case", kwargs={"number": number})
    assert "联系您，问清哪里没有做好" in client.get(mine).content.decode()
    journey.act("clerk", "contact_rater", reached=True)
    assert "正在整改" in client.get(mine).content.decode()
    assert "差评整改时限" in client.get(mine).content.decode()
    journey.act("clerk", "rectify_case", work="已换镇流器。")
    page = client.get(mine).content.decode()
    assert "已换镇流器" in page
    assert reverse("my_case_step", kwargs={"number": number, "step": "confirm_solved"}) in page


def test_the_desk_takes_every_step_on_its_page(journey: Journey, client: Client) -> None:
    to_hands(journey)
    to_close(journey)
    journey.act("filer", "rate_case", rating=Rating.DISSATISFIED)
    journey.ticks("open_rectification")
    number = journey.case.matter.number

    def take(who: str, step: str, **given: str) -> None:
        client.force_login(journey.accounts[who])
        answer = client.post(reverse("desk_case_step", kwargs={"number": number, "step": step}), given)
        assert answer.status_code == 302, answer.content.decode()

    take("clerk", "contact_rater", reached="no")
    journey.go_to(journey.world.now + timedelta(minutes=10))
    page = client.get(reverse("desk_case_step", kwargs={"number": number, "step": "contact_rater"})).content.decode()
    assert "刚刚打过" in page
    take("clerk", "contact_rater", reached="yes", note="还在闪")
    take("clerk", "rectify_case", work="已换镇流器。")
    journey.act("filer", "confirm_solved")
    take("desk", "close_rectification", note="满意")
    assert journey.case.matter.state == "closed"
    assert CASES.procedure_of(journey.case.matter).version == CASES.newest
