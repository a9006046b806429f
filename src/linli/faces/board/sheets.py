"""The tables of the board as spreadsheets."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.faces.board.asking import Question, question_of
from linli.faces.board.words import RATIOS, STANDINGS
from linli.ground.look.spreadsheets import spreadsheet
from linli.ground.people.doors import Request, staff
from linli.insight.indicators.facade import Ratio, Sums, by_day, by_place, by_topic, heat, standing_of, total

MOST_TOPICS = 200
Rows = Iterator[dict[str, Any]]
COUNTS = ("received", "closed", "hops", "returns")


@staff
@require_safe
def board_sheet(request: Request, table: str) -> HttpResponse:
    """One of the tables, with more columns than the page has room for.

    Raises:
        Http404: there is no such table.
    """
    if table not in SHEETS:
        raise Http404
    question = question_of(request)
    columns, rows = SHEETS[table](question)
    asked = question.asked
    return spreadsheet(f"{table}-{asked.place.code}-{asked.since}-{asked.until}.xlsx", rows, columns)


def _trend(question: Question) -> tuple[Mapping[str, str], Rows]:
    rows = ({"first": step} | _figures(sums) for step, sums in by_day(question.asked))
    return {"first": _("从这一天起")} | _columns(), rows


def _places(question: Question) -> tuple[Mapping[str, str], Rows]:
    if question.below is None:
        raise Http404
    whole = total(question.asked)
    standings = {f"{ratio}_standing": _("%(ratio)s：与整体比") % {"ratio": RATIOS[ratio]} for ratio in Ratio}

    def row(sums: Sums) -> dict[str, Any]:
        found = {ratio: standing_of(sums.ratio(ratio), whole.ratio(ratio)) for ratio in Ratio}
        return {f"{ratio}_standing": str(STANDINGS[where]) if where else "" for ratio, where in found.items()}

    rows = (
        {"code": unit.code, "name": unit.name} | _figures(sums) | row(sums)
        for unit, sums in by_place(question.asked, question.below)
    )
    return {"code": _("区划代码"), "name": _("地方")} | _columns() | standings, rows


def _topics(question: Question) -> tuple[Mapping[str, str], Rows]:
    rows = ({"name": topic.name} | _figures(sums) for topic, sums in by_topic(question.asked, MOST_TOPICS))
    return {"name": _("事项")} | _columns(), rows


def _heat(question: Question) -> tuple[Mapping[str, str], Rows]:
    if question.below is None:
        raise Http404
    topics = [topic for topic, _sums in by_topic(question.asked, MOST_TOPICS)]
    numbers = heat(question.asked, topics, question.below)
    rows = (
        {"name": unit.name} | {str(topic.pk): numbers.get((unit.path, topic.path), 0) for topic in topics}
        for unit, _sums in by_place(question.asked, question.below)
    )
    return {"name": _("地方")} | {str(topic.pk): topic.name for topic in topics}, rows


SHEETS: Mapping[str, Callable[[Question], tuple[Mapping[str, str], Rows]]] = {
    "trend": _trend,
    "places": _places,
    "topics": _topics,
    "heat": _heat,
}


def _columns() -> dict[str, str]:
    heads = {"received": _("收到"), "closed": _("办结"), "hops": _("流转次数"), "returns": _("退回次数")}
    for ratio in Ratio:
        name = str(RATIOS[ratio])
        heads |= {f"{ratio}": f"{name} %", f"{ratio}_part": _("%(ratio)s：其中") % {"ratio": name}}
        heads |= {f"{ratio}_whole": _("%(ratio)s：总数") % {"ratio": name}}
        heads |= {f"{ratio}_low": _("%(ratio)s：区间下限 %%") % {"ratio": name}}
        heads |= {f"{ratio}_high": _("%(ratio)s：区间上限 %%") % {"ratio": name}}
    return heads


def _figures(sums: Sums) -> dict[str, Any]:
    row: dict[str, Any] = {name: sums[name] for name in COUNTS}
    for ratio in Ratio:
        share = sums.ratio(ratio)
        if share is not None:
            row |= {f"{ratio}": round(100 * share.share, 1), f"{ratio}_part": share.part, f"{ratio}_whole": share.whole}
            row |= {f"{ratio}_low": round(100 * share.low, 1), f"{ratio}_high": round(100 * share.high, 1)}
    return row
