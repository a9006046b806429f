"""What each act writes into row, entry and record, from the door to the holder's hands; refused, it writes nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest

from linli.ground.files.storing import store_upload
from linli.ground.matters.action import CODE_ALPHABET, Refused, code_digest
from linli.ground.record.receipts import parse_receipt
from linli.ground.record.writing import Audience
from linli.kernel.access import SYSTEM, Role
from linli.services.cases.actions.import_case import import_case
from linli.services.cases.models import Case, CaseImport
from linli.services.cases.rules.imported import ImportedRow
from linli.services.cases.rules.vocabulary import Channel
from tests.services.acting import act, due, moved, refused, wrote
from tests.world import Snapshot, World

# Into the house.


def test_receive_case(world: World) -> None:
    opened = world.receive(place_text="幸福路 1 号", channel=Channel.PHONE)
    case = world.case(opened.matter.pk)
    centre = world.office["citizen_service_center A"]
    assert (case.matter.state, case.matter.holder, case.matter.desk) == ("received", centre, centre)
    assert (case.first_contact, case.channel, case.wants_feedback) == (centre, "phone", False)
    assert case.matter.due_at == due(world, 5)
    assert len(opened.code) == 10
    assert set(opened.code) <= set(CODE_ALPHABET)
    assert case.matter.code_digest == code_digest(opened.code)
    assert parse_receipt(opened.receipt.text()).number == case.matter.number
    wrote(
        opened,
        Audience.PARTY,
        {"title": "路灯不亮", "text": "小区门口路灯坏了三天,晚上看不见路。", "place": "幸福路 1 号"},
        channel="phone",
        place=world.community["A1"].code,
        due=due(world, 5),
    )


def test_a_complaint_about_a_unit_is_not_received_by_it(world: World) -> None:
    for office in ("citizen_service_center A", "street A"):
        opened = world.receive(complained_of=world.office[office])
        assert opened.matter.desk == world.office["centre"]


def test_receive_case_refused(world: World) -> None:
    snapshot = Snapshot()
    with pytest.raises(Refused, match="not_granted"):
        world.receive(actor=SYSTEM)
    assert snapshot.unchanged()


def imported(world: World, **given: Any) -> Case:
    source = CaseImport.objects.create(file_name="a.xlsx", path="a", channel=Channel.PLATFORM, uploaded_at=world.now)
    row = ImportedRow(row=2, number="L-1", title="路灯", text="路灯不亮", **given)
    desk = world.office["centre"]
    opened = import_case(
        actor=world.dispatcher_of(), now=world.now, row=row, source=source, place=world.district, desk=desk
    )
    return world.case(opened.matter.pk)


def test_import_case_of_an_open_demand_starts_its_clock_at_the_import(world: World) -> None:
    asked = datetime(2025, 5, 6, tzinfo=UTC)
    case = imported(world, asked_at=asked)
    assert (case.matter.state, case.matter.opened_at, case.matter.closed_at) == ("received", asked, None)
    assert case.matter.due_at == due(world, 5)
    assert (case.matter.withheld, case.matter.code_digest, case.outside_number) == (True, "", "L-1")


def test_import_case_of_an_answered_demand_is_closed_when_it_was_answered(world: World) -> None:
    asked, replied = datetime(2025, 5, 6, tzinfo=UTC), datetime(2025, 5, 8, tzinfo=UTC)
    case = imported(world, asked_at=asked, reply="已修好。", replied_at=replied)
    assert (case.matter.state, case.matter.closed_at, case.matter.next_due) == ("closed", replied, None)
    assert case.handled_at is None
    assert case.accepted_at is None


def test_import_case_refused(world: World) -> None:
    clerk, snapshot = world.clerk_of(), Snapshot()
    with pytest.raises(Refused, match="not_granted"):
        import_case(actor=clerk, now=world.now, row=None, source=None, place=None, desk=None)
    assert snapshot.unchanged()


# From the door to the holder.


def test_file_case(world: World) -> None:
    case = world.case_of()
    before, promised = due(world, 5), due(world, 3)  # from the day of receipt, however late it is filed
    world.later(days=1)
    done = act(world, case, "file_case", world.dispatcher_of(), topic=world.simple_topic, note="咨询")
    moved(case, done, "received", "filed")
    assert (case.topic, case.waives_second_person) == (world.simple_topic, True)
    assert case.matter.due_at == promised
    codes = {"topic": world.simple_topic.pk, "days": 3, "due": case.matter.due_at, "due_before": before}
    wrote(done, Audience.PARTY, {"note": "咨询"}, **codes)


def test_decline_case(world: World) -> None:
    case = world.case_of()
    done = act(world, case, "decline_case", world.dispatcher_of(), reason="属于邻区。", right_door="邻区 12345")
    moved(case, done, "received", "declined")
    assert (case.matter.closed_at, case.matter.outcome, case.matter.next_due) == (world.now, "declined", None)
    wrote(done, Audience.PARTY, {"reason": "属于邻区。", "right_door": "邻区 12345"})
    refused(world, case, "file_case", world.dispatcher_of(), "not_open", topic=world.topic)


def test_dispatch_case(world: World) -> None:
    case, unit = world.case_of(state="filed"), world.office["urban_management A"]
    done = act(world, case, "dispatch_case", world.dispatcher_of(), unit=unit, note="请办理")
    moved(case, done, "filed", "dispatched")
    assert (case.matter.desk, case.matter.desk_path) == (unit, unit.path)
    assert case.matter.holder == world.office["citizen_service_center A"], "the first receiver answers until acceptance"
    assert case.dispatched_at == world.now
    wrote(done, Audience.PARTY, {"note": "请办理"}, unit=unit.pk)


def test_escalate_case(world: World) -> None:
    case, centre = world.case_of(state="filed"), world.office["centre"]
    before = case.matter.due_at
    done = act(world, case, "escalate_case", world.dispatcher_of(), reason="街道无力解决。")
    moved(case, done, "filed", "received")
    assert (case.matter.holder, case.matter.desk, case.first_contact, case.matter.due_at) == (centre,) * 3 + (before,)
    wrote(done, Audience.PARTY, {"reason": "街道无力解决。"})
    refused(world, case, "file_case", world.dispatcher_of(), "out_of_scope", topic=world.topic)
    at_centre = world.actor(Role.DISPATCHER, "centre")
    refused(world, case, "escalate_case", at_centre, "at_district_already", reason="再报")


def test_accept_case(world: World) -> None:
    case, clerk = world.case_of(state="dispatched"), world.clerk_of()
    done = act(world, case, "accept_case", clerk)
    moved(case, done, "dispatched", "accepted")
    unit = world.office["urban_management A"]
    assert (case.matter.holder, case.matter.holder_path, case.matter.desk) == (unit, unit.path, unit)
    assert (case.matter.handler_id, case.accepted_at) == (clerk.person, world.now)
    wrote(done, Audience.PARTY, {})


def test_return_case(world: World) -> None:
    case = world.case_of(state="dispatched")
    done = act(world, case, "return_case", world.clerk_of(), reason="属于绿化。")
    moved(case, done, "dispatched", "returned")
    assert (case.matter.desk, case.returns) == (case.first_contact, 1)
    wrote(done, Audience.STAFF, {"reason": "属于绿化。"}, unit=world.office["urban_management A"].pk)
    refused(world, case, "accept_case", world.clerk_of(), "out_of_scope")


def test_recall_case(world: World) -> None:
    case = world.case_of(state="dispatched")
    refused(world, case, "recall_case", world.dispatcher_of("B"), "out_of_scope", reason="改派")
    refused(world, case, "recall_case", world.clerk_of(), "not_granted", reason="改派")
    done = act(world, case, "recall_case", world.dispatcher_of(), reason="无人签收，改派。")
    moved(case, done, "dispatched", "returned")
    assert case.matter.desk == case.matter.holder == case.first_contact
    assert case.returns == 0
    wrote(done, Audience.PARTY, {"reason": "无人签收，改派。"}, unit=world.office["urban_management A"].pk)
    refused(world, case, "accept_case", world.clerk_of(), "out_of_scope")


def test_hand_over_case(world: World) -> None:
    case = world.case_of(state="accepted")
    refused(world, case, "hand_over_case", world.clerk_of("B"), "out_of_scope", reason="不属于")
    done = act(world, case, "hand_over_case", world.clerk_of(), reason="属于绿化。")
    moved(case, done, "accepted", "returned")
    assert case.matter.desk == case.matter.holder == case.first_contact
    assert (case.matter.handler, case.accepted_at, case.returns) == (None, None, 1)
    wrote(done, Audience.STAFF, {"reason": "属于绿化。"}, unit=world.office["urban_management A"].pk)
    refused(world, case, "handle_case", world.clerk_of(), "out_of_scope", work="已修")
    refused(world, world.case_of(state="handled"), "hand_over_case", world.clerk_of(), "not_open", reason="晚了")


# In the holder's hands.


def test_release_case_and_claim_case(world: World) -> None:
    case, colleague = world.case_of(state="accepted"), world.clerk_of(name="同事")
    refused(world, case, "claim_case", colleague, "already_claimed")
    refused(world, case, "release_case", colleague, "not_own_case")
    wrote(act(world, case, "release_case", world.clerk_of()), Audience.STAFF, {})
    assert case.matter.handler is None
    refused(world, case, "handle_case", colleague, "handler_missing", work="已修")
    done = act(world, case, "claim_case", colleague)
    assert case.matter.handler_id == colleague.person
    wrote(done, Audience.STAFF, {})


def test_assign_case(world: World) -> None:
    case, colleague = world.case_of(state="accepted"), world.clerk_of(name="同事")
    done = act(world, case, "assign_case", world.signer_of(), person=world.person(colleague))
    assert case.matter.handler_id == colleague.person
    wrote(done, Audience.STAFF, {}, handler=str(colleague.person))
    stranger = world.person(world.clerk_of("B"))
    refused(world, case, "assign_case", world.clerk_of(), "not_in_unit", person=stranger)


def test_ask_supplement(world: World) -> None:
    case = world.case_of(state="accepted")
    done = act(world, case, "ask_supplement", world.clerk_of(), question="请写明灯杆编号。")
    moved(case, done, "accepted", "waiting")
    assert (case.paused_days_left, case.supplements_asked, case.waits_until) == (5, 1, due(world, 5))
    wrote(done, Audience.PARTY, {"question": "请写明灯杆编号。"}, until=due(world, 5))


def test_supply_supplement(world: World) -> None:
    case = world.case_of(state="accepted")
    act(world, case, "ask_supplement", world.clerk_of(), question="请写明灯杆编号。")
    world.later(days=2)
    file = store_upload("说明.pdf", b"%PDF-1.4\n%%EOF\n", audience=Audience.PARTY, now=world.now)
    done = act(world, case, "supply_supplement", world.resident, text="12 号灯杆", files=(file,))
    moved(case, done, "waiting", "accepted")
    file.refresh_from_db()
    assert file.matter == case.pk
    assert done.record.digests[f"file:{file.pk}"] == file.digest
    assert (case.paused_days_left, case.waits_until, case.matter.due_at) == (None, None, due(world, 5))
    wrote(done, Audience.PARTY, {"supplement": "12 号灯杆"}, days=5, due=due(world, 5))
    refused(world, case, "ask_supplement", world.clerk_of(), "supplement_asked_before", question="再问")


def test_lapse_supplement(world: World) -> None:
    case = world.case_of(state="accepted")
    act(world, case, "ask_supplement", world.clerk_of(), question="请写明灯杆编号。")
    refused(world, case, "lapse_supplement", world.clerk_of(), "not_granted")
    promised = due(world, 10)  # five of waiting, and the five that were left
    world.later(days=9)
    done = act(world, case, "lapse_supplement", SYSTEM)
    moved(case, done, "waiting", "accepted")
    wrote(done, Audience.PARTY, {}, days=5, due=promised)


def test_request_extension(world: World) -> None:
    case = world.case_of(state="accepted")
    for days in (0, 6):
        refused(world, case, "request_extension", world.clerk_of(), "extension_too_long", days=days, reason="等配件")
    before = case.matter.due_at
    done = act(world, case, "request_extension", world.clerk_of(), days=5, reason="等配件")
    assert (case.extension_asked_days, case.matter.due_at) == (5, before)
    wrote(done, Audience.STAFF, {"reason": "等配件"}, days=5)
    refused(world, case, "request_extension", world.clerk_of(), "extension_already_asked", days=1, reason="等")


def test_grant_extension(world: World) -> None:
    case = world.case_of(state="accepted")
    refused(world, case, "grant_extension", world.supervisor_of(), "no_extension_asked")
    act(world, case, "request_extension", world.clerk_of(), days=3, reason="等配件")
    refused(world, case, "grant_extension", world.supervisor_of("B"), "out_of_scope")
    done = act(world, case, "grant_extension", world.supervisor_of(), note="同意")
    assert (case.extension_asked_days, case.extensions_granted) == (None, 1)
    assert (case.matter.clock_days, case.matter.due_at) == (8, due(world, 8))
    wrote(done, Audience.PARTY, {"note": "同意"}, days=3, due=due(world, 8), warned_before=False)
    refused(world, case, "request_extension", world.clerk_of(), "extended_before", days=1, reason="等")


def test_grant_extension_while_waiting_lengthens_what_is_left(world: World) -> None:
    case = world.case_of(state="accepted")
    act(world, case, "request_extension", world.clerk_of(), days=3, reason="等配件")
    act(world, case, "ask_supplement", world.clerk_of(), question="请写明灯杆编号。")
    act(world, case, "grant_extension", world.supervisor_of())
    assert case.paused_days_left == 8
    act(world, case, "supply_supplement", world.resident, text="12 号灯杆")
    assert case.matter.due_at == due(world, 8)


def test_refuse_extension(world: World) -> None:
    case = world.case_of(state="accepted")
    act(world, case, "request_extension", world.clerk_of(), days=3, reason="等配件")
    before = case.matter.due_at
    done = act(world, case, "refuse_extension", world.supervisor_of(), reason="请按期办结。")
    assert (case.extension_asked_days, case.extensions_granted, case.matter.due_at) == (None, 0, before)
    wrote(done, Audience.STAFF, {"reason": "请按期办结。"})


def test_handle_case(world: World) -> None:
    case = world.case_of(state="accepted")
    done = act(world, case, "handle_case", world.clerk_of(), work="已更换灯泡。")
    moved(case, done, "accepted", "handled")
    assert case.handled_at == world.now
    wrote(done, Audience.PARTY, {"work": "已更换灯泡。"})
