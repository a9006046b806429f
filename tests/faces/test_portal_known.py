"""Whoever writes what several people have told already is told so, may join them, and files all the same."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from linli.ground.people.actions.know_person import know_person
from linli.ground.people.models import Attempt
from linli.ground.record.models import Record
from linli.kernel.access import SYSTEM
from linli.services.cases.models import Case
from linli.site.running import settle
from tests.faces.portal_visitor import Visitor, picture
from tests.world import World

TITLE, TEXT = "小区门口路灯坏了没人修", "小区门口的路灯坏了三天没人修，晚上漆黑一片。"


@pytest.fixture
def told(world: World) -> list[int]:
    """Three people told it."""
    opened = [world.receive(title=TITLE, text=f"{TEXT}{number}号楼的住户。") for number in range(3)]
    settle()
    return [each.matter.pk for each in opened]


@pytest.fixture
def client(world: World) -> Visitor:
    return Visitor(world)


def asked(client: Client, **more: str) -> Any:
    return client.post(reverse("file_known"), {"text": TEXT, "title": TITLE, **more})


def test_only_how_many_where_and_since_when_is_told(world: World, told: list[int], client: Client) -> None:
    page = asked(client).content.decode()
    assert "已有 3 人反映过相近的事" in page
    assert world.community["A1"].name in page
    assert "号楼的住户" not in page
    assert "已有" not in client.post(reverse("file_known"), {"text": "楼上漏水，物业一直不管。"}).content.decode()


def test_two_people_are_not_told_of(world: World, client: Client) -> None:
    for _ in range(2):
        world.receive(title=TITLE, text=TEXT)
    settle()
    assert "已有" not in asked(client).content.decode()


def test_a_demand_that_joins_is_filed_and_noted_for_the_desk(world: World, told: list[int]) -> None:
    visitor = Visitor(world)
    sent = {"text": TEXT, "title": TITLE, "act": "join", "photos": [picture()]}
    assert visitor.post(reverse("file_case"), sent).url == reverse("file_where")
    assert len(visitor.kept("filing")["files"]) == 1, "what was chosen with it is not lost"
    page = visitor.fill(what={"text": TEXT, "title": TITLE}).content.decode()
    assert "您选择了和大家一起反映" in page
    visitor.send()
    case = Case.objects.latest("pk")
    assert Record.objects.get(subject=case.matter.number, event="receive_case").codes["joins"] in told
    assert case.merged_at is None, "the desk decides"


def test_what_is_another_thing_is_not_asked_again_until_other_words_are_typed(told: list[int], client: Client) -> None:
    asked(client, act="apart")
    assert "已有" not in asked(client).content.decode()
    changed = client.post(reverse("file_known"), {"text": f"{TEXT}请快一点。", "title": TITLE})
    assert "已有 3 人" in changed.content.decode()


def test_people_are_counted_by_their_telephone_and_within_one_community(world: World, client: Client) -> None:
    person = know_person(name="居民", phone="13800009999", actor=SYSTEM, now=world.now)
    for _ in range(3):
        world.receive(title=TITLE, text=TEXT, filer=person)
    for place in ("A2", "B1", "B2"):
        world.receive(title=TITLE, text=TEXT, place=world.community[place])
    settle()
    assert "已有" not in asked(client).content.decode()
    for _ in range(2):
        world.receive(title=TITLE, text=TEXT)
    settle()
    assert "已有 3 人" in asked(client).content.decode()


def test_on_the_last_page_without_scripts(world: World, told: list[int], client: Visitor) -> None:
    page = client.fill(what={"text": TEXT, "title": TITLE}).content.decode()
    assert "已有 3 人反映过相近的事" in page
    assert client.post(reverse("file_known"), {"act": "join"}).url == reverse("file_review")
    assert client.kept("filing")["joins"] in told


def test_whoever_asks_too_often_is_answered_nothing(told: list[int], client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("linli.services.cases.portal.known.MOST_IN_AN_HOUR", 1)
    assert "已有 3 人" in asked(client).content.decode()
    noted = Attempt.objects.count()
    assert "已有" not in asked(client).content.decode()
    assert Attempt.objects.count() == noted
