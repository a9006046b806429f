"""The inbox as a spreadsheet, with the filters of the page."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from linli.ground.look.spreadsheets import spreadsheet
from linli.ground.matters.clocks import local_day
from linli.ground.matters.features import FEATURES
from linli.ground.matters.inbox import export_rows, filters_from
from linli.ground.people.doors import Request, staff

MOST = 20_000


@staff
def export_cases(request: Request) -> HttpResponse:
    """Everything that the filters show, at most 20,000 rows; the export stands in the record."""
    filters = filters_from(request.GET)
    rows = export_rows(request.actor, request.now, filters=filters, most=MOST)
    columns = {
        "number": _("编号"),
        "title": _("标题"),
        "state": _("状态"),
        "place__name": _("地点"),
        "holder__name": _("承办单位"),
        "desk__name": _("现在轮到"),
        "opened_at": _("收到时间"),
        "due_at": _("承诺时限"),
        "closed_at": _("结案时间"),
    }
    return spreadsheet("cases.xlsx", (_line(row) for row in rows), columns)


def _line(row: dict[str, Any]) -> dict[str, Any]:
    """The row in words; a due date is the last day on which it is kept, as on every page."""
    words = FEATURES[row["kind"]].words(row["state"])
    return row | {"state": words, "due_at": local_day(row["due_at"] - timedelta(microseconds=1))}
