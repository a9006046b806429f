"""Advice on a draft: its author, reviewer and signer see it; it stops nobody, and no filer reads it."""

from linli.kernel.access import Role
from linli.services.cases.feature import CASES
from linli.services.cases.reply_advice import advice_on
from tests.faces.portal_visitor import Visitor
from tests.world import World

EMPTY = "除了客套和转办，没有写出实际内容。"
NOTE = "自动检查的提示，仅供参考，不影响办理"


def drafted(world: World, reply: str) -> tuple[int, str]:
    case = world.case_of(state="handled", text="路灯坏了三天。请问什么时候修好？")
    CASES.actions["draft_reply"](case.pk, actor=world.clerk_of(), now=world.now, reply=reply)
    return case.pk, case.matter.number


def page(world: World, role: Role, name: str, **parts: str) -> str:
    visitor = Visitor(world)
    visitor.sign_in(world.account(role, "urban_management A"))
    return visitor.read(name, **parts)


def test_an_empty_draft_is_told_and_can_be_signed_all_the_same(world: World) -> None:
    key, number = drafted(world, "您反映的问题已转有关部门处理，感谢您的支持。")
    for role in (Role.CLERK, Role.REVIEWER):
        shown = page(world, role, "desk_case", number=number)
        assert NOTE in shown
        assert EMPTY in shown
        assert "好像没有回应这一句：“请问什么时候修好？”" in shown
    assert NOTE in page(world, Role.REVIEWER, "desk_case_step", number=number, step="send_back_reply")
    CASES.actions["review_reply"](key, actor=world.reviewer_of(), now=world.now)
    assert CASES.actions["sign_reply"](key, actor=world.signer_of(), now=world.now).matter.state == "replied"
    visitor = Visitor(world)
    visitor.sign_in(world.resident_account)
    assert NOTE not in visitor.read("my_case", number=number)


def test_a_whole_draft_is_left_alone(world: World) -> None:
    whole = "您好，3月4日已派人更换灯泡，当晚修好。如有疑问请致电 025-84556677。"
    _key, number = drafted(world, whole)
    assert NOTE not in page(world, Role.CLERK, "desk_case", number=number)


def test_there_is_no_advice_without_a_draft() -> None:
    assert advice_on("路灯坏了。", "") == advice_on("路灯坏了。", "  ") == []


def test_what_is_typed_is_shown_as_it_is(world: World) -> None:
    case = world.case_of(state="handled", text="<b>路灯</b>什么时候修好？")
    CASES.actions["draft_reply"](case.pk, actor=world.clerk_of(), now=world.now, reply="垃圾已清运。")
    shown = page(world, Role.CLERK, "desk_case", number=case.matter.number)
    assert "&lt;b&gt;路灯&lt;/b&gt;什么时候修好" in shown
    assert "<b>路灯</b>" not in shown
