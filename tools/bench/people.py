"""Runs within an installation: tokens of residents, through the action that makes them."""

import json

from django.conf import settings

from linli.ground.exchange.actions.make_token import make_token
from linli.ground.exchange.models import ApiToken
from linli.ground.exchange.scopes import Scope
from linli.ground.matters.models import Matter
from linli.ground.people.models import Account
from linli.ground.territory.facade import Level, units
from linli.kernel.access import SYSTEM

DAYS = 90


def main(many: str) -> None:
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
        "last": Matter.objects.order_by("-id").values_list("id", flat=True)[0],
    }
    print(json.dumps(told))
