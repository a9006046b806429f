"""Whom to call: the district centre's name and telephone at the foot of every page and on pages that did not work."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.demo.offices import establish_offices
from linli.ground.look import views
from linli.ground.organizations.actions.change_phone import change_phone
from linli.ground.organizations.models import Kind, Organization, StreetUnit
from linli.ground.organizations.selectors import Contact
from linli.ground.record.models import Record
from linli.ground.territory.actions.found_district import found_district
from linli.ground.territory.rules.plan import DistrictPlan
from linli.kernel.access import SYSTEM
from tests.faces.portal_visitor import Visitor
from tests.world import NOW, World, planned_units

pytestmark = pytest.mark.once

PHONE = "025-84660000"
LINE = ('href="tel:02584660000"', "青溪区受理中心", PHONE)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


@pytest.fixture
def visitor(world: World) -> Visitor:
    change_phone(world.office["centre"], phone=f" {PHONE} ", actor=SYSTEM, now=world.now)
    return Visitor(world, raise_request_exception=False)


def test_a_telephone_is_changed_on_the_record(world: World) -> None:
    centre = world.office["centre"]
    change_phone(centre, phone=PHONE, actor=SYSTEM, now=world.now)
    assert Organization.objects.get(pk=centre.pk).phone == PHONE
    row = Record.objects.get(event="change_phone")
    assert (row.subject, row.codes) == (f"organization:{centre.pk}", {"kind": "district_centre"})


@pytest.mark.parametrize("name", ["home", "file_case", "look_up_case", "public_cases", "checkpoints", "sign_in"])
def test_every_page_of_the_portal_says_whom_to_call(visitor: Visitor, name: str) -> None:
    footer = visitor.read(name).partition("<footer")[2]
    assert all(part in footer for part in LINE)


def test_it_is_asked_for_once_a_minute(visitor: Visitor) -> None:
    visitor.read("look_up_case")
    with CaptureQueriesContext(connection) as asked:
        visitor.read("look_up_case")
    assert not [each for each in asked.captured_queries if "organizations_organization" in each["sql"]]


def test_pages_that_did_not_work_say_whom_to_call(visitor: Visitor, world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    answers: dict[int, Any] = {
        404: visitor.get("/nowhere/"),
        403: strict.post(reverse("sign_in"), {"login": "a"}),
    }
    visitor.sign_in(world.resident_account)
    for status, answer in answers.items():
        assert answer.status_code == status
        assert all(part in answer.content.decode() for part in LINE), status
    refused = visitor.get(reverse("inbox"))
    assert refused.status_code == 403
    assert all(part in refused.content.decode() for part in LINE)


def test_too_many_guesses_are_told_whom_to_call(visitor: Visitor) -> None:
    for _ in range(11):
        answer = visitor.post(reverse("look_up_case"), {"number": "2026030300000000", "code": "AAAAAAAAAA"})
    assert answer.status_code == 429
    assert all(part in answer.content.decode() for part in LINE)


def test_a_failure_says_it_without_the_database(visitor: Visitor, rf: Any) -> None:
    visitor.read("home")
    with CaptureQueriesContext(connection) as asked:
        page = views.broken(rf.get("/")).content.decode()
    assert all(part in page for part in LINE)
    assert len(asked) == 0
    cache.clear()
    assert 'href="tel:12345"' in views.broken(rf.get("/")).content.decode()
    assert len(asked) == 0


def test_without_a_telephone_there_is_the_hotline(world: World) -> None:
    footer = Visitor(world).read("home").partition("<footer")[2]
    assert 'href="tel:12345"' in footer
    assert "青溪区受理中心" not in footer


@pytest.mark.parametrize(
    ("phone", "dialled"),
    [("025-84660000", "02584660000"), ("025 8466 0000 转 8001", "02584660000"), ("+86 (25) 84660000", "+862584660000")],
)
def test_what_a_telephone_dials(phone: str, dialled: str) -> None:
    assert Contact("中心", phone).dial == dialled


def test_the_centres_of_the_sample_district_have_telephones(db: None) -> None:
    found_district(DistrictPlan(tuple(planned_units())), actor=SYSTEM, now=NOW)
    establish_offices(NOW)
    centres = Organization.objects.filter(kind=Kind.DISTRICT_CENTRE)
    streets = Organization.objects.filter(street_unit=StreetUnit.CITIZEN_SERVICE_CENTER)
    phones = [*centres.values_list("phone", flat=True), *streets.order_by("path").values_list("phone", flat=True)]
    assert phones == ["025-84660000", "025-84660001", "025-84660002"]
