"""Open data: what is published and nothing else, row by row, safe to open; and the feed by its standard."""

import csv
import json
import tracemalloc
from collections.abc import Iterable
from datetime import datetime
from io import StringIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.ground.matters.models import Matter
from linli.ground.matters.search import index_records
from linli.ground.record.models import Entry, Record
from linli.ground.record.writing import Audience
from linli.ground.territory.models import Unit
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from tests.faces.open311_caller import MASKED, SECRETS, published
from tests.faces.portal_visitor import Visitor
from tests.world import World

CSV, GEOJSON, ATOM = "/open-data/demands.csv", "/open-data/demands.geojson", "/feeds/demands.atom"
NS = {"a": "http://www.w3.org/2005/Atom"}
FORMULAS = ("=1+1", "+1", "-1", "@x", "\t=1+1", " =1+1")


@pytest.fixture
def anyone(world: World) -> Client:
    settings.LINLI_CLOCK.set(world.now)
    return Client()


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode())


def table(client: Client, query: str = "") -> list[dict[str, str]]:
    text = text_of(client.get(CSV + query))
    assert text.startswith("\ufeffnumber,")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def features(client: Client, query: str = "") -> list[dict[str, Any]]:
    collection = json.loads(text_of(client.get(GEOJSON + query)))
    assert collection["type"] == "FeatureCollection"
    return list(collection["features"])


def feed(client: Client, query: str = "") -> ET.Element:
    return ET.fromstring(text_of(client.get(ATOM + query)))  # noqa: S314 -- our own


def entries(client: Client, query: str = "") -> list[str]:
    return [each.findtext("a:title", "", NS) for each in feed(client, query).iterfind("a:entry", NS)]


def test_the_table_tells_of_a_published_demand(world: World, anyone: Client) -> None:
    case = published(world)
    CASES.actions["rate_case"](case.pk, actor=world.resident, now=world.now, rating=5)
    number = case.matter.number
    assert table(anyone) == [
        {
            "number": number,
            "title": MASKED["title"],
            "text": MASKED["text"],
            "reply": MASKED["reply"],
            "state": "closed",
            "status": "已结案",
            "topic": "路灯",
            "place_code": "990104001001",
            "place": "A1社区",
            "holder": "甲街道城市管理部",
            "opened_at": "2026-03-03T10:00:00+08:00",
            "closed_at": "2026-03-03T10:00:00+08:00",
            "published_at": "2026-03-03T10:00:00+08:00",
            "rating": "5",
            "rating_counts": "true",
            "url": f"http://testserver/cases/{number}/",
        }
    ]
    assert anyone.get(f"/cases/{number}/").status_code == 200


def test_a_point_is_the_middle_of_the_community_and_says_so(world: World, anyone: Client) -> None:
    case = published(world)
    Case.objects.filter(pk=case.pk).update(longitude=118.0123, latitude=32.0123)
    Unit.objects.filter(code="990104001001").update(longitude=118.1, latitude=32.05)
    (feature,) = features(anyone)
    assert feature["id"] == case.matter.number
    assert feature["properties"]["point_is"] == "middle_of_place"
    assert feature["geometry"] == {"type": "Point", "coordinates": [118.1, 32.05]}
    assert "118.0123" not in json.dumps(feature)
    Unit.objects.filter(code="990104001001").update(longitude=None, latitude=None)
    (feature,) = features(anyone)
    assert (feature["geometry"], feature["properties"]["point_is"]) == (None, None)


def everything(client: Client) -> str:
    return "".join(text_of(client.get(address)) for address in (CSV, GEOJSON, ATOM))


def test_nothing_else_is_told(world: World, anyone: Client) -> None:
    shown, withheld, taken = published(world), published(world, title="已扣下"), published(world, title="已收回")
    Matter.objects.filter(pk=withheld.pk).update(withheld=True)
    CASES.actions["unpublish_case"](taken.pk, actor=world.resident, now=world.now, reason="不想公开了。")
    world.case_of(state="closed", title="没有公开的标题", text="没有公开的内容")
    told = everything(anyone)
    assert shown.matter.number in told
    for canary in (*SECRETS, "已扣下", "已收回", "没有公开", "青年路", "已到现场更换灯泡", "居民甲", "13800001234"):
        assert canary not in told, canary


def test_publishing_again_tells_the_newest_texts_alone(world: World, anyone: Client) -> None:
    case = published(world)
    CASES.actions["publish_case"](
        case.pk, actor=world.clerk_of(), now=world.later(hours=1), title="改过的标题", text="改过的内容。", reply=""
    )
    told = everything(anyone)
    assert "改过的内容" in told
    assert MASKED["text"] not in told


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula(world: World, anyone: Client, formula: str) -> None:
    published(world, title=formula, text=formula, reply=formula)
    (row,) = table(anyone)
    for name in ("title", "text", "reply"):
        assert row[name].startswith("'")


