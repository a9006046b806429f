"""Lists compiled once for each shape of their conditions give what the ORM gives."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Count, F, Q

from linli.ground.matters.models import Matter
from linli.ground.matters.scope import subtree
from linli.ground.record.shaped import Shaped
from tests.world import World

COLUMNS = ("id", "number", "title", "state", "place__name", "filer", "opened_at", "withheld", "clock_start")


def rows(condition: Q) -> Any:
    return Matter.objects.filter(condition).order_by("-opened_at", "-id").values(*COLUMNS)[:5]


@pytest.fixture
def matters(world: World) -> World:
    for state in ("received", "accepted", "replied"):
        world.case_of(state=state)
    world.receive()
    return world


def conditions(world: World) -> list[Q]:
    matter = Matter.objects.order_by("id")[0]
    return [
        Q(),
        Q(kind="case"),
        Q(kind="case", state="received"),
        Q(kind="case", state="accepted"),
        Q(state__in=["received", "replied"]),
        Q(state__in=["received"]),
        Q(state__in=()),
        ~Q(state__in=["received", "replied"]) & Q(withheld=False),
        subtree("place_path", matter.place_path) | Q(filer=uuid4()),
        Q(filer=matter.filer_id) if matter.filer_id else Q(filer__isnull=True),
        Q(opened_at__lte=world.now) & Q(opened_at__gt=world.now - timedelta(days=900)),
        Q(opened_at__lt=world.now - timedelta(days=900)),
        Q(clock_start__lte=world.now.date()),
        Q(id=matter.pk),
        Q(id__gt=matter.pk, closed_at__isnull=True),
        Q(title__startswith="路"),
        Q(opened_at__lt=F("due_at")),
        Q(pk__in=Matter.objects.filter(state="received").values("pk")),
    ]


def test_each_condition_finds_what_the_orm_finds(matters: World) -> None:
    shaped = Shaped(rows)
    for condition in conditions(matters) * 2:
        assert shaped.dicts(condition) == list(rows(condition)), condition


def test_counts_come_under_their_names(matters: World) -> None:
    shaped = Shaped(
        lambda given: Matter.objects.filter(given).values("state").annotate(n=Count("id")).order_by("state")
    )
    counted = Matter.objects.filter(kind="case").values("state").annotate(n=Count("id")).order_by("state")
    assert shaped.dicts(Q(kind="case")) == list(counted)


def test_one_shape_is_compiled_once(matters: World) -> None:
    asked: list[Q] = []

    def noted(condition: Q) -> Any:
        asked.append(condition)
        return rows(condition)

    shaped = Shaped(noted)
    for state in ("received", "accepted", "replied", "closed"):
        shaped.dicts(Q(kind="case", state=state))
    assert len(asked) == 1
    shaped.dicts(Q(kind="case", state__in=["received", "closed"]))
    assert len(asked) == 2


def test_whether_queries_are_counted_changes_nothing(matters: World, django_assert_num_queries: Any) -> None:
    shaped = Shaped(rows)
    found = shaped.dicts(Q(kind="case"))
    with django_assert_num_queries(1):
        assert shaped.dicts(Q(kind="case")) == found
