"""Each operation of Open311 against the JSON schemas of the specification, which lie outside of the repository."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from linli.kernel.access import Role
from tests.faces.open311_caller import Caller, published
from tests.world import World

pytestmark = [pytest.mark.real_data, pytest.mark.once]
DATA = Path(os.environ.get("LINLI_DATA") or Path(__file__).parents[3] / "shared" / "data")
FOLDER = DATA / "open311" / "georeport-v2"
Check = Callable[[str, Any], None]


@pytest.fixture(scope="module")
def check() -> Check:
    if not FOLDER.is_dir():
        pytest.skip(f"the schemas of Open311 are not at {FOLDER}; LINLI_DATA names the folder with the real data")
    schemas = {path.name: json.loads(path.read_text()) for path in FOLDER.glob("*.json")}
    resources = [(name, Resource(each, DRAFT7)) for name, each in schemas.items()]
    registry: Registry[Any] = Registry().with_resources(resources)

    def checking(name: str, value: Any) -> None:
        faults = list(Draft7Validator(schemas[name], registry=registry).iter_errors(value))
        assert faults == []

    return checking


def test_the_schemas_find_what_is_wrong(check: Check) -> None:
    with pytest.raises(AssertionError):
        check("requests.json", [{"status": "done"}])
    with pytest.raises(AssertionError):
        check("services.json", [{"service_code": 1}])


def test_services_and_their_definitions_are_valid(world: World, check: Check) -> None:
    status, services = Caller(world).ask("services.json")
    assert (status, len(services)) == (200, 3)
    check("services.json", services)
    for each in services:
        definition = Caller(world).ask(f"services/{each['service_code']}.json")[1]
        assert isinstance(definition, dict)
        assert definition["attributes"]
        check("service-definition.json", definition)


def test_requests_are_valid_in_the_list_alone_and_by_key(world: World, check: Check) -> None:
    number = published(world).matter.number
    window = Caller(world, world.account(Role.WINDOW_CLERK, "citizen_service_center A"))
    status, (taken,) = window.report(lat="32.05", long="118.05", service_code=str(world.topic.pk))
    assert status == 200, taken
    listed = window.ask("requests.json")[1]
    alone = window.ask(f"requests/{number}.json")[1]
    own = window.ask(f"requests/{taken['service_request_id']}.json", api_key=window.key)[1]
    for each in (listed, alone, own):
        assert len(each) == 1
        check("requests.json", each)
        check("request.json", each[0])


def test_what_is_answered_to_a_new_request_is_as_the_definitions_say(world: World, check: Check) -> None:
    window = Caller(world, world.account(Role.WINDOW_CLERK, "citizen_service_center A"))
    definitions = json.loads((FOLDER / "swagger.json").read_text())["definitions"]
    status, answer = window.report()
    assert status == 200
    for name in definitions["RequestResponse"]["properties"]:
        assert name in answer[0] or name == "token", name
    number = published(world).matter.number
    assert set(window.ask(f"tokens/{number}.json")[1][0]) == set(definitions["TokenResponse"]["properties"])
