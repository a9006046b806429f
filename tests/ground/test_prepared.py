"""Statements compiled once give and write what the ORM would."""

from itertools import product
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from linli.ground.matters.action import lock
from linli.ground.matters.models import Matter
from linli.ground.organizations.models import Organization
from linli.ground.organizations.selectors import may_hold, organization, possible_holders, service_centre_of
from linli.ground.record import prepared
from linli.ground.record.models import Entry, Record
from linli.ground.record.prepared import changed_fields, insert_rows, insert_values, update_row, values_of
from linli.ground.territory.models import Unit
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from tests.world import World


def columns(row: object) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


def test_a_locked_row_is_the_row(world: World) -> None:
    made = [world.case_of(state="replied").pk, world.case_of(state="accepted").pk]
    for key in made:
        with transaction.atomic():
            row = lock(CASES, key)
        same = Case.objects.select_related("matter").get(pk=key)
        assert columns(row) == columns(same)
        assert columns(row.matter) == columns(same.matter)
        assert row.matter.case is row
        assert row == same


@pytest.mark.once
def test_whether_queries_are_counted_changes_nothing(world: World, django_assert_num_queries: Any) -> None:
    key = world.case_of(state="replied").pk
    with transaction.atomic():
        row = lock(CASES, key)
        with django_assert_num_queries(1):
            counted = lock(CASES, key)
    assert columns(row) == columns(counted)
    assert columns(row.matter) == columns(counted.matter)


@pytest.mark.once
def test_what_the_database_refuses_is_told_as_ever(world: World, django_assert_num_queries: Any) -> None:
    twice = Matter.objects.get(pk=world.case_of(state="accepted").pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([Matter(**columns(twice) | {"id": None})])
    # a savepoint, the row, and the savepoint taken back and let go
    with django_assert_num_queries(4), pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([Matter(**columns(twice) | {"id": None})])
    assert Matter.objects.filter(number=twice.number).count() == 1


@pytest.mark.once
def test_a_broken_transaction_takes_no_more_statements(world: World) -> None:
    key = world.case_of(state="accepted").pk
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            lock(CASES, key)


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_outside_of_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        lock(CASES, 1)


def test_only_what_has_changed_is_written(world: World) -> None:
    key = world.case_of(state="accepted").pk
    with transaction.atomic():
        matter = lock(CASES, key).matter
        before = values_of(matter)
        matter.title = "另一个标题"
        assert [field.attname for field in changed_fields(matter, before)] == ["title"]
        Matter.objects.filter(pk=key).update(public_title="同时写下的")
        update_row(matter, changed_fields(matter, before))
    assert Matter.objects.values_list("title", "public_title").get(pk=key) == ("另一个标题", "同时写下的")


def test_a_list_that_was_changed_in_place_is_written(world: World) -> None:
    office = organization(world.office["urban_management A"].pk)
    before = values_of(office)
    office.former_paths.append("0009")
    update_row(office, changed_fields(office, before))
    assert Organization.objects.get(pk=office.pk).former_paths == ["0009"]


def test_a_row_that_is_gone_is_not_written(world: World) -> None:
    office = organization(world.office["urban_management A"].pk)
    office.pk = 0
    with pytest.raises(DatabaseError):
        update_row(office, [Organization._meta.get_field("name")])


def test_who_may_hold_is_among_the_possible_holders(world: World) -> None:
    offices = list(Organization.objects.all())
    Organization.objects.filter(pk=offices[-1].pk).update(active=False)
    for place, recused in product(Unit.objects.all(), ["", offices[1].path, offices[-2].path]):
        possible = set(possible_holders(place, recused_path=recused).values_list("pk", flat=True))
        assert {each.pk for each in offices if may_hold(each.pk, place.path, recused_path=recused)} == possible


def test_the_centre_of_a_place_is_that_of_its_street(world: World) -> None:
    for place in Unit.objects.all():
        centre = service_centre_of(place)
        if place.depth == 1:
            assert centre.kind == "district_centre"
        else:
            assert centre.area is not None
            assert place.path.startswith(centre.area.path)


@pytest.mark.parametrize("most", [30_000, 5 * len(Matter._meta.concrete_fields)])
def test_many_rows_are_written_as_the_orm_would(world: World, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Also where a column holds nothing in some rows or in all, and in the order of the rows."""
    monkeypatch.setattr(prepared, "MOST_VALUES", most)
    model = columns(Matter.objects.get(pk=world.case_of(state="accepted").pk)) | {"id": None}
    rows = [
        Matter(
            **model | {"number": f"n{each}", "title": f'{{"{each}\\}}', "closed_at": world.now if each % 3 else None}
        )
        for each in range(12)
    ]
    insert_rows(rows)
    insert_rows([])
    found = list(Matter.objects.filter(number__startswith="n").order_by("pk"))
    assert [columns(row) for row in rows] == [columns(row) for row in found]
    assert [row.number for row in found] == [f"n{each}" for each in range(12)]
    assert not any(row._state.adding for row in rows)
    records = [
        Record(at=world.now, event="x", codes={"引号": ['"', "\\", None, each]}, digests={}) for each in range(3)
    ]
    insert_rows(records)
    insert_values(
        Entry,
        [
            {
                "record_id": row.pk,
                "matter": None,
                "actor": None,
                "actor_name": "",
                "office_title": "",
                "audience": "staff",
            }
            | {"texts": {"text": f"{{\n'{row.pk}'"}, "salt": bytes([row.pk % 256, 0, 92])}
            for row in records
        ],
    )
    for row in records:
        entry = Entry.objects.select_related("record").get(pk=row.pk)
        assert columns(entry.record) == columns(row)
        assert (entry.matter, entry.actor, entry.texts) == (None, None, {"text": f"{{\n'{row.pk}'"})
        assert bytes(entry.salt) == bytes([row.pk % 256, 0, 92])
