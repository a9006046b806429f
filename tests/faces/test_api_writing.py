"""What other programs do: the same acts as on the pages, refused with what is missing, and each key once."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from linli.ground.exchange.models import KeptAnswer
from linli.ground.exchange.once import forget_answers
from linli.ground.files.models import StoredFile
from linli.ground.matters.action import code_digest
from linli.ground.matters.models import Matter
from linli.ground.record.models import Record
from linli.kernel.access import Role
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from tests.faces.program import Program
from tests.stage import picture
from tests.world import Snapshot, World

FILED = {
    "text": "小区门口路灯坏了三天，晚上看不见路。",
    "street": "990104001000",
    "visibility": "private",
    "identity_shown": "yes",
}


@pytest.fixture
def desk(world: World) -> Program:
    return Program(world, world.account(Role.DISPATCHER, "citizen_service_center A"))


@pytest.fixture
def clerk(world: World) -> Program:
    return Program(world, world.account(Role.CLERK, "urban_management A"))


def test_a_demand_goes_its_way_through_the_api_alone(world: World, desk: Program, clerk: Program) -> None:
    resident = Program(world, world.resident_account)
    status, received = resident.post("/cases", FILED)
    assert status == 201, received
    number = received["number"]
    way: list[tuple[Program, str, dict[str, Any], str]] = [
        (desk, "file_case", {"topic": str(world.topic.pk)}, "filed"),
        (desk, "dispatch_case", {"unit": str(world.office["urban_management A"].pk)}, "dispatched"),
        (clerk, "accept_case", {}, "accepted"),
        (clerk, "handle_case", {"work": "已到现场更换灯泡。"}, "handled"),
        (clerk, "draft_reply", {"reply": "您好，路灯已修好。"}, "drafted"),
        (Program(world, world.account(Role.REVIEWER, "urban_management A")), "review_reply", {}, "reviewed"),
        (Program(world, world.account(Role.SIGNER, "urban_management A")), "sign_reply", {}, "replied"),
        (resident, "confirm_solved", {}, "replied"),
        (desk, "verify_case", {}, "verified"),
        (desk, "close_case", {}, "closed"),
        (resident, "rate_case", {"rating": 5}, "closed"),
    ]
    for program, step, given, state in way:
        status, done = program.post(f"/cases/{number}/{step}", given)
        assert (status, done.get("state")) == (200, state), (step, done)
        assert Record.objects.get(pk=done["record"]).event == step
    assert Case.objects.get(matter__number=number).rating == 5


def test_a_refusal_says_what_is_missing_and_changes_nothing(world: World, desk: Program, clerk: Program) -> None:
    replied, dispatched = world.case_of(state="replied"), world.case_of(state="dispatched")
    snapshot = Snapshot()
    status, problem = desk.post(f"/cases/{replied.matter.number}/verify_case")
    assert (status, problem["code"]) == (409, "blocked")
    assert problem["blockers"][0]["code"] == "call_back_missing"
    assert problem["blockers"][0]["values"]["needed"] > 0
    assert "回访" in problem["detail"]
    assert desk.post(f"/cases/{replied.matter.number}/accept_case")[0] == 403
    assert clerk.post(f"/cases/{dispatched.matter.number}/handle_case", {"work": "已修"})[1]["code"] == "not_open"
    assert clerk.post(f"/cases/{world.now:%Y}/accept_case")[0] == 404
    assert snapshot.unchanged()


@pytest.mark.parametrize(
    ("step", "given", "field"),
    [
        ("file_case", {}, "topic"),
        ("file_case", {"topic": "0"}, "topic"),
        ("file_case", {"topic": "1", "colour": "red"}, "colour"),
        ("decline_case", {"reason": "  ", "right_door": "12345"}, "reason"),
        ("decline_case", {"reason": "x" * 501, "right_door": "12345"}, "reason"),
        ("decline_case", {"reason": "\x00", "right_door": "12345"}, "reason"),
    ],
)
def test_a_wrong_field_is_named(world: World, desk: Program, step: str, given: dict[str, Any], field: str) -> None:
    number = world.case_of().matter.number
    snapshot = Snapshot()
    status, problem = desk.post(f"/cases/{number}/{step}", given)
    assert (status, problem["code"]) == (422, "invalid")
    assert field in {each["field"] for each in problem["errors"]}
    assert all(each["detail"] for each in problem["errors"])
    assert snapshot.unchanged()


def test_a_session_without_a_token_writes_nothing(world: World) -> None:
    case = world.case_of(state="dispatched")
    settings.LINLI_CLOCK.set(world.now)
    client = Client(enforce_csrf_checks=False)
    client.force_login(world.account(Role.CLERK, "urban_management A"))
    snapshot = Snapshot()
    assert client.post(f"/api/v1/cases/{case.matter.number}/accept_case", {}).status_code == 401
    assert snapshot.unchanged()


def test_staff_file_for_themselves_as_residents_and_for_others_at_the_counter(world: World, desk: Program) -> None:
    status, own = desk.post("/cases", FILED)
    assert status == 201
    matter = Matter.objects.get(number=own["number"])
    assert matter.filer_id == desk.token.account.person_id
    assert Record.objects.get(pk=own["record"]).office == ""
    place = str(world.community["A1"].pk)
    given = {"channel": "phone", "phone": "13800009876", "title": "路灯", "text": "路灯不亮。", "place": place}
    status, taken = desk.post("/cases/counter", given)
    assert status == 201
    case = Case.objects.select_related("matter__filer").get(matter__number=taken["number"])
    assert (case.channel, case.matter.filer.phone, case.identity_shown) == ("phone", "13800009876", True)
    assert Matter.objects.get(code_digest=code_digest(taken["code"])).pk == case.pk
    snapshot = Snapshot()
    assert Program(world, world.resident_account).post("/cases/counter", given)[0] == 403
    assert not snapshot.unchanged()  # the program's token
    assert Case.objects.count() == 2


def test_filing_asks_for_a_place_as_the_page_does(world: World) -> None:
    program = Program(world, world.resident_account)
    nowhere = {name: value for name, value in FILED.items() if name != "street"}
    snapshot = Snapshot()
    status, problem = program.post("/cases", nowhere)
    assert (status, [each["field"] for each in problem["errors"]]) == (422, ["street"])
    assert snapshot.unchanged()
    fields = {each["name"]: each for each in program.get("/cases/filing", street=FILED["street"])[1]["fields"]}
    assert {choice["value"] for choice in fields["community"]["choices"]} == {
        world.community[each].code for each in ("A1", "A2")
    }


def test_whoever_may_be_in_danger_is_told_whom_to_call(world: World) -> None:
    program = Program(world, world.resident_account)
    snapshot = Snapshot()
    status, problem = program.post("/cases", FILED | {"text": "楼下着火了，快来人。"})
    assert (status, problem["code"]) == (422, "emergency")
    assert snapshot.unchanged()
    assert program.post("/cases", FILED | {"text": "楼下着火了，快来人。", "safe": True})[0] == 201


def test_files_are_uploaded_first_and_drawn_in_by_whoever_uploaded_them(world: World, clerk: Program) -> None:
    number = world.case_of(state="accepted").matter.number
    answer = clerk.client.post("/api/v1/cases/uploads", {"file": picture("现场.png")}, headers=clerk.headers())
    assert answer.status_code == 201
    handle = answer.json()["handle"]
    desk = Program(world, world.account(Role.DISPATCHER, "citizen_service_center A"))
    other = desk.post("/cases", FILED | {"files": [handle]})
    assert (other[0], other[1]["errors"][0]["field"]) == (422, "files")
    status, _ = clerk.post(f"/cases/{number}/handle_case", {"work": "已更换灯泡。", "files": [handle]})
    assert status == 200
    stored = StoredFile.objects.get()
    assert stored.matter == Matter.objects.get(number=number).pk
    read = clerk.client.get(f"/api/v1/cases/{number}/files/{stored.pk}", headers=clerk.headers())
    assert (read.status_code, read["Content-Type"]) == (200, "image/png")
    other = clerk.post("/cases", FILED | {"files": [handle]})
    assert (other[0], other[1]["errors"][0]["field"]) == (422, "files")
    program = SimpleUploadedFile("坏.jpg", b"MZ no picture", "image/jpeg")
    bad = clerk.client.post("/api/v1/cases/uploads", {"file": program}, headers=clerk.headers())
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "file")


def test_renew_code_tells_the_new_code_once(world: World) -> None:
    case = world.case_of()
    status, done = Program(world, world.resident_account).post(f"/cases/{case.matter.number}/renew_code")
    assert status == 200
    assert Matter.objects.get(pk=case.pk).code_digest == code_digest(done["code"])


# Idempotency-Key


def test_the_same_key_and_request_get_the_same_answer_and_nothing_is_done_again(world: World) -> None:
    program = Program(world, world.resident_account)
    first = program.send("/cases", FILED, key="a-1")
    snapshot = Snapshot()
    second = program.send("/cases", FILED, key="a-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second["Idempotent-Replayed"] == "true"
    assert snapshot.unchanged()
    code = json.loads(first.content)["code"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM exchange_keptanswer")
        assert code not in str(cursor.fetchall())  # the answer holds a secret
    assert program.send("/cases", FILED, key="a-2").content != first.content


def test_the_same_key_for_another_request_is_refused(world: World) -> None:
    program = Program(world, world.resident_account)
    number = json.loads(program.send("/cases", FILED, key="a").content)["number"]
    snapshot = Snapshot()
    for path, body in (("/cases", FILED | {"title": "路灯"}), (f"/cases/{number}/urge_case", FILED)):
        status, problem = program.post(path, body, key="a")
        assert status == 422
        assert problem["code"] in {"key_reused", "invalid"}
    assert program.post("/cases", FILED, key="a" * 201)[0] == 422
    assert snapshot.unchanged()


def test_keys_are_the_tokens_own(world: World) -> None:
    programs = [Program(world, world.resident_account) for _ in range(2)]
    answers = {program.send("/cases", FILED, key="a").content for program in programs}
    assert len(answers) == 2


def test_a_refused_request_leaves_its_key_free(world: World, clerk: Program) -> None:
    case = world.case_of(state="filed")
    step = f"/cases/{case.matter.number}/accept_case"
    assert clerk.post(step, key="k")[0] == 404
    assert not KeptAnswer.objects.exists()
    unit = world.office["urban_management A"]
    CASES.actions["dispatch_case"](case.pk, actor=world.dispatcher_of(), now=world.now, unit=unit)
    assert clerk.post(step, key="k")[0] == 200
    assert clerk.post(step, key="k")[0] == 200  # told again, though the step is open no longer
    assert Record.objects.filter(event="accept_case").count() == 1


def test_a_key_is_remembered_for_a_day(world: World) -> None:
    program = Program(world, world.resident_account)
    first = program.send("/cases", FILED, key="a").content
    settings.LINLI_CLOCK.set(world.now + timedelta(hours=23))
    assert forget_answers(world.now + timedelta(hours=23)) == 0
    assert program.send("/cases", FILED, key="a").content == first
    settings.LINLI_CLOCK.set(world.now + timedelta(hours=24))
    assert program.send("/cases", FILED, key="a").content != first
    assert KeptAnswer.objects.count() == 1
    assert forget_answers(world.now + timedelta(hours=48)) == 1
