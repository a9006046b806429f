"""The status page and the acts of the filer."""

import re
from typing import Any

import pytest
from django.urls import reverse

from linli.ground.files.models import StoredFile
from linli.ground.matters.action import Refused
from linli.kernel.access import VISITOR, Actor, Role
from linli.services.cases.actions.renew_code import renew_code
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.portal.words import ACTS
from linli.services.cases.portal_forms import STEP_FORMS
from linli.services.cases.selectors import look_up
from linli.services.cases.wording import STATES
from tests.faces.portal_visitor import Visitor, picture
from tests.world import Snapshot, World


@pytest.fixture
def resident(world: World) -> Visitor:
    visitor = Visitor(world)
    visitor.sign_in(world.resident_account)
    return visitor


def act(visitor: Visitor, case: Case, step: str, **given: Any) -> Any:
    return visitor.post(reverse("my_case_step", kwargs={"number": case.matter.number, "step": step}), given)


def status(visitor: Visitor, case: Case) -> str:
    return visitor.read("my_case", number=case.matter.number)


def ask_supplement(world: World) -> Case:
    case = world.case_of(state="accepted")
    ask = CASES.actions["ask_supplement"]
    ask(case.pk, actor=world.clerk_of(), now=world.now, question="请补一张路灯杆号的照片")
    return world.case(case.pk)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("received", "甲街道市民服务中心已经收到，正在确定由哪个单位办理，承诺 3月10日（含当天）前答复。"),
        ("dispatched", "已经交给甲街道城市管理部，等它签收，承诺 3月10日（含当天）前答复。"),
        ("accepted", "甲街道城市管理部正在办理，承诺 3月10日（含当天）前答复。"),
        ("drafted", "甲街道城市管理部已经办理，正在准备答复"),
        ("replied", "已经答复。请看下面的答复"),
        ("verified", "已经答复并核查"),
        ("closed", "已经结案"),
    ],
)
def test_one_plain_sentence_for_every_state(resident: Visitor, world: World, state: str, says: str) -> None:
    case = world.case_of()
    world.bring(case.pk, state)
    assert says in status(resident, case)


def test_an_overdue_case_is_called_overdue(resident: Visitor, world: World) -> None:
    case = world.case_of(state="accepted")
    resident.clock(days=20)
    page = status(resident, case)
    assert "原定 3月10日 前答复，已经超期" in page
    assert "已超期" in page


def test_a_draft_reply_and_notes_of_the_office_stay_there(resident: Visitor, world: World) -> None:
    case = world.case_of(state="reviewed")
    assert "路灯已修好" not in status(resident, case)
    CASES.actions["add_note"](case.pk, actor=world.clerk_of(), now=world.now, note="内部备注一则")
    CASES.actions["sign_reply"](case.pk, actor=world.signer_of(), now=world.now)
    assert "内部备注" not in status(resident, case)
    assert "路灯已修好" in status(resident, case)


def test_a_supplement_arrives_with_a_photo(resident: Visitor, world: World) -> None:
    case = ask_supplement(world)
    page = status(resident, case)
    assert "轮到您了：请在 3月10日（含当天）前补充材料" in page
    assert "请补一张路灯杆号的照片" in page
    assert act(resident, case, "supply_supplement", text="").status_code == 422
    assert act(resident, case, "supply_supplement", text="杆号 A-17", uploads=[picture()]).status_code == 302
    page = status(resident, case)
    assert "杆号 A-17" in page
    assert "灯.jpg" in page
    assert "已收到您补充的内容" in page


def test_a_refused_file_keeps_the_typed_text(resident: Visitor, world: World) -> None:
    case = ask_supplement(world)
    bad = picture("x.jpg")
    bad.file.seek(0)  # type: ignore[union-attr]
    bad.file.write(b"no picture")  # type: ignore[union-attr]
    bad.file.seek(0)  # type: ignore[union-attr]
    snapshot = Snapshot()
    answer = act(resident, case, "supply_supplement", text="杆号 A-17", uploads=[bad])
    assert answer.status_code == 422
    assert "杆号 A-17" in answer.content.decode()
    assert snapshot.unchanged()


def held_in(page: str) -> list[str]:
    return re.findall(r'name="held" value="([^"]+)"', page)


