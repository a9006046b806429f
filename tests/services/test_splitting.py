"""A demand split among several holders (拆分交办): parts within its limit, one joint reply, one case for its filer."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from linli.ground.matters.action import Refused
from linli.ground.matters.inbox import InboxFilters, inbox
from linli.ground.matters.models import Matter, MatterLink
from linli.ground.matters.ticking import tick
from linli.ground.notices.models import Notice
from linli.ground.record.models import Record
from linli.ground.record.writing import Audience
from linli.kernel.access import SYSTEM, Actor, Role
from linli.services.cases.actions.open_part import open_part
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import Rating
from linli.services.cases.selectors import own_cases
from linli.services.cases.splitting import parts_of, whole_of
from linli.site.running import settle
from tests.services.acting import act, due, moved, refused, wrote
from tests.world import Snapshot, World

OTHER = "social_management A"
TEXT = "修剪挡住路灯的树枝。\n请先到现场。"


def split(world: World, whole: Case, office: str = OTHER, days: int = 2) -> Case:
    unit = world.office[office]
    act(world, whole, "split_case", world.dispatcher_of(), text=TEXT, unit=unit, days=days)
    link = MatterLink.objects.filter(target=whole.pk, relation="part_of").latest("pk")
    return World.case(link.origin_id)


def clerk(world: World, office: str = OTHER) -> Actor:
    return world.actor(Role.CLERK, office)


def answer(world: World, part: Case, reply: str = "树枝已修剪。", office: str = OTHER) -> None:
    steps: list[tuple[str, Actor, dict[str, Any]]] = [
        ("accept_case", clerk(world, office), {}),
        ("handle_case", clerk(world, office), {"work": "已修剪。"}),
        ("draft_reply", clerk(world, office), {"reply": reply}),
        ("review_reply", world.actor(Role.REVIEWER, office), {}),
        ("sign_reply", world.actor(Role.SIGNER, office), {}),
    ]
    for name, actor, inputs in steps:
        act(world, part, name, actor, **inputs)


def handled_by_lead(world: World, whole: Case) -> None:
    act(world, whole, "dispatch_case", world.dispatcher_of(), unit=world.office["urban_management A"])
    act(world, whole, "accept_case", world.clerk_of())
    act(world, whole, "handle_case", world.clerk_of(), work="已到现场更换灯泡。")


def ticked(world: World) -> list[str]:
    newest = Record.objects.order_by("-pk").values_list("pk", flat=True)[0]
    tick(world.now)
    return list(Record.objects.filter(pk__gt=newest).order_by("pk").values_list("event", flat=True))


@pytest.mark.parametrize("state", ["filed", "dispatched", "returned"])
def test_split_case(world: World, state: str) -> None:
    whole = world.case_of(state="dispatched" if state == "returned" else state)
    if state == "returned":
        act(world, whole, "recall_case", world.dispatcher_of(), reason="要分头办。")
    unit = world.office[OTHER]
    done = act(world, whole, "split_case", world.dispatcher_of(), text=TEXT, unit=unit, days=2)
    moved(whole, done, state, state)
    (part,) = parts_of(whole.pk)
    wrote(done, Audience.STAFF, {"part": TEXT}, part=part.matter.pk, unit=unit.pk, days=2)
    assert whole.waits_for_parts
    case = World.case(part.matter.pk)
    assert (case.matter.state, case.matter.desk, case.matter.holder) == ("dispatched", unit, whole.first_contact)
    assert (case.matter.filer, case.matter.title, case.channel) == (None, "修剪挡住路灯的树枝。", "part")
    assert (case.topic, case.matter.due_at, case.matter.code_digest) == (whole.topic, due(world, 2), "")
    assert whole_of(case) == whole.matter
    opened = Record.objects.get(event="open_part")
    assert (opened.codes["whole"], opened.codes["unit"]) == (whole.pk, unit.pk)


def test_a_part_does_not_outlast_the_whole(world: World) -> None:
    whole, desk, unit = world.case_of(state="filed"), world.dispatcher_of(), world.office[OTHER]
    for days in (0, 6):
        refused(world, whole, "split_case", desk, "part_outlasts", text=TEXT, unit=unit, days=days)
    part = split(world, whole, days=5)
    assert part.matter.due_at == whole.matter.due_at
    act(world, part, "accept_case", clerk(world))
    refused(world, part, "request_extension", clerk(world), "part_of_whole", days=2, reason="等配件。")
    refused(world, part, "ask_supplement", clerk(world), "part_of_whole", question="哪一棵树?")
    world.later(days=8)
    refused(world, whole, "split_case", desk, "part_outlasts", text=TEXT, unit=unit, days=1)


def test_who_splits_what_and_among_whom(world: World) -> None:
    whole, desk = world.case_of(state="filed"), world.dispatcher_of()
    given = {"text": TEXT, "days": 1}
    refused(world, whole, "split_case", world.clerk_of(), "not_granted", unit=world.office[OTHER], **given)
    elsewhere = world.office["urban_management B"]
    refused(world, whole, "split_case", desk, "unit_not_possible", unit=elsewhere, **given)
    part = split(world, whole)
    refused(world, part, "split_case", desk, "part_of_whole", unit=world.office[OTHER], **given)
    refused(world, world.case_of(), "split_case", desk, "not_open", unit=world.office[OTHER], **given)


def test_a_part_is_opened_by_splitting_alone(world: World) -> None:
    whole, others = world.case_of(state="filed"), (world.clerk_of(), world.dispatcher_of("B"))
    snapshot = Snapshot()
    for actor in others:
        with pytest.raises(Refused):
            open_part(actor=actor, now=world.now, whole=whole, text=TEXT, unit=world.office[OTHER], days=1)
    assert snapshot.unchanged()


def test_the_joint_reply_waits_for_every_part(world: World) -> None:
    whole = world.case_of(state="filed")
    first, second = split(world, whole), split(world, whole, "department")
    handled_by_lead(world, whole)
    refused(world, whole, "draft_reply", world.clerk_of(), "parts_open", reply="已修好。")
    answer(world, first)
    assert (first.matter.state, first.matter.closed_at) == ("closed", world.now), "its answer ends a part"
    assert ticked(world) == []
    refused(world, whole, "join_parts", SYSTEM, "not_open")
    answer(world, second, office="department")
    assert ticked(world) == ["join_parts"]
    assert ticked(world) == []
    settle()
    assert list(Notice.objects.filter(event="join_parts").values_list("person", flat=True)) == [world.clerk_of().person]
    act(world, whole, "draft_reply", world.clerk_of(), reply="您好,树枝和路灯都已处理。")


def test_join_parts(world: World) -> None:
    whole = world.case_of(state="filed")
    answer(world, split(world, whole))
    done = act(world, whole, "join_parts", SYSTEM)
    moved(whole, done, "filed", "filed")
    assert not whole.waits_for_parts
    wrote(done, Audience.STAFF, {})


def test_end_part(world: World) -> None:
    whole = world.case_of(state="filed")
    part = split(world, whole)
    act(world, whole, "withdraw_case", world.resident)
    done = act(world, part, "end_part", SYSTEM)
    moved(part, done, "dispatched", "withdrawn")
    wrote(done, Audience.STAFF, {})


def test_a_part_that_the_desk_declines_is_not_waited_for(world: World) -> None:
    whole = world.case_of(state="filed")
    part = split(world, whole)
    act(world, part, "return_case", clerk(world), reason="没有这棵树。")
    act(world, part, "decline_case", world.dispatcher_of(), reason="不需要了。", right_door="无")
    assert ticked(world) == ["join_parts"]


@pytest.mark.parametrize("end", ["withdraw_case", "decline_case"])
def test_the_end_of_the_whole_ends_its_open_parts(world: World, end: str) -> None:
    whole = world.case_of(state="filed")
    done, running = split(world, whole), split(world, whole)
    answer(world, done)
    act(world, running, "accept_case", clerk(world))
    refused(world, running, "end_part", SYSTEM, "not_open")
    given = {"reason": "属于邻区。", "right_door": "邻区"} if end == "decline_case" else {}
    act(world, whole, end, world.dispatcher_of() if given else world.resident, **given)
    assert ticked(world) == ["end_part"]
    assert [World.case(each.pk).matter.state for each in (done, running)] == ["closed", "withdrawn"]
    settle()
    assert set(Notice.objects.filter(event="end_part").values_list("person", flat=True)) == {clerk(world).person}


def test_what_waits_for_parts_is_neither_merged_nor_passed_up(world: World) -> None:
    whole, lead, desk = world.case_of(state="filed"), world.case_of(state="filed"), world.dispatcher_of()
    part = split(world, whole)
    refused(world, whole, "merge_case", desk, "parts_open", leading=lead.matter)
    refused(world, whole, "escalate_case", desk, "parts_open", reason="街道无力解决。")
    act(world, part, "return_case", clerk(world), reason="不属于本部门。")
    refused(world, part, "merge_case", desk, "part_of_whole", leading=lead.matter)
    refused(world, part, "escalate_case", desk, "part_of_whole", reason="街道无力解决。")


def test_what_is_the_filers_is_not_done_with_a_part(world: World) -> None:
    whole = world.case_of(state="filed")
    part, window = split(world, whole), world.actor(Role.WINDOW_CLERK, "citizen_service_center A")
    refused(world, part, "withdraw_case", window, "part_of_whole")
    answer(world, part)
    refused(world, part, "rate_case", window, "part_of_whole", rating=Rating.SATISFIED)
    refused(world, part, "reopen_case", window, "part_of_whole", reason="没有修剪。")
    refused(world, part, "request_reopening", window, "part_of_whole", reason="没有修剪。")


def test_a_part_is_in_the_units_inbox_and_the_filer_has_one_case(world: World, client: Client) -> None:
    whole = world.case_of(state="filed")
    part = split(world, whole)
    assert [row["id"] for row in inbox(clerk(world), world.now, filters=InboxFilters(reach="desk")).rows] == [part.pk]
    assert [row["number"] for row in own_cases(world.resident).rows] == [whole.matter.number]
    settle()
    assert set(Notice.objects.filter(event="open_part").values_list("person", flat=True)) <= {clerk(world).person}
    settings.LINLI_CLOCK.set(world.now)
    client.force_login(world.resident_account)
    page = client.get(reverse("my_case", kwargs={"number": whole.matter.number})).content.decode()
    assert "由几个单位分头办理" in page
    assert world.office[OTHER].name in page
    assert "修剪" not in page, "what the desk writes to a unit is theirs"
    assert client.get(reverse("my_case", kwargs={"number": part.matter.number})).status_code == 302


def test_the_leading_holder_reads_the_answers_beside_the_form(world: World, client: Client) -> None:
    whole = world.case_of(state="filed")
    part = split(world, whole)
    handled_by_lead(world, whole)
    settings.LINLI_CLOCK.set(world.now)
    client.force_login(world.account(Role.CLERK, "urban_management A"))
    address = reverse("desk_case_step", kwargs={"number": whole.matter.number, "step": "draft_reply"})
    page = client.get(address).content.decode()
    assert "还没有答复" in page
    assert "还有分办件没有办结" in page
    answer(world, part, "树枝已修剪三棵。")
    tick(world.now)
    page = client.get(address).content.decode()
    assert "树枝已修剪三棵。" in page
    assert client.post(address, {"reply": "您好,都已处理。"}).status_code == 302
    page = client.get(reverse("desk_case", kwargs={"number": whole.matter.number})).content.decode()
    assert world.office[OTHER].name in page
    assert part.matter.number not in page, "the part itself is another unit's"


def test_the_desk_splits_on_its_page(world: World, client: Client) -> None:
    whole, unit = world.case_of(state="filed"), world.office[OTHER]
    settings.LINLI_CLOCK.set(world.now)
    client.force_login(world.account(Role.DISPATCHER, "citizen_service_center A"))
    address = reverse("desk_case_step", kwargs={"number": whole.matter.number, "step": "split_case"})
    assert client.get(address).status_code == 200
    assert client.post(address, {"text": TEXT, "unit": unit.pk, "days": 6}).status_code == 422
    assert client.post(address, {"text": TEXT, "unit": unit.pk, "days": 5}).status_code == 302
    (part,) = parts_of(whole.pk)
    page = client.get(reverse("desk_case", kwargs={"number": whole.matter.number})).content.decode()
    assert part.matter.number in page
    page = client.get(reverse("desk_case", kwargs={"number": part.matter.number})).content.decode()
    assert whole.matter.number in page
    assert "请先到现场" in page
    Matter.objects.filter(pk=whole.pk).update(due_at=world.now)
    assert "不能再拆分" in client.get(address).content.decode()
