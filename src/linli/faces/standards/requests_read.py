"""Requests of Open311: published demands, masked, for everyone; one that is not, for a key that may open it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.faces.standards.answering import Fault
from linli.faces.standards.services import OTHER, known_topics, service_of
from linli.ground.matters.paging import YEARS, parse_cursor
from linli.services.cases.facade import CASES, ENDS, CaseView, PublishedFilters

MOST, SPAN = 1000, timedelta(days=90)
NUMBER = re.compile(r"[0-9]{8,24}")
STATUSES = {"open": False, "closed": True}


def filters_asked(request: HttpRequest) -> PublishedFilters:
    """What a list is narrowed to; without dates, what was received in the last ninety days.

    Raises:
        Fault: a value that means nothing, or more than ninety days.
    """
    given = request.GET
    if "service_request_id" in given:
        return PublishedFilters(numbers=_numbers(_parts(given["service_request_id"])))
    codes = _parts(given.get("service_code", ""))
    since, until = _span(given, request.now)  # type: ignore[attr-defined]
    return PublishedFilters(
        since=since,
        until=until,
        ended=_ended(_parts(given.get("status", ""))),
        topics=known_topics(codes),
        no_topic=OTHER in codes,
    )


def page_asked(request: HttpRequest) -> tuple[str, int]:
    """Behind which row, and how many.

    Raises:
        Fault: no such cursor or size, or a page by its number.
    """
    after, size = request.GET.get("after", ""), request.GET.get("page_size", str(MOST))
    if request.GET.get("page", "1") != "1":
        raise Fault(400, [_("page: 这里不按页码翻页，请用应答头 Link 里 rel=next 的地址。")])
    if after and parse_cursor(after) is None:
        raise Fault(400, [_("after: 这个游标读不懂，请用应答头 Link 里的。")])
    if not (size.isascii() and size.isdigit() and len(size) < 5 and 1 <= int(size) <= MOST):
        raise Fault(400, [_("page_size: 请用 1 到 %(most)s 的整数。") % {"most": MOST}])
    return after, int(size)


def next_link(request: HttpRequest, after: str) -> dict[str, str]:
    """Where the next page is; no header on the last one."""
    if not after:
        return {}
    asked = {name: value for name, value in request.GET.items() if name not in {"after", "api_key"}}
    return {"Link": f'<{request.build_absolute_uri(request.path)}?{urlencode(asked | {"after": after})}>; rel="next"'}


def request_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """A published demand. Where in its community it is, is not published, so there is no point."""
    words = CASES.words(row["state"])
    return _request(
        number=row["number"],
        ended=row["ended"],
        notes=f"{words}：{row['reply']}" if row["reply"] else words,
        service=service_of(row["case__topic"], row["case__topic__name"]),
        text=f"{row['title']}\n{row['text']}".strip(),
        holder=row["holder__name"],
        moments=(row["opened_at"], row["changed_at"], row["due_at"]),
        address=row["place__name"],
        unit=row["place__code"],
    )


def own_request_of(view: CaseView, asked: tuple[int, str] | None) -> dict[str, Any]:
    """A demand as the account of the key sees it.

    Args:
        asked: the topic that was chosen when it was reported, for a demand that was not given one yet.
    """
    case, matter = view.case, view.matter
    texts: dict[str, str] = {}
    for entry in view.timeline:
        texts |= entry.texts
    words = CASES.words(matter.state)
    topic = (case.topic.pk, case.topic.name) if case.topic else asked or (None, None)
    changed = matter.closed_at or view.timeline[-1].at
    return _request(
        number=matter.number,
        ended=matter.state in ENDS,
        notes=f"{words}：{texts['reply']}" if texts.get("reply") else words,
        service=service_of(*topic),
        text=view.text,
        holder=matter.holder.name,
        moments=(matter.opened_at, changed, matter.due_at),
        address=f"{matter.place.name} {case.place_text}".strip(),
        unit=matter.place.code,
        point=(case.longitude, case.latitude),
    )


def _request(
    *,
    number: str,
    ended: bool,
    notes: str,
    service: dict[str, str],
    text: str,
    holder: str,
    moments: tuple[datetime, datetime, datetime],
    address: str,
    unit: str,
    point: tuple[float | None, float | None] = (None, None),
) -> dict[str, Any]:
    requested, updated, expected = (_moment(each) for each in moments)
    return {
        "service_request_id": number,
        "status": "closed" if ended else "open",
        "status_notes": notes,
        **service,
        "description": text[:4000],
        "agency_responsible": holder,
        "service_notice": None,
        "requested_datetime": requested,
        "updated_datetime": updated,
        "expected_datetime": expected,
        "address": address,
        "address_id": unit,
        "zipcode": None,
        "lat": point[1],
        "long": point[0],
        "media_url": None,
    }


def _moment(value: datetime) -> str:
    return value.astimezone(ZoneInfo(settings.TIME_ZONE)).isoformat(timespec="seconds")


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _numbers(numbers: list[str]) -> list[str]:
    wrong = [each for each in numbers if not NUMBER.fullmatch(each)]
    if wrong or not 1 <= len(numbers) <= MOST:
        raise Fault(400, [_("service_request_id: 请用受理编号，多个用逗号分开，最多 %(most)s 个。") % {"most": MOST}])
    return numbers


def _ended(statuses: list[str]) -> bool | None:
    if not set(statuses) <= set(STATUSES):
        raise Fault(400, [_("status: 只有 open 和 closed。")])
    wanted = {STATUSES[each] for each in statuses}
    return wanted.pop() if len(wanted) == 1 else None


def _span(given: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    """From when until when: ninety days from the one that is given, or until now."""
    since, until = _asked_moment(given, "start_date"), _asked_moment(given, "end_date")
    until = until or (since + SPAN if since else now)
    since = since or until - SPAN
    if until - since > SPAN:
        raise Fault(400, [_("start_date, end_date: 最多相隔 90 天，请分段查询。")])
    return since, until


def _asked_moment(given: Mapping[str, str], name: str) -> datetime | None:
    """A moment in the form of W3C; a plus sign that has become a blank in the address is read as one."""
    text = given.get(name, "")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError as error:
        raise Fault(400, [_wrong_moment(name)]) from error
    if moment.year not in YEARS:
        raise Fault(400, [_wrong_moment(name)])
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))).astimezone(UTC)


def _wrong_moment(name: str) -> str:
    return _("%(name)s: 请写成 2026-03-01T08:00:00+08:00 这样的时间。") % {"name": name}
