"""The page of streets and communities, and their outlines, of any day."""

import json

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.services.reforming import A3, COMMITTEES, UNITS, reformed
from tests.world import NOW, World


def codes(client: Client, day: str = "") -> set[str]:
    address = reverse("territory_outlines", kwargs={"level": "community"})
    return {each["id"] for each in json.loads(client.get(address, {"as_of": day}).content)["features"]}


def test_any_day_can_be_asked_for(world: World, client: Client) -> None:
    reformed(world, [UNITS], [COMMITTEES])
    settings.LINLI_CLOCK.set(world.now)
    today = client.get(reverse("territory")).content.decode()
    assert "新社区" in today
    assert "青政发〔2026〕1号" in today
    assert "A1社区、A2社区" in today
    then = client.get(reverse("territory"), {"as_of": NOW.date().isoformat()}).content.decode()
    assert "A1社区" in then
    assert "新社区" not in then
    assert "这一天还没有本区" in client.get(reverse("territory"), {"as_of": "2001-01-01"}).content.decode()
    assert client.get(reverse("territory"), {"as_of": "x"}).status_code == 404


def test_the_outlines_of_any_day(world: World, client: Client) -> None:
    reformed(world, [UNITS], [COMMITTEES])
    settings.LINLI_CLOCK.set(world.now)
    assert A3 in codes(client)
    assert A3 not in codes(client, NOW.date().isoformat())
    assert len(codes(client, NOW.date().isoformat())) == 4
    address = reverse("territory_outlines", kwargs={"level": "community"})
    first = client.get(address, {"as_of": NOW.date().isoformat()})
    assert first["ETag"] != client.get(address)["ETag"]
