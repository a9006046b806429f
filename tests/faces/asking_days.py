"""How the tests of pages as of a day ask them."""

from datetime import date
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from linli.site.running import settle
from tests.world import World


def told(world: World) -> None:
    """The followers have read, and the house's clock stands where the world's does."""
    settle()
    settings.LINLI_CLOCK.set(world.now)


def read(client: Client, name: str, day: date | str, status: int = 200, **parts: Any) -> str:
    answer = client.get(reverse(name, kwargs=parts), {"as_of": str(day)})
    assert answer.status_code == status, answer.status_code
    return str(answer.content.decode())


def holds(page: str, *texts: object) -> bool:
    return all(str(text) in page for text in texts)


def lacks(page: str, *texts: object) -> bool:
    return not any(str(text) in page for text in texts)
