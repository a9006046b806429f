"""Bar: two-character words in 100,000 texts, found through an index and fast on both databases."""

import random
import statistics
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q

from linli.ground.matters.models import Matter
from linli.ground.matters.search import STAFF_INDEX, find, matching, write_documents
from tests.world import World

TEXTS = 100_000
LENGTH = (60, 400)
COMMON = "路灯垃圾噪音电梯停车消防绿化排水物业维修补贴学校公交施工违建充电楼道小区居民希望解决问题反映情况处理"
QUERIES = ("路灯", "垃圾", "噪音", "电梯", "停车", "消防", "绿化", "排水", "物业", "维修", "补贴", "学校")


def _texts(count: int) -> list[tuple[int, str, str, str]]:
    draw = random.Random(11)
    characters = [chr(draw.randrange(0x4E00, 0x9FA0)) for _ in range(2500)]
    words = [COMMON[i : i + 2] for i in range(0, len(COMMON), 2)]
    rows = []
    for number in range(1, count + 1):
        size = draw.randint(*LENGTH) // 2
        pieces = draw.choices(characters, k=size)
        for word in draw.sample(words, 3):
            pieces.insert(draw.randrange(size), word)
        text = "".join(pieces)
        rows.append((number, text[:20], text, ""))
    return rows


def _matters(world: World, count: int) -> None:
    """Bare rows: what is measured is the search over them, not how they came to be."""
    example = world.receive().matter
    values = {field.attname: getattr(example, field.attname) for field in Matter._meta.concrete_fields}
    Matter.objects.all().exclude(pk=example.pk).delete()
    rows = [
        Matter(
            **values
            | {"id": example.pk + number, "number": f"m{number}", "opened_at": world.now + timedelta(seconds=number)}
        )
        for number in range(1, count + 1)
    ]
    Matter.objects.bulk_create(rows, batch_size=2000)


@pytest.mark.bar
def test_two_character_words_in_many_texts(world: World) -> None:
    _matters(world, TEXTS)
    first = Matter.objects.order_by("id").values_list("id", flat=True)[0]
    documents = [(first + number, title, text, reply) for number, title, text, reply in _texts(TEXTS)]
    for start in range(0, TEXTS, 5000):
        write_documents(STAFF_INDEX, documents[start : start + 5000])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
    condition = Q(withheld=False, place_path__gte="0001", place_path__lte="0001" + "Z" * 60)
    seconds = []
    for word in QUERIES * 5:
        began = time.perf_counter()
        hits = find(word, condition, public=False)
        seconds.append(time.perf_counter() - began)
        assert hits
        assert all(word in documents[hit.matter - first - 1][2] for hit in hits[:20])
    p95 = statistics.quantiles(seconds, n=20)[-1]
    median = statistics.median(seconds) * 1000
    print(f"\n{connection.vendor}: {TEXTS} texts, median {median:.1f} ms, p95 {p95 * 1000:.1f} ms")
    assert p95 < 0.5


def test_search_goes_through_the_index(world: World) -> None:
    world.receive()
    found = matching("路灯", public=False)
    assert found is not None
    sql, params = found
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}", params)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert f"{STAFF_INDEX}_words" in plan, plan
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            plan = "\n".join(str(row) for row in cursor.fetchall())
            assert "VIRTUAL TABLE INDEX" in plan, plan
            assert "M" in plan.rsplit(":", 1)[-1], plan
