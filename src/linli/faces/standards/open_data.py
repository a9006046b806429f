"""Published demands to take along: as a table and as a map, written row by row while they are read."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.faces.standards.writing import plain
from linli.ground.look.spreadsheets import FORMULA_STARTS
from linli.ground.people.doors import public
from linli.ground.territory.facade import by_code
from linli.services.cases.facade import STATES, PublicFilters, PublishedFilters, each_published

CACHED = "public, max-age=300"
PIECE = 32 * 1024
BOM = "\ufeff"
COLUMNS = (
    "number",
    "title",
    "text",
    "reply",
    "state",
    "status",
    "topic",
    "place_code",
    "place",
    "holder",
    "opened_at",
    "closed_at",
    "published_at",
    "rating",
    "rating_counts",
    "url",
)
Shape = Callable[[dict[str, Any]], dict[str, Any]]


@public
@require_safe
def demands_csv(request: HttpRequest) -> HttpResponseBase:
    """Published demands as CSV, with the filters of the public list."""
    filters = _filters(request)
    if isinstance(filters, HttpResponse):
        return filters
    rows = map(_shape(request), each_published(filters))
    return _streamed(_table(rows), "text/csv; charset=utf-8", "demands.csv")


@public
@require_safe
def demands_geojson(request: HttpRequest) -> HttpResponseBase:
    """Published demands as GeoJSON, with the filters of the public list. A point is that of the community."""
    filters = _filters(request)
    if isinstance(filters, HttpResponse):
        return filters
    shape = _shape(request)
    features = (_feature(shape(row), _point(row)) for row in each_published(filters))
    return _streamed(_collection(features), "application/geo+json; charset=utf-8", "demands.geojson")


def public_filters(given: Any) -> PublishedFilters | None:
    """The filters of the public list; None where one of them means nothing."""
    form = PublicFilters(given)
    if not form.is_valid():
        return None
    asked = form.cleaned_data
    place = by_code(asked["place"]).path if asked["place"] else ""
    return PublishedFilters(q=asked["q"], state=asked["state"], place=place)


def bad_filters() -> HttpResponse:
    """What may be asked."""
    words = _("筛选条件不对：place 是街道的区划代码，state 是 replied、verified、closed、accepted 之一。")
    return HttpResponse(words, status=400, content_type="text/plain; charset=utf-8")


def _filters(request: HttpRequest) -> PublishedFilters | HttpResponse:
    return public_filters(request.GET) or bad_filters()


def _shape(request: HttpRequest) -> Shape:
    """How a row is told. Everything that depends on the request is asked now, not while the rows are written."""
    states = {state: str(words) for state, words in STATES.items()}
    pages = request.build_absolute_uri(reverse("public_case", kwargs={"number": "0"})).removesuffix("0/")
    zone = ZoneInfo(settings.TIME_ZONE)

    def moment(value: datetime | None) -> str | None:
        return value.astimezone(zone).isoformat(timespec="seconds") if value else None

    def shape(row: dict[str, Any]) -> dict[str, Any]:
        told = {
            "number": row["number"],
            "title": row["title"],
            "text": row["text"],
            "reply": row["reply"],
            "state": row["state"],
            "status": states[row["state"]],
            "topic": row["case__topic__name"],
            "place_code": row["place__code"],
            "place": row["place__name"],
            "holder": row["holder__name"],
            "opened_at": moment(row["opened_at"]),
            "closed_at": moment(row["closed_at"]),
            "published_at": moment(row["published_at"]),
            "rating": row["case__rating"],
            "rating_counts": row["rating_counts"] if row["case__rating"] else None,
            "url": f"{pages}{row['number']}/",
        }
        shown: dict[str, Any] = plain(told)
        return shown

    return shape


def _streamed(pieces: Iterator[str], kind: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_gathered(pieces), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = CACHED
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _gathered(pieces: Iterator[str]) -> Iterator[bytes]:
    """Rows are gathered until they are worth sending."""
    held, size = [], 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield "".join(held).encode()
            held, size = [], 0
    if held:
        yield "".join(held).encode()


def _table(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    line = StringIO()
    writer = csv.writer(line)
    line.write(BOM)
    writer.writerow(COLUMNS)
    yield line.getvalue()
    for row in rows:
        line.seek(0)
        line.truncate()
        writer.writerow([_cell(row[name]) for name in COLUMNS])
        yield line.getvalue()


def _cell(value: Any) -> Any:
    """A cell that no program takes for a formula."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.lstrip().startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def _collection(features: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield '{"type": "FeatureCollection", "features": ['
    for count, feature in enumerate(features):
        yield (",\n" if count else "\n") + json.dumps(feature, ensure_ascii=False)
    yield "\n]}\n"


def _point(row: dict[str, Any]) -> list[float] | None:
    """The point within its community that stands for it; none where the community was not drawn."""
    point = [row["place__longitude"], row["place__latitude"]]
    return None if None in point else [round(each, 6) for each in point]


def _feature(row: dict[str, Any], point: list[float] | None) -> dict[str, Any]:
    """Only the community of a demand is published: its point is the community's, and says so."""
    return {
        "type": "Feature",
        "id": row["number"],
        "geometry": {"type": "Point", "coordinates": point} if point else None,
        "properties": row | {"point_is": "middle_of_place" if point else None},
    }
