"""The clock of a demand where it is hard: the last day, broken promises, wrong units, topics found late."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from linli.ground.record.models import Record
from linli.kernel.access import Role
from linli.services.cases.feature import CASES
from linli.services.cases.presenting import limit_basis
from tests.services.journey import INSTANT, Journey, at, midnight_after, to_hands, to_reply


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
    assert journey.told() == {}
    assert (journey.case.matter.state, journey.light()) == ("returned", "red")
    journey.act("desk", "dispatch_case", unit=journey.world.office["social_management A"])
    assert journey.case.matter.desk == journey.world.office["social_management A"]


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
    journey.act("desk", "dispatch_case", unit=journey.world.office["social_management A"])
    journey.act("other clerk", "accept_case")
    assert journey.case.matter.handler_id == journey.actor("other clerk").person


def test_the_basis_of_the_date_stays_true_after_extension_and_pause(journey: Journey) -> None:
    assert limit_basis(journey.case) == "5 个工作日（依据：本区设定，参照安阳市政务服务条例第五十条），依据尚未核实"
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
