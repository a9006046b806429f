"""Bar: a community with two thousand open matters and five thousand homes is split within a minute."""

import time
from collections import Counter
from typing import Any

import pytest
from django.db import connection

from linli.ground.people.models import Dwelling
from linli.ground.record.models import Record
from linli.services.cases.models import Case
from tests.services.reforming import A3, A4, SPLIT_COMMITTEES, SPLIT_UNITS, reformed
from tests.services.test_reforms import give
from tests.world import World

MATTERS, HOMES, SECONDS = 2_000, 5_000, 60


@pytest.mark.bar
def test_a_large_community_is_split_within_a_minute(world: World) -> None:
    for number in range(MATTERS):
        case = world.receive(longitude=118.0001 + number * 0.1999 / MATTERS, latitude=32.05).row
        give(case, world.office["committee A1"])
    Dwelling.objects.bulk_create(
        [
            Dwelling(community=world.community["A1"], address=f"{'梧桐' if number % 2 else '槐树'}路{number}号")
            for number in range(HOMES)
        ],
        500,
    )
    asked: Counter[str] = Counter()

    def counting(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked[sql.split("(", maxsplit=1)[0][:60]] += 1
        return execute(sql, params, many, context)

    began = time.monotonic()
    with connection.execute_wrapper(counting):
        result = reformed(world, [SPLIT_UNITS], [SPLIT_COMMITTEES])
    took = time.monotonic() - began
    print(f"{took:.1f} s, {asked.total()} queries, {asked.total() / MATTERS:.1f} for each matter")
    assert (result.matters, result.homes) == ({"case": MATTERS}, HOMES)
    assert Record.objects.filter(event="follow_reform").count() == MATTERS
    for code in (A3, A4):
        assert Case.objects.filter(matter__place__code=code).count() == MATTERS // 2
        assert Dwelling.objects.filter(community__code=code).count() == HOMES // 2
    assert took < SECONDS
    assert asked.total() / MATTERS < 10
