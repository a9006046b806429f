"""What the desk does beside the steps, through the API: who filed, earlier demands, difficulties, imports, topics."""

from io import BytesIO
from typing import Any

import pytest

from linli.ground.record.models import Entry, Record
from linli.kernel.access import Role
from linli.services.cases.models import CaseImport
from tests.faces.program import ROOT, Program
from tests.services.sheets import open_file
from tests.stage import named
from tests.world import Snapshot, World

IMPORTS = "/cases/imports"


@pytest.fixture
def desk(world: World) -> Program:
    return Program(world, world.account(Role.DISPATCHER, "citizen_service_center A"))


@pytest.fixture
def clerk(world: World) -> Program:
    return Program(world, world.account(Role.CLERK, "urban_management A"))


def test_unmask_filer_is_recorded_with_its_reason_and_once(world: World, clerk: Program) -> None:
    case = world.case_of(state="accepted")
    address = f"/cases/{case.matter.number}/unmask_filer"
    assert "13800001234" not in str(clerk.get(f"/cases/{case.matter.number}")[1])
    first, again = (clerk.send(address, {"why": "回访要用"}, key="k") for _ in range(2))
    assert first.content == again.content
    shown = first.json()
    assert (shown["name"], shown["phone"]) == ("居民甲", "13800001234")
    assert [each["number"] for each in shown["earlier"]] == [case.matter.number]
    row = Record.objects.get(event="unmask_person")
    assert Entry.objects.get(record=row).texts == {"why": "回访要用"}
    assert row.codes["fields"] == ["email", "name", "phone"]


def test_who_may_not_know_the_filer_learns_and_records_nothing(world: World, clerk: Program) -> None:
    case = world.case_of(state="accepted")
    hidden = world.case_of(state="accepted", identity_shown=False)
    other = Program(world, world.account(Role.CLERK, "urban_management B"))
    filer = Program(world, world.resident_account)
    snapshot = Snapshot()
    address, why = f"/cases/{case.matter.number}/unmask_filer", {"why": "看看"}
    assert other.post(address, why)[0] == 404
    assert filer.post(address, why)[1]["code"] == "not_granted"
    assert clerk.post(f"/cases/{hidden.matter.number}/unmask_filer", why)[1]["code"] == "out_of_scope"
    for wrong in ({}, {"why": ""}, {"why": " "}, {"why": "x" * 101}):
        assert clerk.post(address, wrong)[0] == 422
    assert snapshot.unchanged()


def test_earlier_demands_are_found_by_telephone_for_who_takes_demands_down(
    world: World, desk: Program, clerk: Program
) -> None:
    case = world.case_of(state="filed")
    snapshot = Snapshot()
    status, found = desk.post("/cases/earlier", {"phone": "138 0000 1234"})
    assert (status, [row["number"] for row in found["rows"]]) == (200, [case.matter.number])
    assert desk.post("/cases/earlier", {"phone": "13900000000"})[1]["rows"] == []
    assert clerk.post("/cases/earlier", {"phone": "13800001234"})[0] == 403
    assert snapshot.unchanged()


def test_report_difficulty_by_a_committee_alone(world: World, clerk: Program, desk: Program) -> None:
    committee = Program(world, world.account(Role.CLERK, "committee A1"))
    given = {"title": "缺活动场所", "text": "请街道协调一间房。"}
    snapshot = Snapshot()
    assert clerk.post("/cases/difficulties", given)[0] == 409
    assert desk.post("/cases/difficulties", given)[0] == 403
    assert committee.post("/cases/difficulties", {"title": ""})[0] == 422
    assert Program(world, world.resident_account).get("/cases/difficulties")[0] == 403
    assert not Record.objects.filter(event="report_difficulty").exists()
    first, again = (committee.send("/cases/difficulties", given, key="k") for _ in range(2))
    assert (first.status_code, first.content) == (201, again.content)
    (row,) = desk.get("/cases/difficulties")[1]["rows"]
    assert (row["number"], row["title"]) == (first.json()["number"], "缺活动场所")
    assert desk.get("/cases/difficulties", after="x")[0] == 422
    assert not snapshot.unchanged()


def upload(program: Program, content: bytes, *, key: str = "", channel: str = "platform") -> Any:
    headers = program.headers() | ({"Idempotency-Key": key} if key else {})
    file = named(BytesIO(content), "demands.xlsx")
    return program.client.post(ROOT + IMPORTS, {"file": file, "channel": channel}, headers=headers)


def test_an_import_is_previewed_and_confirmed_whole(world: World, desk: Program) -> None:
    content = open_file(3)
    first, again = (upload(desk, content, key="k") for _ in range(2))
    assert (first.status_code, first.content) == (201, again.content)
    assert upload(desk, content, key="k", channel="letter").json()["code"] == "key_reused"
    row = first.json()
    assert (row["preview"]["rows"], row["preview"]["can_be_confirmed"], row["preview"]["faults"]) == (3, True, [])
    assert [each["id"] for each in desk.get(IMPORTS)[1]["rows"]] == [row["id"]]
    columns = desk.post(f"{IMPORTS}/{row['id']}/columns", {"columns": {"number": "没有这一列"}})[1]
    assert columns["preview"]["refusal"] == "columns_missing"
    snapshot = Snapshot()
    status, problem = desk.post(f"{IMPORTS}/{row['id']}/confirm")
    assert (status, problem["blockers"][0]["code"]) == (409, "columns_missing")
    assert snapshot.unchanged()
    assert desk.post(f"{IMPORTS}/{row['id']}/columns", {"columns": {}})[0] == 200
    confirmed = desk.post(f"{IMPORTS}/{row['id']}/confirm")[1]
    assert (confirmed["preview"], confirmed["progress"]["rows"]) == (None, 3)
    assert desk.post(f"{IMPORTS}/{row['id']}/discard")[1]["blockers"][0]["code"] == "already_confirmed"
    assert Record.objects.filter(event="confirm_import").count() == 1


def test_an_import_is_another_areas_or_no_workbook(world: World, desk: Program, clerk: Program) -> None:
    row = upload(desk, open_file(1)).json()
    other = Program(world, world.account(Role.DISPATCHER, "citizen_service_center B"))
    snapshot = Snapshot()
    for act in ("confirm", "discard", "columns"):
        body = {"columns": {}} if act == "columns" else None
        assert other.post(f"{IMPORTS}/{row['id']}/{act}", body)[0] == 404
        assert clerk.post(f"{IMPORTS}/{row['id']}/{act}", body)[0] == 403
    assert other.get(f"{IMPORTS}/{row['id']}")[0] == 404
    assert other.get(IMPORTS)[1]["rows"] == []
    assert clerk.get(IMPORTS)[0] == 403
    assert upload(clerk, open_file(1)).status_code == 403
    assert upload(desk, b"no workbook").json()["blockers"][0]["code"] == "not_a_workbook"
    assert upload(desk, open_file(1), channel="rumour").status_code == 422
    assert snapshot.unchanged()
    assert desk.post(f"{IMPORTS}/{row['id']}/discard") == (200, {"id": row["id"]})
    assert not CaseImport.objects.exists()


def test_topics_are_read_with_who_answers_for_them(world: World, clerk: Program) -> None:
    rows = {row["id"]: row for row in clerk.get("/topics")[1]["rows"]}
    assert rows[world.topic.pk]["names"] == ["城市管理", "市政设施", "路灯"]
    assert rows[world.topic.pk]["promised_days"] == 5
    assert rows[world.simple_topic.pk]["waives_second_person"] is True
