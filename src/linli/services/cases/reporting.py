"""A demand that another system reports in the form of a public standard (Open311), received as one from our pages.

Where the office of the account takes demands down, it is taken down for whoever reported it; otherwise the account
files for itself. The topic that was chosen there is noted for whoever files the demand; where the account's own office
files demands, it is filed at once, by the same act as at the desk.
"""

from dataclasses import dataclass
from typing import Any

import structlog
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.forms_as_schemas import checked
from linli.ground.exchange.problems import Problem, WrongField, refusal
from linli.ground.matters.action import Opened, Refused
from linli.ground.matters.models import Matter, Visibility
from linli.ground.people.actions.know_person import know_person
from linli.ground.people.models import Person
from linli.ground.territory.facade import Level, Place, atlas
from linli.kernel.identity import normalize_phone
from linli.services.cases.actions.file_case import file_case
from linli.services.cases.actions.receive_case import receive_case
from linli.services.cases.filing_limits import count_own_filing, refuse_alarming
from linli.services.cases.models import Case
from linli.services.cases.portal.drafts import place_of, title_of
from linli.services.cases.portal.memory import as_resident
from linli.services.cases.portal_forms import WhatForm, WhereForm
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.vocabulary import Channel
from linli.services.cases.selectors import decide_case
from linli.services.cases.wording import refusal_words
from linli.services.catalogue.facade import Topic

logger = structlog.get_logger(__name__)


class ReporterForm(forms.Form):
    """Who reported it, and where a picture of it is."""

    name = forms.CharField(max_length=40, required=False)
    phone = forms.CharField(max_length=30, required=False)
    email = forms.EmailField(max_length=100, required=False)
    media_url = forms.URLField(max_length=500, required=False, assume_scheme="https")

    def clean_phone(self) -> str:
        """A number that can be called."""
        typed = str(self.cleaned_data["phone"])
        if typed and normalize_phone(typed) is None:
            raise ValidationError(gettext_lazy("这个电话号码不对：手机是 11 位，座机请带区号，如 025-84401234。"))
        return typed

    def clean_media_url(self) -> str:
        """An address on the web, kept as a text."""
        typed = str(self.cleaned_data["media_url"])
        if typed and not typed.startswith(("http://", "https://")):
            raise ValidationError(gettext_lazy("链接须以 http:// 或 https:// 开头。"))
        return typed


@dataclass(frozen=True)
class Report:
    """What another system reports, as typed.

    `topic` is None where none was chosen, `unit` the code of a street or community; `media_url` is kept as a text.
    """

    text: str
    topic: Topic | None = None
    longitude: str = ""
    latitude: str = ""
    unit: str = ""
    place_text: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    media_url: str = ""
    may_be_published: bool = False
    identity_shown: bool = True
    is_safe: bool = False

    def where(self) -> dict[str, str]:
        """What the step for the place of the residents' page would have been sent.

        Raises:
            Problem: there is no such street or community, or half of a point.
        """
        if bool(self.longitude) != bool(self.latitude):
            field = "latitude" if self.longitude else "longitude"
            raise Problem("invalid", errors=[WrongField(field=field, detail=_("经度和纬度要一起给"))])
        typed = {"longitude": self.longitude, "latitude": self.latitude, "place_text": self.place_text}
        if not self.unit:
            return typed
        places = atlas().places
        unit = next((each for each in places if each.code == self.unit), None)
        if unit is None or unit.level not in {Level.STREET, Level.COMMUNITY}:
            raise Problem("invalid", errors=[WrongField(field="street", detail=_("没有这个区划代码"))])
        return typed | _chosen(unit, places)


def _chosen(unit: Place, places: tuple[Place, ...]) -> dict[str, str]:
    if unit.level is Level.STREET:
        return {"street": unit.code}
    street = next(each for each in places if each.level is Level.STREET and each.holds(unit))
    return {"street": street.code, "community": unit.code}


@transaction.atomic
def take_report(report: Report, request: TokenRequest) -> tuple[Opened[Case], Matter]:
    """Receive what another system reports: what its filer takes home, and the matter as it stands then.

    Raises:
        Problem: something in it is not in order, it sounds like an emergency, or the act is refused.
    """
    what, where, who = WhatForm({"text": report.text}), WhereForm(report.where()), ReporterForm(_who(report))
    checked(what, where, who)
    refuse_alarming(request, report.text, is_safe=report.is_safe)
    try:
        return _received(report, request, what.cleaned_data, where.cleaned_data, who.cleaned_data)
    except Refused as refused:
        raise refusal(refused, refusal_words) from refused


def _who(report: Report) -> dict[str, str]:
    return {"name": report.name, "phone": report.phone, "email": report.email, "media_url": report.media_url}


def _received(
    report: Report, request: TokenRequest, what: dict[str, Any], where: dict[str, Any], who: dict[str, Any]
) -> tuple[Opened[Case], Matter]:
    for_somebody = ACCESS.office_for(request.actor, "receive_case_for_somebody") is not None
    if not for_somebody:
        count_own_filing(request)
    opened = receive_case(
        actor=request.actor if for_somebody else as_resident(request.actor),
        now=request.now,
        title=title_of(what),
        text=_with_link(what["text"], who["media_url"]),
        place=place_of(where),
        channel=Channel.PLATFORM if for_somebody else Channel.WEB,
        filer=_reporter(request, who) if for_somebody else request.token.account.person,
        visibility=Visibility.PUBLIC if report.may_be_published else Visibility.PRIVATE,
        identity_shown=report.identity_shown,
        place_text=where["place_text"],
        longitude=where["longitude"],
        latitude=where["latitude"],
        place_faults=where["place_faults"],
        asked_topic=report.topic,
    )
    if where["place_faults"]:
        logger.warning("outlines at fault", number=opened.matter.number, faults=where["place_faults"])
    if report.topic is None or not for_somebody or not decide_case(request.actor, "file_case", opened.row).allowed:
        return opened, opened.matter
    filed = file_case(opened.matter.pk, actor=request.actor, now=request.now, topic=report.topic)
    return opened, filed.matter


def _reporter(request: TokenRequest, who: dict[str, Any]) -> Person | None:
    """Whoever left a name, a telephone or an address; nobody otherwise."""
    if not (who["name"] or who["phone"] or who["email"]):
        return None
    return know_person(name=who["name"], phone=who["phone"], email=who["email"], actor=request.actor, now=request.now)


def _with_link(text: str, link: str) -> str:
    """The text, and below it where its picture is: nothing is fetched from there."""
    return text + "\n\n" + _("反映人给的链接：%(link)s") % {"link": link} if link else text
