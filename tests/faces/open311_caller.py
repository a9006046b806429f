"""A program that speaks Open311: JSON or XML, with the key of an account or without; and demands to read."""

import json
from collections.abc import Collection
from typing import Any
from xml.etree import ElementTree as ET

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from linli.ground.exchange.actions.make_token import make_token
from linli.ground.exchange.models import ApiToken
from linli.ground.exchange.scopes import Scope
from linli.ground.people.models import Account
from linli.kernel.access import SYSTEM
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from tests.world import World

ROOT = "/open311/v2"
REPORT = {
    "description": "小区门口路灯坏了三天，晚上看不见路。请尽快修。",
    "address_string": "青年路 12 号门前",
    "address_id": "990104001001",
}
SECRETS = ("王小明", "13912345678", "3幢402室")
MASKED = {"title": "路灯不亮", "text": "某居民反映路灯不亮。", "reply": "路灯已修好。"}


class Caller(Client):
    """Asks without cookies; the key, where there is one, goes as the specification says."""

    def __init__(self, world: World, account: Account | None = None, scopes: Collection[Scope] = tuple(Scope)) -> None:
        super().__init__(enforce_csrf_checks=True)
        settings.LINLI_CLOCK.set(world.now)
        self.world, self.key = world, ""
        if account is not None:
            token, self.key = make_token(account, name="平台", scopes=scopes, days=30, actor=SYSTEM, now=world.now)
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=world.now)

    def ask(self, path: str, **query: Any) -> tuple[int, Any]:
        return told(self.get(f"{ROOT}/{path}", query))

    def report(self, form: str = "json", **given: Any) -> tuple[int, Any]:
        return told(self.send(form, **given))

    def send(self, form: str = "json", **given: Any) -> HttpResponse:
        body = {"api_key": self.key, **REPORT, "service_code": "other", **given}
        sent = {name: value for name, value in body.items() if value is not None}
        answer: HttpResponse = self.post(f"{ROOT}/requests.{form}", sent)  # type: ignore[assignment]
        return answer


def told(answer: Any) -> tuple[int, Any]:
    """Status and content; XML as the values it holds."""
    if answer["Content-Type"].startswith("text/xml"):
        return answer.status_code, values_of(ET.fromstring(answer.content))  # noqa: S314 -- our own
    return answer.status_code, json.loads(answer.content)


def values_of(element: ET.Element) -> Any:
    """XML read back: lists are what the specification has as lists, an empty element is null."""
    lists = {"services", "service_requests", "errors", "attributes", "values", "endpoints", "formats"}
    if element.tag in lists:
        return [values_of(below) for below in element]
    if len(element):
        return {below.tag: values_of(below) for below in element}
    return element.text


def as_texts(value: Any) -> Any:
    """JSON as XML can tell it: no numbers, no truth values, only texts and null."""
    if isinstance(value, dict):
        return {name: as_texts(each) for name, each in value.items()}
    if isinstance(value, list):
        return [as_texts(each) for each in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value in {None, ""} else str(value)


def published(world: World, street: str = "A", **texts: str) -> Case:
    case = world.case_of(street=street, state="closed", text=f"我是{'，'.join(SECRETS)}，门口路灯不亮。")
    CASES.actions["publish_case"](case.pk, actor=world.clerk_of(street), now=world.now, **(MASKED | texts))
    return world.case(case.pk)
