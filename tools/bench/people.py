"""Runs within an installation: tokens of residents, through the action that makes them."""

import json
from random import Random

from django.conf import settings

from linli.ground.exchange.actions.make_token import make_token
from linli.ground.exchange.models import ApiToken
from linli.ground.exchange.scopes import Scope
from linli.ground.matters.models import Matter
from linli.ground.people.models import Account
from linli.ground.record.models import Entry
from linli.ground.territory.facade import Level, units
from linli.kernel.access import SYSTEM

DAYS = 90


def main(many: str, numbers: str = "0") -> None:
    """Print tokens of so many residents, and what the measured addresses are made of."""
    now = settings.LINLI_CLOCK.now()
    fresh = Account.objects.filter(is_active=True).exclude(pk__in=ApiToken.objects.values("account"))
    residents = fresh.filter(person__appointments__isnull=True).order_by("pk")
    tokens = [
        make_token(account, name="bench", scopes=[Scope.READ, Scope.WRITE], days=DAYS, actor=SYSTEM, now=now)[1]
        for account in residents[: int(many)]
    ]
    told = {
        "tokens": tokens,
        "streets": [unit.code for unit in units(Level.STREET)],
        "communities": [unit.code for unit in units(Level.COMMUNITY)],
        "numbers": _some_numbers(int(numbers)),
    }
    print(json.dumps(told))


def _some_numbers(many: int) -> list[str]:
    """Numbers of demands from all over the archive, of those that have their record."""
    last = Entry.objects.order_by("-record").values_list("record", flat=True)[0]
    found: dict[str, None] = {}
    draw = Random(11)  # noqa: S311 -- which demands are looked at, not a secret
    while len(found) < many:
        near = Entry.objects.filter(record__gte=draw.randrange(last), matter__isnull=False).order_by("record")
        matter = near.values_list("matter", flat=True).first()
        number = Matter.objects.filter(pk=matter or 0).values_list("number", flat=True).first()
        if number:
            found[number] = None
    return list(found)
