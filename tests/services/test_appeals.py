"""The rated unit appeals against a bad rating, once; a superior who is none of its own decides (评价申诉)."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from linli.ground.matters.inbox import InboxFilters, inbox
from linli.ground.matters.models import Matter
from linli.ground.notices.models import Notice
from linli.ground.people.actions.appoint_person import appoint_person
from linli.ground.people.selectors import actor_of
from linli.ground.record.models import Record
from linli.ground.record.writing import Audience
from linli.kernel.access import SYSTEM, Actor, Role
from linli.kernel.workdays import Workdays
from linli.services.cases.models import Case
from linli.services.cases.rules.rating import counts_in_rates
from linli.services.cases.rules.vocabulary import Appeal, Rating
from linli.services.cases.selectors import public_cases
from linli.services.cases.timing import reclock_case
from linli.services.cases.wording import rating_words
from linli.site.running import settle
from tests.services.acting import act, due, moved, refused, wrote
from tests.world import World

REASON = "当天已修好,评价说的是另一盏灯。"
TURN = InboxFilters(reach="turn")


def rated(world: World, rating: Rating = Rating.DISSATISFIED) -> Case:
    case = world.case_of(state="closed")
    act(world, case, "rate_case", world.resident, rating=rating)
    return case


def appealed(world: World) -> Case:
    case = rated(world)
    act(world, case, "appeal_rating", world.clerk_of(), reason=REASON)
    return case


def waiting(world: World, actor: Actor) -> list[int]:
    return [row["id"] for row in inbox(actor, world.now, filters=TURN).rows]


def test_appeal_rating(world: World) -> None:
    case = rated(world)
    assert (case.appeal_until, case.rated_path) == (due(world, 5), case.matter.holder.path)
    done = act(world, case, "appeal_rating", world.clerk_of(), reason=REASON)
    moved(case, done, "closed", "closed")
    assert (case.appeal, case.rating) == (Appeal.ASKED, 2)
    wrote(done, Audience.STAFF, {"reason": REASON})
    refused(world, case, "appeal_rating", world.clerk_of(), "appealed_before", reason=REASON)


def test_who_appeals_and_against_what(world: World) -> None:
    case, good = rated(world), rated(world, Rating.BASICALLY_SATISFIED)
    refused(world, good, "appeal_rating", world.clerk_of(), "not_rated_badly", reason=REASON)
    refused(world, world.case_of(state="closed"), "appeal_rating", world.clerk_of(), "not_rated_badly", reason=REASON)
    at_desk = world.actor(Role.CLERK, "citizen_service_center A")
    refused(world, case, "appeal_rating", at_desk, "rated_unit_only", reason=REASON)
    refused(world, case, "appeal_rating", world.clerk_of("B"), "out_of_scope", reason=REASON)
    refused(world, case, "appeal_rating", world.supervisor_of(), "not_granted", reason=REASON)
    world.now = due(world, 5)
    refused(world, case, "appeal_rating", world.clerk_of(), "appeal_time_over", reason=REASON)


def test_uphold_rating(world: World) -> None:
    case = appealed(world)
    done = act(world, case, "uphold_rating", world.supervisor_of(), reason="照片显示灯未亮。")
    assert (case.appeal, case.matter.state) == (Appeal.UPHELD, "closed")
    wrote(done, Audience.PARTY, {"reason": "照片显示灯未亮。"})
    refused(world, case, "overrule_rating", world.supervisor_of(), "no_appeal", reason="另有证据。")
    refused(world, case, "appeal_rating", world.clerk_of(), "appealed_before", reason=REASON)


def test_overrule_rating(world: World) -> None:
    case = appealed(world)
    done = act(world, case, "overrule_rating", world.supervisor_of(), reason="说的是另一盏灯。")
    assert (case.appeal, case.rating, case.rectification_asked_at) == (Appeal.UNFAIR, 2, None)
    moved(case, done, "closed", "closed")
    wrote(done, Audience.PARTY, {"reason": "说的是另一盏灯。"})
    refused(world, case, "open_rectification", SYSTEM, "not_open")


def test_what_was_found_unfair_needs_no_rectification(world: World) -> None:
    case = appealed(world)
    act(world, case, "open_rectification", SYSTEM)
    world.later(days=1)
    done = act(world, case, "overrule_rating", world.supervisor_of(), reason="说的是另一盏灯。")
    moved(case, done, "rectifying", "closed")
    assert (case.matter.closed_at, case.matter.desk) == (world.now, case.first_contact)
    assert case.reopen_until == due(world, 15), "the filer may still say that it is not solved"
    upheld = appealed(world)
    act(world, upheld, "open_rectification", SYSTEM)
    act(world, upheld, "uphold_rating", world.supervisor_of(), reason="灯未亮。")
    assert upheld.matter.state == "rectifying"


def test_an_appeal_waits_while_the_case_is_handled_anew(world: World) -> None:
    case = appealed(world)
    act(world, case, "reopen_case", world.resident, reason="又不亮了。")
    assert waiting(world, world.supervisor_of()) == [case.pk]
    done = act(world, case, "overrule_rating", world.supervisor_of(), reason="说的是另一盏灯。")
    moved(case, done, "accepted", "accepted")


def test_nobody_judges_the_rating_of_their_own_unit(world: World) -> None:
    case, unit = appealed(world), world.office["urban_management A"]
    own = world.actor(Role.SUPERVISOR, "urban_management A")
    both = world.account(Role.SUPERVISOR, "street A", "兼任主管")
    appoint_person(both.person, unit, Role.CLERK, starts=world.now.date(), actor=SYSTEM, now=world.now)
    for actor in (own, actor_of(both, world.now)):
        refused(world, case, "uphold_rating", actor, "outside_superior_only", reason="灯未亮。")
        refused(world, case, "overrule_rating", actor, "outside_superior_only", reason="灯未亮。")
        assert waiting(world, actor) == []
    refused(world, case, "uphold_rating", world.supervisor_of("B"), "out_of_scope", reason="灯未亮。")
    assert waiting(world, world.supervisor_of()) == [case.pk]
    act(world, case, "uphold_rating", world.supervisor_of(), reason="灯未亮。")
    assert waiting(world, world.supervisor_of()) == []


def test_a_unit_that_took_the_case_over_later_does_not_appeal_for_another(world: World) -> None:
    case = rated(world)
    act(world, case, "reopen_case", world.resident, reason="又不亮了。")
    act(world, case, "hand_over_case", world.clerk_of(), reason="不属于本部门。")
    act(world, case, "dispatch_case", world.dispatcher_of(), unit=world.office["social_management A"])
    other = world.actor(Role.CLERK, "social_management A")
    act(world, case, "accept_case", other)
    refused(world, case, "appeal_rating", other, "rated_unit_only", reason=REASON)


@pytest.mark.parametrize(
    ("rating", "appeal", "counts"),
    [
        (None, Appeal.NONE, False),
        (2, Appeal.NONE, True),
        (2, Appeal.ASKED, True),
        (2, Appeal.UPHELD, True),
        (2, Appeal.UNFAIR, False),
        (5, Appeal.NONE, True),
    ],
)
def test_which_ratings_count(rating: int | None, appeal: Appeal, *, counts: bool) -> None:
    assert counts_in_rates(rating, appeal) is counts


def test_a_rating_is_shown_with_what_became_of_the_appeal() -> None:
    assert rating_words(None, "asked") == ""
    assert rating_words(2) == "不满意"
    assert rating_words(2, "unfair") == "不满意（申诉成立，不计入统计）"


def test_the_mark_stands_wherever_the_rating_does(world: World, client: Client) -> None:
    case = appealed(world)
    act(world, case, "publish_case", world.clerk_of(), title="路灯", text="路灯不亮。", reply="已修好。")
    act(world, case, "overrule_rating", world.supervisor_of(), reason="说的是另一盏灯。")
    settings.LINLI_CLOCK.set(world.now)
    number, mark = {"number": case.matter.number}, "申诉成立，不计入统计"
    assert mark in client.get(reverse("public_case", kwargs=number)).content.decode()
    assert mark in client.get(reverse("public_cases")).content.decode()
    assert [row["case__appeal"] for row in public_cases().rows] == ["unfair"]
    client.force_login(world.resident_account)
    mine = client.get(reverse("my_case", kwargs=number)).content.decode()
    assert mark in mine
    assert "说的是另一盏灯。" in mine
    assert REASON not in mine, "what the unit says of the rating is for the superior"
    client.force_login(world.account(Role.CLERK, "urban_management A"))
    assert mark in client.get(reverse("desk_case", kwargs=number)).content.decode()


def test_the_superior_reads_the_reason_and_decides_on_the_page(world: World, client: Client) -> None:
    case = appealed(world)
    settings.LINLI_CLOCK.set(world.now)
    client.force_login(world.account(Role.SUPERVISOR, "street A"))
    address = reverse("desk_case_step", kwargs={"number": case.matter.number, "step": "uphold_rating"})
    assert REASON in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "灯未亮。"}).status_code == 302
    assert World.case(case.pk).appeal == Appeal.UPHELD


def test_who_hears_of_an_appeal(world: World) -> None:
    case, own = rated(world), world.actor(Role.SUPERVISOR, "urban_management A")
    superior, clerk, filer = world.supervisor_of().person, world.clerk_of().person, world.resident.person
    act(world, case, "appeal_rating", world.signer_of(), reason=REASON)
    act(world, case, "uphold_rating", world.supervisor_of(), reason="灯未亮。")
    settle()
    told = {
        event: set(Notice.objects.filter(event=event).values_list("person", "as_staff"))
        for event in ("appeal_rating", "uphold_rating")
    }
    assert own.person not in {person for person, _ in told["appeal_rating"]}
    assert told == {"appeal_rating": {(superior, True)}, "uphold_rating": {(clerk, True), (filer, False)}}


def test_under_the_first_procedure_nobody_appeals(world: World) -> None:
    case = rated(world)
    Matter.objects.filter(pk=case.pk).update(procedure_version=1)
    refused(world, case, "appeal_rating", world.clerk_of(), "not_open", reason=REASON)
    assert not Record.objects.filter(event="appeal_rating").exists()


def test_the_term_of_an_appeal_follows_the_calendar(world: World) -> None:
    case = rated(world)
    Case.objects.filter(pk=case.pk).update(appeal_until=world.now)
    case.refresh_from_db()
    reclock_case(case, Workdays.shipped())
    assert case.appeal_until == due(world, 5)
