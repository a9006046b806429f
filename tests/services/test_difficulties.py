"""Difficulty tickets (R49): committee → street → district, with a clock and a median closing time."""

import pytest
from django.test import Client

from linli.ground.matters.action import Refused
from linli.kernel.access import Role
from linli.services.cases.actions.escalate_case import escalate_case
from linli.services.cases.actions.report_difficulty import report_difficulty
from linli.services.cases.feature import CASES
from linli.services.cases.selectors import difficulties
from tests.world import Snapshot, World


def test_a_committee_reports_and_the_street_escalates(world: World) -> None:
    committee = world.actor(Role.CLERK, "committee A1")
    opened = report_difficulty(actor=committee, now=world.now, title="活动室漏水", text="请支持维修资金。")
    matter = world.case(opened.matter.pk).matter
    assert matter.desk == world.office["citizen_service_center A"]
    due = matter.due_at
    desk = world.dispatcher_of("A")
    escalate_case(matter.pk, actor=desk, now=world.now, reason="超出街道权限")
    matter = world.case(matter.pk).matter
    assert matter.holder == world.office["centre"]
    assert matter.due_at == due
    centre = world.actor(Role.DISPATCHER, "centre")
    snapshot = Snapshot()
    with pytest.raises(Refused, match="at_district_already"):
        escalate_case(matter.pk, actor=centre, now=world.now, reason="再报")
    assert snapshot.unchanged()


def test_only_a_committee_reports(world: World) -> None:
    snapshot_after = world.clerk_of("A")
    snapshot = Snapshot()
    with pytest.raises(Refused, match="no_committee"):
        report_difficulty(actor=snapshot_after, now=world.now, title="困难", text="内容")
    assert snapshot.unchanged()


def test_the_page_shows_the_median(world: World, client: Client) -> None:
    committee = world.actor(Role.CLERK, "committee A1")
    assert difficulties(committee).median_days is None
    opened = report_difficulty(actor=committee, now=world.now, title="活动室漏水", text="请支持维修资金。")
    for name, inputs, actor, _ in world.way("A"):
        world.later(hours=1)
        by = committee if name == "confirm_solved" else actor
        CASES.actions[name](opened.matter.pk, actor=by, now=world.now, **inputs)
    assert difficulties(committee).median_days == pytest.approx(10 / 24, abs=0.1)
    client.force_login(world.account(Role.CLERK, "committee A1"))
    page = client.get("/desk/difficulties/")
    assert "活动室漏水" in page.content.decode()
    assert client.post("/desk/difficulties/", {"title": ""}).status_code == 422
