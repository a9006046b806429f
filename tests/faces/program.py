"""Another program, which shows a token and speaks JSON."""

import json
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.test import Client

from linli.ground.exchange.actions.make_token import make_token
from linli.ground.exchange.models import ApiToken
from linli.ground.exchange.scopes import Scope
from linli.ground.people.models import Account
from linli.kernel.access import SYSTEM
from tests.world import World

ROOT = "/api/v1"


class Program:
    """Reads and writes with the token of an account; answers are given as status and content."""

    def __init__(self, world: World, account: Account, scopes: Collection[Scope] = tuple(Scope)) -> None:
        settings.LINLI_CLOCK.set(world.now)
        self.world, self.client = world, Client(raise_request_exception=True)
        self.token, self.text = make_token(account, name="平台", scopes=scopes, days=30, actor=SYSTEM, now=world.now)
        ApiToken.objects.filter(pk=self.token.pk).update(last_used_at=world.now)  # reading writes nothing then

    def get(self, path: str, **query: Any) -> tuple[int, Any]:
        return self.told(self.client.get(ROOT + path, query, headers=self.headers()))

    def post(self, path: str, body: Any = None, *, key: str = "") -> tuple[int, Any]:
        return self.told(self.send(path, body, key=key))

    def send(self, path: str, body: Any = None, *, key: str = "") -> Any:
        headers = self.headers() | ({"Idempotency-Key": key} if key else {})
        return self.client.post(ROOT + path, json.dumps(body or {}), content_type="application/json", headers=headers)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.text}", "Accept-Language": "zh-hans"}

    @staticmethod
    def told(answer: Any) -> tuple[int, Any]:
        return answer.status_code, json.loads(answer.content) if "json" in answer["Content-Type"] else answer.content
