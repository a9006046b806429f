"""Duplicates (并案): one leads, its followers' clocks stand still, and each is answered without the other's words."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from linli.ground.matters.inbox import InboxFilters, counts_by_state, inbox
from linli.ground.matters.models import MatterLink
from linli.ground.matters.standing import standing_of
from linli.ground.matters.ticking import tick
from linli.ground.notices.models import Notice
from linli.ground.people.actions.open_account import open_account
from linli.ground.people.models import Account
from linli.ground.people.selectors import actor_of
from linli.ground.record.models import Record
from linli.ground.record.writing import Audience
from linli.kernel.access import SYSTEM, Actor, Role
from linli.services.cases.advice.fingerprinting import similar_cases
from linli.services.cases.feature import CASES
from linli.services.cases.following import followed, followers_of, leading_of, masked_reply
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import Rating
from linli.services.cases.selectors import own_cases
from linli.site.running import settle
from tests.services.acting import act, due, moved, refused, wrote
from tests.world import World

SECRET = "张三家的灯坏了,电话 13912345678。"


def neighbour_account(world: World) -> Account:
    return Account.objects.filter(login="neighbour").first() or open_account(
        login="neighbour", name="居民乙", phone="13800005678", actor=SYSTEM, now=world.now
    )


def neighbour(world: World) -> Actor:
    return actor_of(neighbour_account(world), world.now)


def reported_again(world: World, state: str = "filed", **inputs: Any) -> Case:
    """The neighbour reports the same thing."""
    opened = world.receive(actor=neighbour(world), filer=neighbour_account(world).person, **inputs)
    world.bring(opened.matter.pk, state)
    return World.case(opened.matter.pk)


def merged(world: World, lead: Case, **inputs: Any) -> Case:
    case = reported_again(world, **inputs)
    act(world, case, "merge_case", world.dispatcher_of(), leading=lead.matter)
    return case


def ticked(world: World) -> list[str]:
    newest = Record.objects.order_by("-pk").values_list("pk", flat=True)[0]
    tick(world.now)
    return list(Record.objects.filter(pk__gt=newest).order_by("pk").values_list("event", flat=True))


@pytest.mark.parametrize("state", ["received", "filed", "returned"])
def test_merge_case(world: World, state: str) -> None:
    lead, desk = world.case_of(state="accepted", text=SECRET), world.dispatcher_of()
    case = reported_again(world, "dispatched" if state == "returned" else state)
    if state == "returned":
        act(world, case, "recall_case", desk, reason="已有人反映。")
    done = act(world, case, "merge_case", desk, leading=lead.matter, note="同一盏灯")
    moved(case, done, state, "merged")
    assert (case.merged_at, case.paused_days_left, case.matter.next_due) == (world.now, 5, None)
    assert standing_of(CASES, case.matter, world.now)["light"] == "paused"
    assert leading_of(case) == lead.matter
    link = MatterLink.objects.get()
    assert (link.origin_id, link.target_id, link.relation) == (case.pk, lead.pk, "duplicates")
    wrote(done, Audience.PARTY, {"note": "同一盏灯"}, leading=lead.pk)


def test_its_own_clock_says_nothing_while_it_is_merged(world: World) -> None:
    lead = world.case_of(state="closed")
    case = merged(world, lead)
    act(world, case, "warn_merged", SYSTEM)
    world.later(days=30)
    assert ticked(world) == []


def test_neither_chains_nor_circles(world: World) -> None:
    lead, desk = world.case_of(state="filed"), world.dispatcher_of()
    case, third = merged(world, lead), reported_again(world)
    refused(world, third, "merge_case", desk, "leads_itself", leading=third.matter)
    refused(world, third, "merge_case", desk, "leading_follows", leading=case.matter)
    refused(world, lead, "merge_case", desk, "has_followers", leading=third.matter)
    refused(world, lead, "merge_case", desk, "leading_follows", leading=case.matter)
    act(world, case, "unmerge_case", desk, reason="不是同一盏灯。")
    act(world, lead, "merge_case", desk, leading=third.matter)


def test_what_cannot_lead(world: World) -> None:
    case, desk = reported_again(world), world.dispatcher_of()
    withdrawn = world.case_of(state="filed")
    act(world, withdrawn, "withdraw_case", world.resident)
    refused(world, case, "merge_case", desk, "leading_ended", leading=withdrawn.matter)
    elsewhere = world.case_of(street="B", state="filed")
    refused(world, case, "merge_case", desk, "leading_out_of_scope", leading=elsewhere.matter)
    hidden = world.case_of(state="filed")
    hidden.matter.withheld = True
    hidden.matter.save()
    refused(world, case, "merge_case", desk, "leading_out_of_scope", leading=hidden.matter)
    complaint = reported_again(world, complained_of=world.office["urban_management A"])
    lead = world.case_of(state="filed")
    refused(world, complaint, "merge_case", desk, "complaint_stands_alone", leading=lead.matter)


def test_merging_is_the_desks_and_of_what_no_unit_has(world: World) -> None:
    lead, case = world.case_of(state="filed"), reported_again(world)
    refused(world, case, "merge_case", world.clerk_of(), "not_granted", leading=lead.matter)
    refused(world, case, "merge_case", world.dispatcher_of("B"), "out_of_scope", leading=lead.matter)
    accepted = world.case_of(state="accepted")
    refused(world, accepted, "merge_case", world.dispatcher_of(), "out_of_scope", leading=lead.matter)


def test_unmerge_case(world: World) -> None:
    lead, desk = world.case_of(state="accepted"), world.dispatcher_of()
    case, early = merged(world, lead), merged(world, lead, state="received")
    world.later(days=7)
    done = act(world, case, "unmerge_case", desk, reason="不是同一盏灯。")
    moved(case, done, "merged", "filed")
    assert (case.merged_at, case.paused_days_left, case.matter.due_at) == (None, None, due(world, 5))
    assert (leading_of(case), MatterLink.objects.filter(origin=case.pk).count()) == (None, 0)
    wrote(done, Audience.PARTY, {"reason": "不是同一盏灯。"}, due=due(world, 5), days=5)
    act(world, early, "unmerge_case", desk, reason="不是同一盏灯。")
    assert early.matter.state == "received", "what had no topic has none"


def test_what_was_overdue_before_merging_stays_so(world: World) -> None:
    lead, case = world.case_of(state="accepted"), reported_again(world)
    promised = case.matter.due_at
    world.later(days=10)
    act(world, case, "merge_case", world.dispatcher_of(), leading=lead.matter)
    act(world, case, "unmerge_case", world.dispatcher_of(), reason="不是同一盏灯。")
    assert case.matter.due_at == promised


def test_release_merged(world: World) -> None:
    lead = world.case_of(state="filed")
    case = merged(world, lead)
    act(world, lead, "withdraw_case", world.resident)
    world.later(days=1)
    done = act(world, case, "release_merged", SYSTEM)
    moved(case, done, "merged", "filed")
    assert (case.merged_at, leading_of(case), case.matter.due_at) == (None, None, due(world, 5))
    wrote(done, Audience.PARTY, {}, due=due(world, 5), days=5)


@pytest.mark.parametrize("end", ["withdraw_case", "decline_case"])
def test_who_follows_a_case_that_nobody_works_on_goes_on_alone(world: World, end: str) -> None:
    lead = world.case_of(state="filed")
    case = merged(world, lead)
    refused(world, case, "release_merged", SYSTEM, "not_open")
    assert ticked(world) == []
    given = {"reason": "属于邻区。", "right_door": "邻区"} if end == "decline_case" else {}
    act(world, lead, end, world.dispatcher_of() if given else world.resident, **given)
    assert ticked(world) == ["release_merged"]
    assert World.case(case.pk).matter.state == "filed"
    settle()
    told = Notice.objects.filter(event="release_merged", matter=case.pk).values_list("person", "as_staff")
    assert set(told) == {(world.dispatcher_of().person, True), (neighbour(world).person, False)}
    assert ticked(world) == []


def test_the_desk_is_reminded_once_when_the_lead_is_closed(world: World) -> None:
    lead = world.case_of(state="replied")
    case = merged(world, lead)
    refused(world, case, "warn_merged", SYSTEM, "not_open")
    act(world, lead, "confirm_solved", world.resident)
    act(world, lead, "verify_case", world.dispatcher_of())
    act(world, lead, "close_case", world.dispatcher_of())
    assert ticked(world) == ["warn_merged"]
    assert ticked(world) == []
    settle()
    assert list(Notice.objects.filter(event="warn_merged").values_list("person", flat=True)) == [
        world.dispatcher_of().person
    ]


def test_close_merged(world: World) -> None:
    lead, desk = world.case_of(state="verified"), world.dispatcher_of()
    case = merged(world, lead, state="received")
    refused(world, case, "close_merged", desk, "leading_open", reply="您好,路灯已修好。")
    act(world, lead, "close_case", desk)
    refused(world, case, "close_merged", desk, "numbers_left", reply="请打 13912345678。")
    refused(world, case, "close_merged", desk, "names_left", reply="张三先生家门前的灯修好了。")
    world.later(hours=3)
    done = act(world, case, "close_merged", desk, reply="您好,路灯已修好。")
    moved(case, done, "merged", "closed")
    assert (case.matter.holder, case.matter.desk) == (world.office["urban_management A"], case.first_contact)
    assert (case.topic, case.replied_at, case.reopen_until) == (world.topic, world.now, due(world, 15))
    assert (case.paused_days_left, case.merged_at is not None) == (None, True)
    wrote(done, Audience.PARTY, {"reply": "您好,路灯已修好。"}, leading=lead.pk)


def test_who_was_merged_rates_and_reopens_with_the_unit_that_did_the_work(world: World) -> None:
    lead = world.case_of(state="closed")
    case, other = merged(world, lead), merged(world, lead)
    for each in (case, other):
        act(world, each, "close_merged", world.dispatcher_of(), reply="您好,路灯已修好。")
    act(world, case, "rate_case", neighbour(world), rating=Rating.DISSATISFIED)
    assert "open_rectification" in ticked(world)
    assert World.case(case.pk).matter.desk == world.office["urban_management A"]
    act(world, other, "reopen_case", neighbour(world), reason="我家门前的不亮。")
    assert (other.matter.state, other.matter.desk) == ("accepted", world.office["urban_management A"])
    assert leading_of(other) is None
    act(world, other, "claim_case", world.clerk_of())


def test_the_follower_reads_how_it_goes_and_nothing_of_the_other_filer(world: World, client: Client) -> None:
    lead = world.case_of(state="accepted", title="张三家门口", text=SECRET, place_text="幸福里 3 幢 101 室")
    case = merged(world, lead)
    act(world, lead, "handle_case", world.clerk_of(), work="张三在家,已更换灯泡。")
    act(world, lead, "draft_reply", world.clerk_of(), reply="张三先生,您家门口的灯修好了。")
    act(world, lead, "review_reply", world.reviewer_of())
    act(world, lead, "sign_reply", world.signer_of())
    settings.LINLI_CLOCK.set(world.now)
    client.force_login(neighbour_account(world))
    address = reverse("my_case", kwargs={"number": case.matter.number})
    page = client.get(address).content.decode()
    for said in ("一并办理的进展", "甲街道城市管理部", "已办理", "已答复"):
        assert said in page
    for secret in ("张三", "13912345678", "幸福里", "居民甲", lead.matter.number):
        assert secret not in page
    answer = client.get(reverse("my_case", kwargs={"number": lead.matter.number}))
    assert answer.status_code == 302, "the other one is not theirs"
    found = followed(case)
    assert found is not None
    assert (found.public_reply, [entry for entry in found.entries if entry.texts or entry.actor_name]) == ("", [])
    for name, actor in (("confirm_solved", world.resident), ("verify_case", world.dispatcher_of())):
        act(world, lead, name, actor)
    act(world, lead, "close_case", world.dispatcher_of())
    act(world, lead, "rate_case", world.resident, rating=Rating.VERY_SATISFIED, comment="谢谢")
    act(world, lead, "publish_case", world.clerk_of(), title="路灯", text="路灯不亮。", reply="灯修好了。")
    page = client.get(address).content.decode()
    assert "灯修好了。" in page
    assert reverse("public_case", kwargs={"number": lead.matter.number}) in page
    assert "非常满意" not in page
    assert "张三" not in page


def test_the_answer_begins_with_the_masked_reply_and_the_desk_sends_it(world: World, client: Client) -> None:
    lead = world.case_of(state="handled")
    act(world, lead, "draft_reply", world.clerk_of(), reply="您好,灯修好了,有事请打 13912345678。")
    act(world, lead, "review_reply", world.reviewer_of())
    act(world, lead, "sign_reply", world.signer_of())
    assert "13912345678" not in masked_reply(lead.matter)
    cases = [merged(world, lead) for _ in range(2)]
    for name, actor in (
        ("confirm_solved", world.resident),
        ("verify_case", world.dispatcher_of()),
        ("close_case", world.dispatcher_of()),
    ):
        act(world, lead, name, actor)
    settings.LINLI_CLOCK.set(world.now)
    client.force_login(world.account(Role.DISPATCHER, "citizen_service_center A"))
    address = reverse("desk_case_step", kwargs={"number": cases[0].matter.number, "step": "close_merged"})
    page = client.get(address).content.decode()
    assert "您好,灯修好了" in page
    assert "13912345678" not in page
    assert client.post(address, {"reply": "请打 13912345678。"}).status_code == 422
    given = {"step": "close_merged", "matter": [case.pk for case in cases], "confirmed": "1", "reply": "灯修好了。"}
    assert client.post(reverse("bulk_cases"), given).status_code == 302
    assert {World.case(case.pk).matter.state for case in cases} == {"closed"}


def test_followers_of_different_leads_are_not_answered_alike(world: World, client: Client) -> None:
    cases = [merged(world, world.case_of(state="closed")) for _ in range(2)]
    client.force_login(world.account(Role.DISPATCHER, "citizen_service_center A"))
    settings.LINLI_CLOCK.set(world.now)
    page = client.post(reverse("bulk_cases"), {"step": "close_merged", "matter": [case.pk for case in cases]})
    assert "请分开答复" in page.content.decode()


def test_the_desk_marks_a_duplicate_on_its_page(world: World, client: Client) -> None:
    lead, case = world.case_of(state="accepted"), reported_again(world)
    settle()
    settings.LINLI_CLOCK.set(world.now)
    client.force_login(world.account(Role.DISPATCHER, "citizen_service_center A"))
    page = client.get(reverse("desk_case", kwargs={"number": case.matter.number})).content.decode()
    address = reverse("desk_case_step", kwargs={"number": case.matter.number, "step": "merge_case"})
    chosen = f"{address}?leading={lead.matter.number}"
    assert chosen in page
    assert f'value="{lead.matter.number}"' in client.get(chosen).content.decode()
    assert client.post(address, {"leading": "2026000000000000"}).status_code == 422
    assert client.post(address, {"leading": f" {lead.matter.number[:8]} {lead.matter.number[8:]}"}).status_code == 302
    assert World.case(case.pk).matter.state == "merged"
    page = client.get(reverse("desk_case", kwargs={"number": lead.matter.number})).content.decode()
    assert case.matter.number in page
    unit = world.clerk_of()
    assert followers_of(unit, lead.pk) == [], "the unit of the lead does not see who else reported"
    assert counts_by_state(world.dispatcher_of(), world.now, InboxFilters(reach="desk")) == {"merged": 1}
    listed = inbox(world.dispatcher_of(), world.now, filters=InboxFilters(reach="desk", state="merged"))
    assert [row["id"] for row in listed.rows] == [case.pk]


def test_what_may_be_the_same_is_near_recent_and_alike(world: World) -> None:
    first = world.case_of(state="accepted", title="小区门口路灯不亮")
    world.case_of(state="received", title="楼上漏水", text="卫生间漏水。")
    world.case_of(street="B", title="小区门口路灯不亮")
    world.receive(title="小区门口路灯不亮", place=world.community["A2"])
    gone = world.case_of(state="filed", title="门口路灯不亮")
    act(world, gone, "withdraw_case", world.resident)
    same_topic = world.case_of(state="filed", title="夜里太黑", text="晚上什么也看不见。")
    for number in range(6):
        world.case_of(street="B", title=f"楼道杂物 {number}", text="楼道里堆满了杂物。")
    case = reported_again(world, title="门口路灯又不亮了")
    settle()
    desk = world.dispatcher_of()
    assert [each.row["id"] for each in similar_cases(desk, case, world.now)] == [first.pk, same_topic.pk]
    assert similar_cases(world.dispatcher_of("B"), case, world.now) == []
    assert similar_cases(desk, case, world.now + timedelta(days=31)) == []
    act(world, case, "merge_case", desk, leading=first.matter)
    another = reported_again(world, title="门口路灯不亮")
    settle()
    assert case.pk not in [each.row["id"] for each in similar_cases(desk, another, world.now)]


def test_who_follows_may_withdraw_and_the_lead_goes_on(world: World) -> None:
    lead = world.case_of(state="accepted")
    case = merged(world, lead)
    act(world, case, "withdraw_case", neighbour(world))
    assert (case.matter.state, World.case(lead.pk).matter.state) == ("withdrawn", "accepted")
    assert [row["state"] for row in own_cases(neighbour(world)).rows] == ["withdrawn"]
    assert followers_of(world.dispatcher_of(), lead.pk) == []
    third = reported_again(world)
    act(world, lead, "hand_over_case", world.clerk_of(), reason="不属于本部门。")
    act(world, lead, "merge_case", world.dispatcher_of(), leading=third.matter)


def test_who_is_merged_is_told(world: World) -> None:
    lead = world.case_of(state="closed")
    case = merged(world, lead)
    act(world, case, "unmerge_case", world.dispatcher_of(), reason="不是同一盏灯。")
    act(world, case, "merge_case", world.dispatcher_of(), leading=lead.matter)
    act(world, case, "close_merged", world.dispatcher_of(), reply="灯修好了。")
    settle()
    told = Notice.objects.filter(person=neighbour(world).person).order_by("pk").values_list("event", flat=True)
    assert list(told) == ["receive_case", "merge_case", "unmerge_case", "merge_case", "close_merged"]
