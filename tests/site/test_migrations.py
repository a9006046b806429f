"""Migrations over data: what stood in the tables before stands rightly in them afterwards."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations import RunPython, RunSQL
from django.db.migrations.executor import MigrationExecutor

from linli.ground.matters.models import Matter
from linli.ground.notices.models import Notice
from linli.ground.people.models import Account, Appointment
from linli.ground.record import triggers
from linli.services.cases.models import Case, CaseImport

pytestmark = pytest.mark.installation

# The first state that installations may have been in.
PAST = [
    ("territory", "0001_initial"),
    ("organizations", "0001_initial"),
    ("people", "0001_initial"),
    ("matters", "0002_search"),
    ("notices", "0001_initial"),
    ("cases", "0001_initial"),
]
AT, WARN, DUE = (datetime(2026, 3, day, 2, tzinfo=UTC) for day in (2, 6, 9))


def migrate(targets: Any) -> None:
    MigrationExecutor(connection).migrate(targets)


@pytest.fixture
def _open_record(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The record lets itself be emptied when the test is over: this is set up before, and taken down after that."""
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        triggers.drop(None, editor)
    yield
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        triggers.create(None, editor)


@pytest.fixture
def past(_open_record: None, transactional_db: None) -> Iterator[Any]:
    """The models of the past, over empty tables of the past; at the end the tables are those of today again."""
    migrate(PAST)
    yield MigrationExecutor(connection).loader.project_state(PAST).apps
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())


def district(apps: Any) -> SimpleNamespace:
    """A district with an office, somebody with an account, and a topic of seven days."""
    unit = apps.get_model("territory", "Unit").objects.create(
        path="0001",
        depth=1,
        level="district",
        code="990104000000",
        name="青溪区",
        valid_from=date(2026, 1, 1),
        checksum=1,
    )
    organizations = apps.get_model("organizations", "Organization").objects
    person = apps.get_model("people", "Person").objects.create(name="程采薇", phone="13800000001")
    account = apps.get_model("people", "Account")(person=person, login="cheng", password="x", failed_attempts=3)
    account.save()
    return SimpleNamespace(
        unit=unit,
        office=organizations.create(path="0001", depth=1, kind="district_centre", name="受理中心", area=unit),
        blamed=organizations.create(path="0002", depth=1, kind="district_department", name="城管局", area=unit),
        person=person,
        topic=apps.get_model("catalogue", "Topic").objects.create(path="0001", depth=1, name="路灯", promised_days=7),
    )


def demand(apps: Any, there: SimpleNamespace, number: str, **columns: Any) -> Any:
    matter = apps.get_model("matters", "Matter").objects.create(
        number=number, kind="case", title="路灯不亮", place=there.unit, place_path="0001", holder=there.office,
        holder_path="0001", desk=there.office, desk_path="0001", filer=there.person, state="received",
        procedure_version=1, visibility="private", opened_at=AT, clock_start=AT.date(), clock_days=5, due_at=DUE,
    )  # fmt: skip
    return apps.get_model("cases", "Case").objects.create(
        matter=matter, channel="web", first_contact=there.office, **columns
    )


def test_what_was_promised_warned_and_complained_of_is_carried_on(past: Any) -> None:
    there = district(past)
    demand(past, there, "1", topic=there.topic, warn_at=WARN, complained_of=there.blamed)
    demand(past, there, "2")
    uploads = past.get_model("cases", "CaseImport").objects
    uploads.create(file_name="旧表.xlsx", path="a.xlsx", channel="platform", uploaded_at=AT)
    record = past.get_model("record", "Record").objects.create(at=AT, event="receive_case")
    past.get_model("notices", "Notice").objects.create(
        record=record, person=there.person, matter_id=past.get_model("matters", "Matter").objects.get(number="1").pk,
        event="receive_case", as_staff=False, at=AT, sent_at=AT,
    )  # fmt: skip

    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())

    filed, unfiled = Case.objects.select_related("matter").order_by("matter__number")
    assert (filed.promised_days, unfiled.promised_days) == (7, 5), "the topic's days, or else those that are running"
    assert (filed.matter.warn_at, unfiled.matter.warn_at) == (WARN, None)
    assert (filed.matter.recused_path, unfiled.matter.recused_path) == ("0002", "")
    assert (filed.extended_days, filed.called_at, filed.confirmed_at, filed.supplement_asked_at) == (
        0,
        None,
        None,
        None,
    )
    assert filed.extension_asked_by is None
    assert (filed.topic_id, filed.complained_of_id) == (there.topic.pk, there.blamed.pk)
    assert (filed.matter.due_at, filed.matter.clock_days) == (DUE, 5)
    assert CaseImport.objects.get().area_path == "0001", "who saw every import before still does"
    told = Notice.objects.get()
    assert (told.gathered_at, told.digest) == (AT, None)
    account = Account.objects.select_related("person").get()
    assert (account.login, account.person.name, account.person.phone) == ("cheng", "程采薇", "13800000001")


@pytest.mark.once
def test_an_installation_without_a_district_is_carried_on_too(past: Any) -> None:
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
    assert not CaseImport.objects.exists()
    assert not Matter.objects.exists()


@pytest.mark.once
@pytest.mark.django_db
def test_every_step_in_code_says_how_to_go_back() -> None:
    loader = MigrationExecutor(connection).loader
    own = [each for each in loader.disk_migrations.values() if type(each).__module__.startswith("linli.")]
    steps = [(each, step) for each in own for step in each.operations if isinstance(step, RunPython | RunSQL)]
    assert len(steps) >= 6
    assert [str(each) for each, step in steps if not step.reversible] == []


def test_the_one_administrator_is_the_system_administrator(past: Any) -> None:
    there = district(past)
    appointments = past.get_model("people", "Appointment").objects
    for role in ("administrator", "auditor"):
        appointments.create(person=there.person, organization=there.office, role=role, starts=AT.date())

    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())

    assert sorted(Appointment.objects.values_list("role", flat=True)) == ["auditor", "system_administrator"]
