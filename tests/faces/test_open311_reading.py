"""Open311 for readers: what is published, masked and by key; nothing else, whoever asks without a key."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from linli.ground.exchange.scopes import Scope
from linli.ground.matters.models import Matter
from linli.kernel.access import Role
from linli.services.cases.feature import CASES
from linli.services.catalogue.models import Topic
from linli.site.logged_requests import LoggedRequests
from tests.faces.open311_caller import MASKED, SECRETS, Caller, as_texts, published
from tests.world import World


@pytest.fixture
def anyone(world: World) -> Caller:
    return Caller(world)


def test_services_are_the_topics_in_use_and_one_for_the_rest(world: World, anyone: Caller) -> None:
    Topic.objects.filter(pk=world.simple_topic.pk).update(active=False)
    status, services = anyone.ask("services.json")
    assert status == 200
    assert [each["service_code"] for each in services] == [str(world.topic.pk), "other"]
    assert services[0] | {"description": ""} == {
        "service_code": str(world.topic.pk),
        "service_name": "路灯",
        "description": "",
        "metadata": True,
        "type": "realtime",
        "keywords": "城市管理,市政设施,路灯",
        "group": "城市管理 / 市政设施",
    }


def test_a_published_demand_is_read_masked(world: World, anyone: Caller) -> None:
    case = published(world)
    status, (shown,) = anyone.ask("requests.json")
    assert status == 200
    assert shown == anyone.ask(f"requests/{case.matter.number}.json")[1][0]
    assert shown == {
        "service_request_id": case.matter.number,
        "status": "closed",
        "status_notes": "已结案：路灯已修好。",
        "service_name": "路灯",
        "service_code": str(world.topic.pk),
        "description": "路灯不亮\n某居民反映路灯不亮。",
        "agency_responsible": "甲街道城市管理部",
        "service_notice": None,
        "requested_datetime": "2026-03-03T10:00:00+08:00",
        "updated_datetime": "2026-03-03T10:00:00+08:00",
        "expected_datetime": shown["expected_datetime"],
        "address": "A1社区",
        "address_id": "990104001001",
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
    assert not any(secret in str(shown) for secret in SECRETS)


@pytest.mark.parametrize("path", ["services", "services/other", "requests", "requests/{number}", "tokens/{number}"])
def test_xml_holds_the_same_values_as_json(world: World, anyone: Caller, path: str) -> None:
    number = published(world, text="灯<不>亮 & 又\x0b坏了。\r\n第二行。").matter.number
    asked = path.format(number=number)
    json, xml = anyone.ask(f"{asked}.json"), anyone.ask(f"{asked}.xml")
    assert json[0] == xml[0] == 200
    assert xml[1] == as_texts(json[1])


def test_discovery_names_the_endpoint_in_both_forms(anyone: Caller) -> None:
    found = anyone.get("/open311/discovery.json").json()
    assert found["endpoints"][0]["url"] == "http://testserver/open311/v2"
    assert found["endpoints"][0]["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert b"<url>http://testserver/open311/v2</url>" in anyone.get("/open311/discovery.xml").content


@pytest.mark.parametrize("state", ["received", "accepted", "closed"])
def test_what_is_not_published_does_not_exist(world: World, anyone: Caller, state: str) -> None:
    case = world.case_of(state=state, title="独一无二的标题")
    nowhere = anyone.ask("requests/2026030300000000.json")
    assert nowhere[0] == 404
    assert anyone.ask(f"requests/{case.matter.number}.json") == nowhere
    assert anyone.ask(f"tokens/{case.matter.number}.json")[0] == 404
    assert anyone.ask("requests.json") == (200, [])
    assert anyone.ask("requests.json", service_request_id=case.matter.number) == (200, [])


def test_what_is_withheld_or_taken_back_is_gone(world: World, anyone: Caller) -> None:
    withheld, taken = published(world), published(world, "B")
    Matter.objects.filter(pk=withheld.pk).update(withheld=True)
    CASES.actions["unpublish_case"](taken.pk, actor=world.resident, now=world.now, reason="不想公开了。")
    assert anyone.ask("requests.json") == (200, [])
    assert anyone.ask(f"requests/{taken.matter.number}.json")[0] == 404


def test_a_session_opens_nothing(world: World, anyone: Caller) -> None:
    case = world.case_of(state="accepted")
    anyone.force_login(world.account(Role.CLERK, "urban_management A"))
    assert anyone.ask(f"requests/{case.matter.number}.json")[0] == 404
    assert anyone.report()[0] == 403


def test_a_key_that_reads_opens_one_demand_that_its_account_may_open(world: World) -> None:
    case = world.case_of(state="accepted", longitude=118.05, latitude=32.05)
    number = case.matter.number
    holder = Caller(world, world.account(Role.CLERK, "urban_management A"), [Scope.READ])
    status, (shown,) = holder.ask(f"requests/{number}.json", api_key=holder.key)
    assert status == 200
    assert (shown["status"], shown["long"], shown["lat"]) == ("open", 118.05, 32.05)
    assert shown["service_code"] == str(world.topic.pk)
    header = holder.get(f"/open311/v2/requests/{number}.json", headers={"Authorization": f"Bearer {holder.key}"})
    assert header.json() == [shown]
    other = Caller(world, world.account(Role.CLERK, "urban_management B"))
    assert other.ask(f"requests/{number}.json", api_key=other.key)[0] == 404
    writer = Caller(world, world.account(Role.CLERK, "urban_management A", "小李"), [Scope.WRITE])
    assert writer.ask(f"requests/{number}.json", api_key=writer.key)[0] == 403


def test_a_published_demand_is_masked_for_a_key_too(world: World) -> None:
    case = published(world)
    holder = Caller(world, world.account(Role.CLERK, "urban_management A"))
    _, (shown,) = holder.ask(f"requests/{case.matter.number}.json", api_key=holder.key)
    assert shown["description"] == f"{MASKED['title']}\n{MASKED['text']}"


def test_filters_narrow_the_list(world: World, anyone: Caller) -> None:
    lamp, other = published(world), published(world, "B")
    CASES.actions["reopen_case"](other.pk, actor=world.resident, now=world.now, reason="又坏了。")
    Matter.objects.filter(pk=other.pk).update(opened_at=world.now - timedelta(days=40))

    def found(**asked: str) -> set[str]:
        status, rows = anyone.ask("requests.json", **asked)
        assert status == 200, rows
        return {row["service_request_id"] for row in rows}

    first, second = lamp.matter.number, other.matter.number
    assert found() == found(status="open,closed") == found(service_code=f"{world.topic.pk},other") == {first, second}
    assert found(status="closed") == {first}
    assert found(status="open") == {second}
    assert found(service_code="other") == set()
    assert found(service_request_id=f"{first},{second},2026030300000000") == {first, second}
    assert found(start_date="2026-03-01T00:00:00+08:00") == {first}
    assert found(end_date="2026-03-01T00:00:00Z") == {second}
    assert found(end_date="2025-01-01") == set()


def test_after_a_reopening_the_old_reply_is_no_status(world: World, anyone: Caller) -> None:
    case = published(world)
    CASES.actions["reopen_case"](case.pk, actor=world.resident, now=world.now, reason="又坏了。")
    assert MASKED["reply"] not in anyone.ask("requests.json")[1][0]["status_notes"]
    world.later(hours=1)
    world.answer_again(case.pk)
    assert MASKED["reply"] not in anyone.ask("requests.json")[1][0]["status_notes"]


def test_pages_go_by_key(world: World, anyone: Caller) -> None:
    numbers = [published(world).matter.number for _ in range(3)]
    seen, address = [], "/open311/v2/requests.json?page_size=1&status=closed"
    while address:
        answer = anyone.get(address)
        seen += [row["service_request_id"] for row in answer.json()]
        link = re.fullmatch(r'<http://testserver(.*)>; rel="next"', answer.get("Link", ""))
        address = link[1] if link else ""
    assert seen == numbers[::-1]


@pytest.mark.parametrize(
    ("path", "query", "status", "word"),
    [
        ("requests.json", {"page": "2"}, 400, "Link"),
        ("requests.json", {"page_size": "0"}, 400, "page_size"),
        ("requests.json", {"page_size": "1001"}, 400, "page_size"),
        ("requests.json", {"after": "x"}, 400, "after"),
        ("requests.json", {"status": "done"}, 400, "status"),
        ("requests.json", {"start_date": "gestern"}, 400, "start_date"),
        ("requests.json", {"end_date": "0001-01-01T00:00:00Z"}, 400, "end_date"),
        ("requests.json", {"start_date": "2026-01-01", "end_date": "2026-06-01"}, 400, "90"),
        ("requests.json", {"service_request_id": "abc"}, 400, "service_request_id"),
        ("requests.json", {"service_request_id": ""}, 400, "service_request_id"),
        ("requests.json", {"service_code": "999999999"}, 404, "service_code"),
        ("requests.json", {"service_code": "9" * 30}, 404, "service_code"),
        ("requests.json", {"jurisdiction_id": "sfgov.org"}, 404, "jurisdiction_id"),
        ("requests.csv", {}, 406, "csv"),
        ("services/0.json", {}, 404, "service_code"),
        ("services/lamps.xml", {}, 404, "service_code"),
        ("nothing.xml", {}, 404, ""),
        ("requests/abc.json", {"api_key": "linli_nothing"}, 403, ""),
    ],
)
def test_faults_have_the_form_of_the_specification(
    anyone: Caller, path: str, query: dict[str, str], status: int, word: str
) -> None:
    answered, faults = anyone.ask(path, **query)
    assert answered == status
    assert [str(fault["code"]) for fault in faults] == [str(status)]
    assert word in faults[0]["description"]
    assert set(faults[0]) == {"code", "description"}


def test_the_own_jurisdiction_is_none_other(anyone: Caller) -> None:
    assert anyone.ask("services.json", jurisdiction_id="990104000000")[0] == 200


def test_another_method_is_refused(anyone: Caller) -> None:
    answer = anyone.put("/open311/v2/requests.json")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")


def test_moments_bear_their_offset(world: World, anyone: Caller) -> None:
    published(world)
    for name, value in anyone.ask("requests.json")[1][0].items():
        if name.endswith("_datetime"):
            assert datetime.fromisoformat(value).utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize("path", ["services.json", "requests.json"])
def test_a_list_asks_the_same_number_of_questions_whatever_its_length(world: World, anyone: Caller, path: str) -> None:
    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert anyone.ask(path)[0] == 200
        return len(asked)

    published(world)
    first = questions()
    for street in "AB":
        published(world, street)
        World.fresh(world.topic).get_parent().add_child(name=f"树木{street}")
    assert questions() == first <= 3


def test_keys_do_not_come_into_the_log(anyone: Caller) -> None:
    request = anyone.get("/open311/v2/requests/1.json?api_key=linli_geheim&x=1").wsgi_request
    assert LoggedRequests.format_request(request) == "GET /open311/v2/requests/1.json"
    request = anyone.get("/open311/v2/requests.json?status=open").wsgi_request
    assert LoggedRequests.format_request(request) == "GET /open311/v2/requests.json?status=open"


ASKED = [
    "service_request_id",
    "service_code",
    "status",
    "start_date",
    "end_date",
    "after",
    "page_size",
    "page",
    "jurisdiction_id",
    "api_key",
]


@given(
    asked=st.dictionaries(
        st.sampled_from(ASKED),
        st.one_of(st.text(max_size=20), st.from_regex(r"[0-9T:+Z,-]{1,30}", fullmatch=True)),
        max_size=4,
    ),
    path=st.sampled_from(["requests.json", "requests.xml", "requests/2026030300000000.json", "services.xml"]),
)
@example(asked={"jurisdiction_id": "\x00"}, path="services.xml")
@example(asked={"start_date": "9999-12-31T23:59:59-12:00"}, path="requests.json")
@example(asked={"end_date": "1900-01-01T00:00:00+14:00"}, path="requests.json")
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_whatever_is_asked_is_answered(anyone: Caller, path: str, asked: dict[str, str]) -> None:
    assert anyone.ask(path, **asked)[0] in {200, 400, 403, 404}