def test_filters_are_those_of_the_public_list(world: World, anyone: Client) -> None:
    lamp = published(world)
    rubbish = published(world, "B", title="垃圾没有清运", text="垃圾堆了两天。", reply="已清。")
    index_records(list(Record.objects.select_related("entry").order_by("id")))
    numbers = {"lamp": lamp.matter.number, "rubbish": rubbish.matter.number}
    for query, found in (
        ("", {"lamp", "rubbish"}),
        ("?q=垃圾", {"rubbish"}),
        ("?place=990104001000", {"lamp"}),
        ("?state=closed&place=990104002000", {"rubbish"}),
        ("?state=replied", set()),
    ):
        wanted = {numbers[name] for name in found}
        assert {row["number"] for row in table(anyone, query)} == wanted, query
        assert {each["id"] for each in features(anyone, query)} == wanted, query
        assert len(entries(anyone, query)) == len(wanted), query


@pytest.mark.parametrize("address", [CSV, GEOJSON, ATOM])
@pytest.mark.parametrize("query", ["?place=123", "?state=received"])
def test_a_filter_that_means_nothing_is_refused(anyone: Client, address: str, query: str) -> None:
    assert anyone.get(address + query).status_code == 400


@pytest.mark.parametrize("address", [CSV, GEOJSON, ATOM])
def test_everybody_may_keep_it_for_some_minutes(anyone: Client, address: str) -> None:
    answer = anyone.get(address)
    assert answer["Cache-Control"] == "public, max-age=300"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies


def many(world: World, rows: int) -> None:
    """Published demands, each with a long text, written row by row."""
    case = published(world)
    matter = Matter.objects.get(pk=case.pk)
    matters = [_like(matter, number=f"29{count:08d}", code_digest="") for count in range(rows)]
    made = Matter.objects.bulk_create(matters)
    Case.objects.bulk_create(_like(case, matter=each) for each in made)
    record = Record.objects.filter(event="publish_case").latest("id")
    records = Record.objects.bulk_create(_like(record, subject=each.number) for each in made)
    texts = {"public_title": "路灯", "public_text": "灯" * 1500, "public_reply": ""}
    Entry.objects.bulk_create(
        Entry(record=row, matter=each.pk, audience=Audience.PUBLIC, texts=texts, salt=b"0" * 16)
        for row, each in zip(records, made, strict=True)
    )


def _like(row: Any, **other: Any) -> Any:
    """Another row with the same columns, but for these."""
    names = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    return type(row)(**({name: getattr(row, name) for name in names} | other))


def drained(pieces: Iterable[bytes]) -> tuple[int, int]:
    """How much came, and how much memory that took at most."""
    tracemalloc.start()
    size = sum(len(piece) for piece in pieces)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return size, peak


@pytest.mark.parametrize("address", [CSV, GEOJSON])
def test_it_is_written_while_it_is_read(world: World, anyone: Client, address: str) -> None:
    with CaptureQueriesContext(connection) as first:
        text_of(anyone.get(address))
    many(world, 3000)
    with CaptureQueriesContext(connection) as asked:
        answer = anyone.get(address)
        size, peak = drained(answer.streaming_content)  # type: ignore[arg-type]
    assert size > 13_000_000
    assert peak < 6_000_000
    assert len(asked) == len(first) <= 4


def test_the_feed_has_what_the_standard_asks_for(world: World, anyone: Client) -> None:
    case = published(world, text="灯<不>亮 & 又\x0b坏了。")
    root = feed(anyone)
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    assert root.findtext("a:author/a:name", "", NS) == "青溪区"
    (entry,) = root.findall("a:entry", NS)
    for element in (root, entry):
        for name in ("id", "title", "updated"):
            (found,) = element.findall(f"a:{name}", NS)
            assert found.text
        assert element.findtext("a:id", "", NS).startswith("http://testserver/")
        assert datetime.fromisoformat(element.findtext("a:updated", "", NS)).tzinfo
        assert [each.get("href") for each in element.findall("a:link[@rel='alternate']", NS)]
    (own,) = root.findall("a:link[@rel='self']", NS)
    assert own.get("href") == "http://testserver/feeds/demands.atom"
    assert entry.findtext("a:id", "", NS) == f"http://testserver/cases/{case.matter.number}/"
    assert "灯<不>亮 & 又坏了。" in entry.findtext("a:summary", "", NS)
    assert anyone.get(ATOM)["Content-Type"].startswith("application/atom+xml")


def test_a_feed_of_nothing_is_a_feed_and_one_of_a_street_has_its_own_id(world: World, anyone: Client) -> None:
    root = feed(anyone)
    assert root.findtext("a:updated", "", NS)
    assert entries(anyone) == []
    ids = {feed(anyone, f"?place={code}").findtext("a:id", "", NS) for code in ("990104001000", "990104002000")}
    assert len(ids | {root.findtext("a:id", "", NS)}) == 3


def test_a_feed_holds_fifty_with_a_constant_number_of_questions(world: World, anyone: Client) -> None:
    published(world)
    with CaptureQueriesContext(connection) as first:
        entries(anyone)
    many(world, 60)
    with CaptureQueriesContext(connection) as asked:
        assert len(entries(anyone)) == 50
    assert len(asked) == len(first) <= 3


def test_the_public_list_leads_to_them_with_its_filters(world: World) -> None:
    published(world)
    page = Visitor(world).read("public_cases", "?place=990104001000")
    for address, kind in ((CSV, "text/csv"), (GEOJSON, "application/geo+json"), (ATOM, "application/atom+xml")):
        assert f'<link rel="alternate" type="{kind}"' in page
        assert f'<a href="{address}?place=990104001000">' in page
