"""The commands of organizations: what they establish, close and refuse."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from linli.ground.organizations.models import Organization
from linli.ground.organizations.selectors import possible_holders
from linli.ground.record.models import Record
from linli.kernel.identity import uscc_fault, with_check_digit
from linli.site.commands.organizations import organizations
from tests.services.reforming import A1, COMMITTEES, UNITS, reformed
from tests.world import NOW, Snapshot, World

USCC = with_check_digit("52990000L1NL10001")


@pytest.fixture(autouse=True)
def _fixed_clock() -> None:
    settings.LINLI_CLOCK.set(NOW)


def run(*arguments: object) -> Result:
    result: Any = CliRunner().invoke(organizations, [str(each) for each in arguments])
    return result


def test_a_social_organization_with_its_code_and_street(world: World) -> None:
    assert uscc_fault(USCC) is None
    street = world.street["A"]
    done = run(
        "add", "甲街道互助社", "--kind", "social_organization", "--area", street.code, "--uscc", USCC.lower(), "--json"
    )
    assert done.exit_code == 0, done.output
    row = Organization.objects.get(pk=json.loads(done.output)["id"])
    assert (row.kind, row.area, row.uscc) == ("social_organization", street, USCC)
    assert Record.objects.filter(event="establish_organization", subject=f"organization:{row.pk}").exists()
    listed = json.loads(run("list", "--kind", "social_organization", "--json").output)
    assert [each["name"] for each in listed] == ["甲街道互助社"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--uscc", USCC[:-1] + "A" if USCC[-1] != "A" else USCC[:-1] + "B"), "统一社会信用代码"),
        (("--area", "999999999999"), "no street or community"),
        (("--under", "没有这个单位"), "no organization is called"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(world: World, options: tuple[str, str], said: str) -> None:
    snapshot = Snapshot()
    done = run("add", "某单位", "--kind", "resident_unit", *options)
    assert done.exit_code == 1
    assert said in done.output
    assert snapshot.unchanged()


def test_nothing_is_established_in_a_unit_that_has_ended(world: World) -> None:
    reformed(world, [UNITS], [COMMITTEES])
    assert "has ended" in run("add", "某单位", "--kind", "resident_unit", "--area", A1).output


def test_a_name_stands_for_one_organization(world: World) -> None:
    name = world.office["department"].name
    assert "is there already" in run("add", name, "--kind", "district_department").output


def test_a_centre_is_given_its_telephone(world: World) -> None:
    centre = world.office["centre"]
    assert json.loads(run("phone", centre.name, "025-84660000", "--json").output)["phone"] == "025-84660000"
    assert Organization.objects.get(pk=centre.pk).phone == "025-84660000"
    snapshot = Snapshot()
    assert run("phone", centre.name, "0" * 31).exit_code == 1
    assert "no organization is called" in run("phone", "没有这个单位", "1").output
    assert snapshot.unchanged()


def test_a_closed_unit_takes_on_nothing_more(world: World) -> None:
    department = world.office["department"]
    assert "stand below" in run("close", world.office["street A"].name).output
    assert run("close", department.name).exit_code == 0
    assert department not in possible_holders(world.community["A1"])
    assert Record.objects.filter(event="close_organization").exists()
    assert "no organization is called" in run("close", department.name).output
