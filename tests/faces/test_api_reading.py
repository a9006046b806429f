"""What other programs read: the same demands as on the pages, for the same readers, in pages by cursor."""

import pytest
from django.test import Client

from linli.ground.matters.models import Matter
from linli.kernel.access import Role
from linli.services.cases.feature import CASES
from linli.services.cases.look_up_door import MOST_FAILURES
from linli.site.running import settle
from tests.faces.program import Program
from tests.stage import CODE
from tests.world import World


@pytest.fixture
def desk(world: World) -> Program:
    return Program(world, world.account(Role.DISPATCHER, "citizen_service_center A"))


def test_the_list_pages_by_cursor_and_ends(world: World, desk: Program) -> None:
    numbers = {world.case_of().matter.number for _ in range(5)}
    world.case_of("B")
    seen, after = [], ""
    for _ in range(3):
        status, page = desk.get("/cases", size=2, after=after)
        assert status == 200
        seen += [row["number"] for row in page["rows"]]
        after = page["after"]
    assert (set(seen), len(seen), after) == (numbers, 5, "")
    status, problem = desk.get("/cases", after="damaged")
    assert (status, problem["errors"][0]["field"]) == (422, "after")


def test_the_list_knows_the_filters_of_the_inbox(world: World, desk: Program) -> None:
    lamp, noise = world.case_of(title="路灯不亮"), world.case_of(state="accepted", title="夜间噪音")
    settle()
    assert [row["number"] for row in desk.get("/cases", state="accepted", reach="all")[1]["rows"]] == [
        noise.matter.number
    ]
    assert [row["number"] for row in desk.get("/cases", q="路灯")[1]["rows"]][:1] == [lamp.matter.number]
    assert desk.get("/cases", place="nowhere")[1]["rows"] == []
    status, problem = desk.get("/cases", state="lost", size=0)
    assert status == 422
    assert {each["field"] for each in problem["errors"]} == {"state", "size"}


def test_a_resident_lists_their_own_whatever_their_state(world: World) -> None:
    mine = {world.case_of().matter.number, world.case_of(state="closed").matter.number}
    world.receive()
    program = Program(world, world.resident_account)
    assert {row["number"] for row in program.get("/cases")[1]["rows"]} == mine


def test_staff_and_filer_read_what_is_theirs_of_one_demand(world: World, desk: Program) -> None:
    case = world.case_of(state="replied", identity_shown=False)
    CASES.actions["add_note"](case.pk, actor=world.clerk_of(), now=world.now, note="反映人难缠。")
    number = case.matter.number
    seen, own = desk.get(f"/cases/{number}")[1], Program(world, world.resident_account).get(f"/cases/{number}")[1]
    assert (seen["read_as"], own["read_as"]) == ("staff", "filer")
    assert seen["filer"] == {"name": "居**", "phone": "138****1234"} or seen["filer"]["phone"] == "138****1234"
    assert own["filer"] is own["handler"] is own["first_contact"] is None
    assert own["reply"] == seen["reply"] == "您好,路灯已修好。"
    clerk = Program(world, world.account(Role.CLERK, "urban_management A"))
    assert clerk.get(f"/cases/{number}")[1]["filer"] is None

    def told(program: Program) -> str:
        return str(program.get(f"/cases/{number}/timeline")[1])

    assert "难缠" in told(clerk)
    assert "难缠" not in told(Program(world, world.resident_account))


def test_what_one_may_not_know_of_is_not_there(world: World) -> None:
    case = world.case_of("B")
    clerk = Program(world, world.account(Role.CLERK, "urban_management A"))
    hidden = [clerk.get(f"/cases/{case.matter.number}{part}") for part in ("", "/timeline", "/steps")]
    absent = clerk.get("/cases/1234567890123456")
    assert {status for status, _ in [*hidden, absent]} == {404}
    for _, problem in hidden:
        assert problem | {"instance": ""} == absent[1] | {"instance": ""}


def test_steps_say_what_is_missing_and_what_they_ask_for(world: World, desk: Program) -> None:
    number = world.case_of(state="replied").matter.number
    steps = {each["name"]: each for each in desk.get(f"/cases/{number}/steps")[1]["steps"]}
    assert steps["call_back_case"]["open"]
    assert not steps["verify_case"]["open"]
    assert steps["verify_case"]["missing"][0]["code"] == "call_back_missing"
    number = world.case_of().matter.number
    form = desk.get(f"/cases/{number}/steps/file_case")[1]
    topic = next(each for each in form["fields"] if each["name"] == "topic")
    assert str(world.topic.pk) in {choice["value"] for choice in topic["choices"]}


def test_published_demands_need_no_token(world: World, client: Client) -> None:
    case = world.case_of(state="closed")
    assert client.get(f"/api/v1/cases/public/{case.matter.number}").status_code == 404
    given = {"title": "路灯", "text": "路灯不亮。", "reply": "已修好。"}
    CASES.actions["publish_case"](case.pk, actor=world.clerk_of(), now=world.now, **given)
    shown = client.get(f"/api/v1/cases/public/{case.matter.number}").json()
    assert {name: shown[name] for name in given} == given
    assert [row["number"] for row in client.get("/api/v1/cases/public").json()["rows"]] == [case.matter.number]
    assert client.get("/api/v1/cases/public", {"place": "000000"}).status_code == 422


def test_number_and_code_open_what_the_filer_sees_through_the_pages_own_door(world: World, client: Client) -> None:
    opened = world.receive(actor=world.resident, filer=world.resident_account.person)
    asked = {"number": opened.matter.number, "code": opened.code}

    def look_up(**changed: str) -> int:
        return client.post("/api/v1/cases/look-up", asked | changed, content_type="application/json").status_code

    assert look_up() == 200
    assert look_up(number="1234567890123456") == look_up(code=CODE) == 404
    Matter.objects.filter(pk=opened.matter.pk).update(withheld=True)
    assert look_up() == 404
    Matter.objects.filter(pk=opened.matter.pk).update(withheld=False)
    for _ in range(MOST_FAILURES - 3):
        client.post("/lookup/", asked | {"code": CODE})
    assert look_up() == 429


def test_the_documents_are_served_from_here(world: World, client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.")
    assert {"get", "post"} <= set(document["paths"]["/api/v1/cases"])
    answer = client.get("/api/v1/docs/")
    page = answer.content.decode()
    assert "POST /api/v1/cases/{number}/accept_case" in page
    assert "https://" not in page
    assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_problems_speak_the_language_asked_for(world: World, desk: Program) -> None:
    answers = {
        language: desk.client.get(
            "/api/v1/cases/1234567890123456", headers=desk.headers() | {"Accept-Language": language}
        )
        for language in ("zh-hans", "en")
    }
    codes = {answer.json()["code"] for answer in answers.values()}
    assert codes == {"not_found"}
    assert {answer["Content-Language"] for answer in answers.values()} == {"zh-hans", "en"}


def test_an_unknown_address_and_method_are_problems_too(world: World, desk: Program) -> None:
    assert desk.get("/no/such")[1]["code"] == "not_found"
    status, problem = desk.post("/feed")
    assert (status, problem["code"]) == (405, "method_not_allowed")
    answer = desk.client.post(
        "/api/v1/cases/look-up", "{", content_type="application/json", headers={"Accept-Language": "zh-hans"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")