def test_photos_are_kept_while_the_text_is_put_right(resident: Visitor, world: World) -> None:
    case = ask_supplement(world)
    answer = act(resident, case, "supply_supplement", text="", uploads=[picture("一.jpg"), picture("二.jpg")])
    assert answer.status_code == 422
    held = held_in(answer.content.decode())
    assert len(held) == 2
    first = StoredFile.objects.get(name="一.jpg")
    answer = act(resident, case, "supply_supplement", text="杆号", held=held, act=f"remove:{first.pk}")
    assert answer.status_code == 200
    assert "杆号" in answer.content.decode()
    held = held_in(answer.content.decode())
    assert act(resident, case, "supply_supplement", text="杆号 A-17", held=held).status_code == 302
    assert list(StoredFile.objects.filter(matter=case.pk).values_list("name", flat=True)) == ["二.jpg"]


def test_twelve_files_are_told_which_were_too_many(resident: Visitor, world: World) -> None:
    case = ask_supplement(world)
    uploads = [picture(f"第{number}张.jpg") for number in range(1, 13)]
    answer = act(resident, case, "supply_supplement", text="杆号 A-17", uploads=uploads)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第10张.jpg、第11张.jpg、第12张.jpg" in page
    assert act(resident, case, "supply_supplement", text="杆号 A-17", held=held_in(page)).status_code == 302
    assert StoredFile.objects.filter(matter=case.pk).count() == 9


def test_nobody_draws_in_the_file_of_another_session_or_matter(resident: Visitor, world: World) -> None:
    case = ask_supplement(world)
    other = Visitor(world)
    other.post(reverse("file_case"), {"text": "别人写到一半的事", "photos": [picture("别人.jpg")]})
    foreign = StoredFile.objects.get()
    act(resident, case, "supply_supplement", text="杆号 A-17", held=[str(foreign.pk), "no-id"])
    assert StoredFile.objects.get().matter is None


@pytest.mark.parametrize(
    ("state", "step", "given", "says"),
    [
        ("accepted", "urge_case", {"note": "请快一点"}, "已替您催办"),
        ("dispatched", "withdraw_case", {"reason": "自己修好了"}, "已撤回"),
        ("replied", "reopen_case", {"reason": "还是不亮"}, "已重新交给承办单位"),
        ("closed", "rate_case", {"rating": "5", "comment": "修得快"}, "您的评价：非常满意"),
    ],
)
def test_acts_of_the_filer(
    resident: Visitor, world: World, state: str, step: str, given: dict[str, str], says: str
) -> None:
    case = world.case_of(state=state)
    address = reverse("my_case_step", kwargs={"number": case.matter.number, "step": step})
    assert address in status(resident, case)
    assert resident.get(address).status_code == 200
    assert act(resident, case, step, **given).url == reverse("my_case", kwargs={"number": case.matter.number})
    assert says in status(resident, case)


def test_confirming_a_solution(resident: Visitor, world: World) -> None:
    case = world.case_of(state="reviewed")
    sign = CASES.actions["sign_reply"]
    sign(case.pk, actor=world.signer_of(), now=world.now)
    assert act(resident, case, "confirm_solved").status_code == 302
    assert "您已确认解决，正在核查" in status(resident, case)


def test_after_a_reopening_reply_and_rating_are_those_of_last_time(resident: Visitor, world: World) -> None:
    case = world.case_of(state="closed")
    act(resident, case, "rate_case", rating="2", comment="")
    assert "上一次" not in status(resident, case)
    act(resident, case, "reopen_case", reason="还是不亮")
    page = status(resident, case)
    assert '<h2 id="reply">上一次的答复（已要求重办）</h2>' in page
    assert "上一次的评价：不满意" in page
    assert "您的评价" not in page
    world.answer_again(case.pk)
    page = status(resident, case)
    assert '<h2 id="reply">答复</h2>' in page
    assert "上一次的答复" not in page
    assert "上一次的评价：不满意" in page


def test_a_further_reopening_is_asked_for(resident: Visitor, world: World) -> None:
    case = world.case_of(state="closed")
    Case.objects.update(reopened=1)
    assert act(resident, case, "reopen_case", reason="又坏了").status_code == 409
    assert act(resident, case, "request_reopening", reason="又坏了").status_code == 302
    assert "正在等上级决定" in status(resident, case)


