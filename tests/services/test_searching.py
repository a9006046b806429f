"""The newest matches in scope are found, however many others lie between them."""

from itertools import product

import pytest
from django.db import connection
from django.db.models import Q

from linli.ground.matters import search
from linli.ground.matters.models import Matter
from linli.ground.matters.search import STAFF_INDEX, find, matching, write_documents
from tests.world import World


@pytest.fixture
def matters(world: World) -> list[int]:
    keys = [world.receive().matter.pk for _ in range(12)]
    write_documents(STAFF_INDEX, [(key, "路灯不亮", "路灯坏了", "") for key in keys])
    return keys


@pytest.mark.parametrize(("most", "every"), list(product((1, 2, 5, 50), (1, 2, 5, 100))))
def test_the_newest_in_scope_are_found(
    matters: list[int], monkeypatch: pytest.MonkeyPatch, most: int, every: int
) -> None:
    monkeypatch.setattr(search, "CANDIDATES", most)
    admitted = matters[::every]
    hits = find("路灯", Q(pk__in=admitted), public=False)
    assert sorted((hit.matter for hit in hits), reverse=True) == sorted(admitted, reverse=True)[:most]


def test_a_word_that_nobody_wrote_finds_nothing(matters: list[int]) -> None:
    assert find("井盖", Q(pk__in=matters), public=False) == []


@pytest.mark.skipif(connection.vendor == "postgresql", reason="PostgreSQL reads its own index")
def test_no_more_is_read_than_it_takes(matters: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 2)
    read: list[str] = []

    def note(execute: object, sql: str, params: object, many: object, context: object) -> object:
        read.append(sql)
        return execute(sql, params, many, context)  # type: ignore[operator]

    found = matching("路灯", public=False)
    assert found is not None
    newest = sorted(Matter.objects.values_list("id", flat=True))[:-3:-1]
    with connection.execute_wrapper(note):  # type: ignore[arg-type]
        assert search._newest_first(Q(), *found) == newest
    assert len(read) == 2
