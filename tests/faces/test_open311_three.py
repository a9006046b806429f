"""`three`, the Open311 client of PyPI, against a live server. It was written for Python 2, which lends it one name."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from linli.kernel.access import Role
from linli.services.cases.models import Case
from tests.emptying import record_that_can_be_emptied
from tests.faces.open311_caller import Caller, published
from tests.world import World


@pytest.fixture(scope="module", autouse=True)
def _record_can_be_emptied() -> Iterator[None]:
    with record_that_can_be_emptied():
        yield


@pytest.fixture
def three_of(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The client's module; `itertools.ifilter` of Python 2 is `filter` today."""
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    three = pytest.importorskip("three.core", reason="the client `three` is a development dependency")
    return three.Three


@pytest.fixture
def served(transactional_db: None, live_server: Any, world: World) -> str:
    """A live server on loopback, and where it is."""
    return str(live_server.url)


def test_three_lists_services_files_a_request_and_reads_it_back(served: str, world: World, three_of: Any) -> None:
    shown = published(world)
    key = Caller(world, world.account(Role.WINDOW_CLERK, "citizen_service_center A")).key
    assert settings.LINLI_CLOCK.now() == world.now
    endpoint = f"{served}/open311/v2"
    client = three_of(endpoint, api_key=key, discovery=f"{served}/open311/discovery.json")
    assert client.discovery()["endpoints"][0]["url"] == endpoint

    services = client.services()
    assert [each["service_name"] for each in services] == ["路灯", "咨询", "其他"]
    code = services[0]["service_code"]
    assert client.services(code)["service_code"] == code

    answer = client.post(
        code,
        description="小区门口路灯坏了三天。",
        name="小明 王",
        phone="13912345678",
        lat="32.05",
        long="118.05",
        address="青年路 12 号",
    )
    assert client.post_response.status_code == 200
    number = answer[0]["service_request_id"]
    case = Case.objects.get(matter__number=number)
    assert case.matter.filer is not None
    assert (case.matter.filer.name, case.matter.place.name) == ("王小明", "A1社区")

    own = client.request(number, api_key=key)[0]
    assert (own["service_request_id"], own["status"], own["service_code"]) == (number, "open", code)
    assert client.token(number, api_key=key)[0]["service_request_id"] == number
    assert client.request(number)[0]["code"] == 404, "without the key it does not exist"

    listed = client.requests(code, count=10, between=["03-01-2026", "03-31-2026"])
    assert [each["service_request_id"] for each in listed] == [shown.matter.number]
    assert client.request(shown.matter.number)[0]["description"].startswith("路灯不亮")
    assert client.post(code, description="灯")[0]["code"] == 400
