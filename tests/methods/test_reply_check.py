"""What a reply lacks: found where it is missing, silent where it is there, and never a fault of the program."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from openpyxl import load_workbook

from linli.methods.reply_check import Advice, Lack, advise, questions_of, says_nothing, takes_up

DEMAND = "小区门口的路灯坏了三天。请问什么时候能修好？另外，垃圾站的异味有没有人管？"
WHOLE = (
    "您好，您反映的问题收悉。3月4日，我中心派人到现场核实，路灯灯泡损坏，已更换完毕，当晚修好。垃圾站异味一事，已责令物业每日"
    "清运两次。如有疑问，请致电 025-84556677，联系人：王工。"
)
REPLIES = Path(os.environ.get("LINLI_DATA", "../shared/data")) / "messages" / "replies-2816.xlsx"


def lacks(reply: str, demand: str = DEMAND) -> set[Lack]:
    return {each.lack for each in advise(demand, reply)}


def test_a_whole_reply_lacks_nothing() -> None:
    assert advise(DEMAND, WHOLE) == []


def test_questions_are_found_and_greetings_are_none() -> None:
    assert questions_of(DEMAND) == ["请问什么时候能修好？", "另外，垃圾站的异味有没有人管？"]
    assert questions_of("路灯坏了。谢谢领导！") == []
    assert questions_of("请问？") == []


@pytest.mark.parametrize(
    ("part", "lack"),
    [
        ("3月4日，", None),  # 当晚 is no date of its own, so
        ("如有疑问，请致电 025-84556677，联系人：王工。", Lack.CONTACT),
        ("垃圾站异味一事，已责令物业每日清运两次。", Lack.QUESTION),
    ],
)
def test_what_is_taken_away_is_missed(part: str, lack: Lack | None) -> None:
    assert part in WHOLE
    assert lacks(WHOLE.replace(part, "")) == {lack or Lack.WHEN}


def test_the_question_that_is_left_open_is_named() -> None:
    (found,) = advise(DEMAND, WHOLE.replace("垃圾站异味一事，已责令物业每日清运两次。", ""))
    assert found == Advice(Lack.QUESTION, "另外，垃圾站的异味有没有人管？")


@pytest.mark.parametrize(
    "reply",
    [
        "您好，您反映的问题已转有关部门处理，感谢您的支持，祝您生活愉快！",
        "您反映的问题我们高度重视，将转交相关单位办理，请您耐心等待。",
        "网友您好，留言收悉。",
        "",
    ],
)
def test_passing_on_is_no_answer(reply: str) -> None:
    assert says_nothing(reply)
    assert {Lack.EMPTY, Lack.DONE, Lack.CONTACT} <= lacks(reply)


def test_a_question_counts_as_taken_up_by_what_it_is_about() -> None:
    assert takes_up("地铁六号线什么时候开工？", "地铁六号线预计2026年开工。")
    assert not takes_up("地铁六号线什么时候开工？", "该路段已重新铺设沥青。")


@given(some.text(max_size=200), some.text(max_size=200))
def test_any_text_is_advised_on(demand: str, reply: str) -> None:
    found = advise(demand, reply)
    assert len(found) == len(set(found))
    assert all((each.lack is Lack.QUESTION) == bool(each.about) for each in found)


@given(some.text(max_size=200))
def test_a_reply_that_repeats_the_demand_takes_up_every_question(demand: str) -> None:
    assert all(each.lack is not Lack.QUESTION for each in advise(demand, demand))


def test_real_replies_are_told_apart() -> None:
    if not REPLIES.exists():
        pytest.skip(f"no real replies at {REPLIES}: set LINLI_DATA")
    rows = list(load_workbook(REPLIES, read_only=True).active.iter_rows(min_row=2, values_only=True))
    texts = [(str(row[4] or ""), str(row[5] or "")) for row in rows]
    counts = {lack: sum(any(each.lack is lack for each in advise(*pair)) for pair in texts) for lack in Lack}
    print({str(lack): f"{number / len(texts):.1%}" for lack, number in counts.items()}, len(texts))
    assert counts[Lack.EMPTY] < 0.2 * len(texts)
    assert counts[Lack.CONTACT] > counts[Lack.EMPTY]
    assert all(number < len(texts) for number in counts.values())