def test_what_cannot_be_done_says_why_and_keeps_the_text(resident: Visitor, world: World) -> None:
    case = world.case_of(state="accepted")
    act(resident, case, "urge_case")
    assert "刚刚催过" in status(resident, case)
    snapshot = Snapshot()
    answer = act(resident, case, "urge_case", note="真的很急")
    assert answer.status_code == 409
    assert "可再次催办" in answer.content.decode()
    assert "真的很急" in answer.content.decode()
    assert snapshot.unchanged()


def test_a_step_that_is_not_open_is_refused(resident: Visitor, world: World) -> None:
    case = world.case_of(state="accepted")
    snapshot = Snapshot()
    assert act(resident, case, "rate_case", rating="1").status_code == 409
    assert act(resident, case, "rate_case", rating="9").status_code == 422
    assert snapshot.unchanged()


@pytest.mark.parametrize("step", ["accept_case", "sign_reply", "close_case", "nonsense"])
def test_steps_of_the_office_are_not_on_this_face(resident: Visitor, world: World, step: str) -> None:
    case = world.case_of()
    snapshot = Snapshot()
    assert act(resident, case, step).status_code == 404
    assert snapshot.unchanged()


def test_in_office_or_not_only_ones_own_matters_are_here(world: World) -> None:
    case = world.case_of(state="accepted")
    clerk = Visitor(world)
    clerk.sign_in(world.account(Role.CLERK, "urban_management A"))
    answer = clerk.get(reverse("my_case", kwargs={"number": case.matter.number}))
    assert answer.url.startswith(reverse("look_up_case"))
    assert act(clerk, case, "urge_case").url.startswith(reverse("look_up_case"))


def test_what_is_there_and_what_is_not_look_the_same_to_strangers(world: World) -> None:
    number = world.case_of().matter.number
    other = Visitor(world)
    other.sign_in(world.account(Role.CLERK, "urban_management B"))
    for stranger in (Visitor(world), other):
        there = stranger.get(reverse("my_case", kwargs={"number": number}))
        nowhere = stranger.get(reverse("my_case", kwargs={"number": "2026030300000000"}))
        assert there.url.partition("=")[0] == nowhere.url.partition("=")[0]
        assert "路灯" not in stranger.get(there.url).content.decode()


def test_a_new_code_is_shown_once(resident: Visitor, world: World) -> None:
    case = world.case_of()
    assert act(resident, case, "renew_code").url == reverse("recovered")
    assert "新的查询码" in resident.read("recovered")
    assert resident.get(reverse("recovered")).status_code == 302


def test_only_the_filer_takes_a_new_code(world: World) -> None:
    case = world.case_of(state="accepted")
    stranger = world.receive(street="B")
    snapshot = Snapshot()
    for actor in (VISITOR, Actor(keys=frozenset({stranger.matter.pk})), world.clerk_of(), world.dispatcher_of()):
        with pytest.raises(Refused):
            renew_code(case.pk, actor=actor, now=world.now, code="ABCDEFGHJK")
    assert snapshot.unchanged()
    renew_code(case.pk, actor=world.resident, now=world.now, code="ABCDEFGHJK")
    assert look_up(case.matter.number, "abcde fghjk") == case.pk


def test_own_matters_newest_first_and_page_by_page(resident: Visitor, world: World) -> None:
    assert "您还没有反映过什么" in resident.read("my_matters")
    for number in range(21):
        world.receive(actor=world.resident, filer=world.resident_account.person, title=f"第{number}件事")
    world.receive(title="别人的事")
    page = resident.read("my_matters")
    assert page.index("第20件事") < page.index("第19件事")
    assert "第0件事" not in page
    assert "别人的事" not in page
    after = page.split("?after=")[1].split('"')[0]
    assert "第0件事" in resident.read("my_matters", f"?after={after}")


def test_visitors_are_shown_the_two_ways(world: World) -> None:
    world.case_of()
    page = Visitor(world).read("my_matters")
    assert "用编号查询" in page
    assert "路灯" not in page


def test_every_act_has_a_form_and_every_state_a_sentence() -> None:
    assert set(ACTS) == set(STEP_FORMS)
    assert set(STATES)
