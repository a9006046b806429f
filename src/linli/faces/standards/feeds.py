"""The newest published demands as a feed (Atom, RFC 4287), of the district or of one street."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.faces.standards.open_data import CACHED, bad_filters, public_filters
from linli.faces.standards.writing import plain
from linli.ground.people.doors import Request, public
from linli.services.cases.facade import CASES, published_page

ATOM = "http://www.w3.org/2005/Atom"
KIND = "application/atom+xml"
NEWEST = 50


@public
@require_safe
def demands_feed(request: Request) -> HttpResponse:
    """The newest fifty; `place` is the code of a street."""
    filters = public_filters(request.GET)
    if filters is None:
        return bad_filters()
    rows = published_page(filters, size=NEWEST).rows
    place = request.GET.get("place", "")
    here = request.build_absolute_uri(reverse("demands_feed"))
    feed = _Element("feed", xmlns=ATOM, **{"xml:lang": get_language() or "zh-hans"})
    feed.text("title", _("公开诉求"))
    feed.text("id", f"{here}?{urlencode({'place': place})}" if place else here)
    feed.text("updated", _moment(max((row["published_at"] for row in rows), default=request.now)))
    feed.below("link", rel="self", type=KIND, href=request.build_absolute_uri())
    feed.below("link", rel="alternate", type="text/html", href=request.build_absolute_uri(reverse("public_cases")))
    feed.below("author").text("name", str(request.district_name) or _("邻里"))  # type: ignore[attr-defined]
    for row in rows:
        _entry(feed.below("entry"), row, request)
    body = ET.tostring(feed.element, encoding="utf-8", xml_declaration=True)
    response = HttpResponse(body, content_type=f"{KIND}; charset=utf-8")
    response["Cache-Control"] = CACHED
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _entry(entry: "_Element", row: dict[str, Any], request: HttpRequest) -> None:
    page = request.build_absolute_uri(reverse("public_case", kwargs={"number": row["number"]}))
    state = CASES.words(row["state"])
    entry.text("title", row["title"])
    entry.text("id", page)
    entry.text("published", _moment(row["opened_at"]))
    entry.text("updated", _moment(row["published_at"]))
    entry.below("link", rel="alternate", type="text/html", href=page)
    entry.below("category", term=row["state"], label=state)
    parts = [f"{row['place__name']} {row['holder__name']} {state}", row["text"], row["reply"]]
    entry.text("summary", "\n".join(part for part in parts if part), type="text")


class _Element:
    """An element that is written from the top down."""

    def __init__(self, name: str, **attributes: str) -> None:
        self.element = ET.Element(name, attributes)

    def below(self, name: str, **attributes: str) -> "_Element":
        """A new element within this one."""
        made = _Element(name, **attributes)
        self.element.append(made.element)
        return made

    def text(self, name: str, text: str, **attributes: str) -> None:
        """A new element within this one that holds a text."""
        self.below(name, **attributes).element.text = plain(text)


def _moment(value: datetime) -> str:
    return value.isoformat(timespec="seconds")
