"""Open311 for whoever files: by key alone, through the acts of the API, each refusal leaving everything as it was."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse

from linli.ground.exchange.models import ApiToken
from linli.ground.exchange.scopes import Scope
from linli.ground.matters.models import Matter
from linli.ground.people.models import Account
from linli.ground.record.models import Record
from linli.kernel.access import Role
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.portal.gate import MOST_IN_A_DAY
from tests.faces.open311_caller import Caller, as_texts, told
from tests.world import Snapshot, World

REPORTER = {"first_name": "小明", "last_name": "王", "phone": "139 1234 5678", "email": "ming@example.org"}


@pytest.fixture
def window(world: World) -> Caller:
    return Caller(world, world.account(Role.WINDOW_CLERK, "citizen_service_center A"))


@pytest.fixture
def desk(world: World) -> Caller:
    return Caller(world, world.account(Role.DISPATCHER, "citizen_service_center A"))


@pytest.fixture
def resident(world: World) -> Caller:
    return Caller(world, world.resident_account)


def filed(caller: Caller, **given: Any) -> Case:
    status, answer = caller.report(**given)
    assert status == 200, answer
    number = answer[0]["service_request_id"]
    return Case.objects.select_related("matter__filer", "matter__place", "topic").get(matter__number=number)


def test_a_window_clerks_key_takes_a_demand_down_for_whoever_reported_it(world: World, window: Caller) -> None:
    status, (answer,) = window.report(service_code=str(world.topic.pk), **REPORTER)
    assert status == 200
    assert answer["account_id"] is None
    case = Case.objects.get(matter__number=answer["service_request_id"])
    filer = case.matter.filer
    assert filer is not None
    assert (filer.name, filer.phone, filer.email) == ("王小明", "13912345678", "ming@example.org")
    assert (case.channel, case.matter.visibility, case.matter.state) == ("platform", "private", "received")
    assert case.matter.desk == world.office["citizen_service_center A"]
    assert case.matter.place == world.community["A1"]
    assert case.place_text == "青年路 12 号门前"
    assert case.matter.title == "小区门口路灯坏了三天，晚上看不见路"


def test_the_notice_tells_the_code_that_looks_the_demand_up(world: World, window: Caller) -> None:
    _, (answer,) = window.report(**REPORTER)
    notice = answer["service_notice"]
    code = notice.split("查询码 ")[1][:10]
    assert f"http://testserver{reverse('look_up_case')}" in notice
    found = window.post(
        "/api/v1/cases/look-up",
        {"number": answer["service_request_id"], "code": code},
        content_type="application/json",
    )
    assert found.status_code == 200


def test_a_residents_key_files_for_the_resident(world: World, resident: Caller) -> None:
    case = filed(resident, **REPORTER)
    assert case.matter.filer == world.resident_account.person
    assert case.channel == "web"
    assert case.matter.desk == world.office["citizen_service_center A"]


def test_a_topic_chosen_elsewhere_is_noted_and_proposed_and_decides_nothing(world: World, window: Caller) -> None:
    case = filed(window, service_code=str(world.topic.pk))
    assert case.topic is None
    assert Record.objects.get(subject=case.matter.number).codes["asked_topic"] == world.topic.pk
    window.force_login(world.account(Role.DISPATCHER, "citizen_service_center A"))
    page = window.get(reverse("desk_case_step", kwargs={"number": case.matter.number, "step": "file_case"}))
    assert "反映人选的分类，请核对" in page.content.decode()
    assert f'<option value="{world.topic.pk}" selected>' in page.content.decode()
    other = world.simple_topic
    done = CASES.actions["file_case"](case.pk, actor=world.dispatcher_of(), now=world.now, topic=other)
    assert done.row.topic == other
    own = window.ask(f"requests/{case.matter.number}.json", api_key=window.key)[1][0]
    assert own["service_code"] == str(other.pk), "a wrong choice is put right at the desk"


def test_until_it_is_filed_a_demand_stands_under_the_service_that_was_chosen(world: World, window: Caller) -> None:
    chosen, unclear = filed(window, service_code=str(world.topic.pk)), filed(window)
    for case, code in ((chosen, str(world.topic.pk)), (unclear, "other")):
        own = window.ask(f"requests/{case.matter.number}.json", api_key=window.key)[1][0]
        assert own["service_code"] == code


def test_an_office_that_files_demands_files_it_at_once(world: World, desk: Caller) -> None:
    case = filed(desk, service_code=str(world.topic.pk), **REPORTER)
    assert (case.topic, case.matter.state, case.promised_days) == (world.topic, "filed", 5)
    events = list(Record.objects.filter(subject=case.matter.number).order_by("id").values_list("event", flat=True))
    assert events == ["receive_case", "file_case"]
    assert filed(desk).matter.state == "received"


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ({"lat": "32.15", "long": "118.3"}, "B2"),
        ({"address_id": "990104002001"}, "B1"),
        ({"address_string": "乙街道B1社区 3 号"}, "B1"),
        ({"lat": "32.15", "long": "118.3", "address_id": "990104002000"}, "B2"),
    ],
)
def test_a_place_is_found_by_point_code_or_words(
    world: World, window: Caller, where: dict[str, str], place: str
) -> None:
    case = filed(window, **({"address_id": None, "address_string": None} | where))
    assert case.matter.place == world.community[place]
    assert (case.longitude is not None) is ("long" in where)


def test_a_link_is_kept_as_a_text_and_attributes_are_answers(window: Caller) -> None:
    link = "https://example.org/lampe.jpg"
    given = {"attribute[visibility]": "public", "attribute[identity_shown]": "no"}
    case = filed(window, media_url=link, **given, **REPORTER)
    assert case.matter.visibility == "public"
    assert not case.identity_shown
    _, (own,) = window.ask(f"requests/{case.matter.number}.json", api_key=window.key)
    assert link in own["description"]


NOWHERE = {"address_id": None, "address_string": None}
WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({"service_code": None}, 400, "service_code"),
    ({"service_code": "999999"}, 404, "service_code"),
    ({"description": None}, 400, "description"),
    ({"description": "灯"}, 400, "description"),
    ({"description": "灯" * 4001}, 400, "description"),
    (NOWHERE, 400, "address_string"),
    (NOWHERE | {"lat": "48.1", "long": "11.5"}, 400, "lat, long"),
    (NOWHERE | {"lat": "32.1"}, 400, "long"),
    (NOWHERE | {"lat": "north", "long": "118.1"}, 400, "lat"),
    ({"lat": "32.15", "long": "118.3"}, 400, "address_id"),  # the point is in another street
    ({"address_id": "123"}, 400, "address_id"),
    ({"address_id": "990104000000"}, 400, "address_id"),
    ({"address_string": "路" * 201}, 400, "address_string"),
    ({"phone": "call me"}, 400, "phone"),
    ({"email": "nobody"}, 400, "email"),
    ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
    ({"media_url": "ftp://example.org/x"}, 400, "media_url"),
    ({"media": SimpleUploadedFile("x.png", b"x")}, 400, "media_url"),
    ({"attribute[visibility]": "everyone"}, 400, "attribute[visibility]"),
    ({"attribute[colour]": "red"}, 400, "attribute[colour]"),
    ({"jurisdiction_id": "dc.gov"}, 404, "jurisdiction_id"),
    ({"description": "楼上着火了，快来人！"}, 400, "110、119、120"),
    ({"description": "小区门口\x00路灯坏了三天。"}, 400, "description"),
]


@pytest.mark.parametrize(("given", "status", "word"), WRONG)
@pytest.mark.parametrize("who", ["window", "resident"])
def test_what_is_not_in_order_is_refused_by_name_and_changes_nothing(
    window: Caller, resident: Caller, who: str, given: dict[str, Any], status: int, word: str
) -> None:
    caller = {"window": window, "resident": resident}[who]
    before = Snapshot()
    answered, faults = caller.report(**given)
    assert answered == status, faults
    assert all(fault["code"] == status for fault in faults)
    assert word in faults[0]["description"]
    assert before.unchanged()


def test_an_emergency_is_filed_once_somebody_has_asked(window: Caller) -> None:
    assert filed(window, description="楼上着火了，快来人！", **{"attribute[safe]": "yes"})


@pytest.mark.parametrize("form", ["json", "xml"])
def test_without_a_key_that_holds_nothing_is_filed(world: World, form: str) -> None:
    account = world.account(Role.WINDOW_CLERK, "citizen_service_center A")
    callers = {each: Caller(world, account) for each in ("expired", "revoked", "closed", "read")}
    callers["none"] = Caller(world)
    callers["unknown"] = Caller(world)
    callers["unknown"].key = "linli_unknown"
    keys = {each.key: name for name, each in callers.items()}
    tokens = list(ApiToken.objects.order_by("made_at", "pk"))
    assert len(keys) == 6
    assert len(tokens) == 4
    for name, caller in callers.items():
        ApiToken.objects.update(expires_at=world.now + timedelta(days=1), revoked_at=None, scopes=["write"])
        Account.objects.filter(pk=account.pk).update(is_active=name != "closed")
        if name == "expired":
            ApiToken.objects.update(expires_at=world.now)
        if name == "revoked":
            ApiToken.objects.update(revoked_at=world.now)
        if name == "read":
            ApiToken.objects.update(scopes=[Scope.READ])
        before = Snapshot()
        status, faults = caller.report(form)
        assert (status, str(faults[0]["code"])) == (403, "403"), name
        assert before.unchanged(), name


def test_the_answer_in_xml_is_the_answer_in_json(window: Caller) -> None:
    header = {"Idempotency-Key": "once"}
    given = {
        "api_key": window.key,
        "service_code": "other",
        "description": "路灯坏了三天。",
        "address_string": "青年路",
    }
    first = window.post("/open311/v2/requests.json", given, headers=header)
    again = window.post("/open311/v2/requests.json", given, headers=header)
    assert first.json() == again.json()
    assert Matter.objects.count() == 1
    status, xml = window.report("xml")
    assert (status, set(xml[0])) == (200, set(first.json()[0]))
    assert as_texts(first.json())[0]["account_id"] is None


def test_the_key_may_stand_in_the_header_or_in_the_address(window: Caller) -> None:
    given = {"service_code": "other", "description": "路灯坏了三天。", "address_string": "青年路"}
    header = {"Authorization": f"Bearer {window.key}"}
    assert window.post("/open311/v2/requests.json", given, headers=header).status_code == 200
    assert window.post(f"/open311/v2/requests.json?api_key={window.key}", given).status_code == 200


def test_a_key_writes_so_often_in_a_minute_and_no_more(window: Caller) -> None:
    with override_settings(API_WRITES_PER_MINUTE=2):
        assert [window.report()[0] for _ in range(3)] == [200, 200, 429]
        answer = window.send()
    assert answer["Retry-After"] == "60"
    assert told(answer)[1][0]["code"] == 429


def test_a_key_reads_so_often_in_a_minute_and_no_more(world: World) -> None:
    case = world.case_of(state="accepted")
    holder = Caller(world, world.account(Role.CLERK, "urban_management A"))
    with override_settings(API_READS_PER_MINUTE=2):
        asked = [holder.ask(f"requests/{case.matter.number}.json", api_key=holder.key)[0] for _ in range(3)]
    assert asked == [200, 200, 429]


def test_a_resident_files_so_many_in_a_day(world: World, resident: Caller) -> None:
    for _ in range(MOST_IN_A_DAY):
        assert resident.report()[0] == 200
    assert resident.report()[0] == 429
    settings.LINLI_CLOCK.set(world.now + timedelta(days=1, seconds=1))
    assert resident.report()[0] == 200
