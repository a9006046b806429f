"""A request of Open311 comes in: filed for oneself, or taken down for whoever reported it, as in the API."""

import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Schema

from linli.faces.standards.answering import Fault, value_of
from linli.faces.standards.services import attribute_values, chosen_topic
from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.once import once
from linli.ground.look.wordforms import due
from linli.services.cases.facade import Report, take_report

ATTRIBUTE = re.compile(r"attribute\[(\w{1,40})\](?:\[\])?")
UNSENT = {"api_key"}
LATIN = re.compile(r"[A-Za-z .'-]+")
MEDIA = "media"
PLACES = ("lat", "long", "address_string", "address_id")


class Taken(Schema):
    """What the reporter is told."""

    service_request_id: str
    service_notice: str
    account_id: None = None


def take_request(request: TokenRequest) -> dict[str, Any]:
    """Receive a request; under an `Idempotency-Key` that was used before, what was answered then.

    Raises:
        Fault, Problem: something in it is not in order; nothing was received.
    """
    if request.FILES:
        raise Fault(400, [_("%(name)s: 不收文件，请给 media_url。") % {"name": MEDIA}])
    given = sorted((name, value) for name, value in request.POST.items() if name not in UNSENT)
    told: dict[str, Any] = value_of(once(request, lambda: _taken(request), sent=urlencode(given).encode()))
    return told


def _taken(request: TokenRequest) -> Taken:
    opened, matter = take_report(_report(request), request)
    words = {
        "number": matter.number,
        "code": opened.code,
        "address": request.build_absolute_uri(reverse("look_up_case")),
        "due": due(matter.due_at),
    }
    notice = _(
        "已受理，受理编号 %(number)s，查询码 %(code)s。查询码只告知这一次，请转告反映人并收好；"
        "凭编号和查询码在 %(address)s 查看办理经过。承诺在 %(due)s 前答复。"
    )
    return Taken(service_request_id=matter.number, service_notice=notice % words)


def _report(request: HttpRequest) -> Report:
    given = {name: str(value).strip() for name, value in request.POST.items()}
    told = _attributes(given)
    if not any(given.get(name) for name in PLACES):
        raise Fault(400, [_("lat 和 long、address_string、address_id：至少给一样。")])
    return Report(
        text=given.get("description", ""),
        topic=chosen_topic(given.get("service_code", "")),
        longitude=given.get("long", ""),
        latitude=given.get("lat", ""),
        unit=given.get("address_id", ""),
        place_text=given.get("address_string", ""),
        name=_name(given.get("first_name", ""), given.get("last_name", "")),
        phone=given.get("phone", ""),
        email=given.get("email", ""),
        media_url=given.get("media_url", ""),
        may_be_published=told.get("visibility") == "public",
        identity_shown=told.get("identity_shown") != "no",
        is_safe=told.get("safe") == "yes",
    )


def _attributes(given: dict[str, str]) -> dict[str, str]:
    """The answers to the attributes of the service.

    Raises:
        Fault: there is no such attribute, or no such answer.
    """
    known, told = attribute_values(), {}
    for name, value in given.items():
        found = ATTRIBUTE.fullmatch(name)
        if found is None or not value:
            continue
        if value not in known.get(found[1], ()):
            raise Fault(400, [_("%(name)s: 没有这一项，或者不在可选的值里。") % {"name": name}])
        told[found[1]] = value
    return told


def _name(first: str, last: str) -> str:
    """A name as it is read: the family name first in Chinese, last in a Latin script."""
    if LATIN.fullmatch(first + last):
        return f"{first} {last}".strip()
    return last + first
