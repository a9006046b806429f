"""The weekly briefing: a week of a place in sentences and small tables, composed from the numbers of the board."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib import import_module
from importlib.resources import files
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.template import engines
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.faces.board.asking import Question, question_from
from linli.faces.board.hot_topics import hot_section, name_of
from linli.faces.board.views import SHOWN, PlaceLine, age_words, place_lines
from linli.faces.board.words import MEANINGS, RATIOS, STANDINGS
from linli.ground.look.pages import render_page
from linli.ground.matters.clocks import local_day
from linli.ground.people.doors import Request, staff
from linli.insight.indicators.facade import Ratio, Share, Standing, Sums, by_topic, open_by_age, total

logger = structlog.get_logger(__name__)
MOST_TOPICS, COMPARED, MOST_HOT = 8, 40, 5
WEEK = timedelta(days=7)
FIRST_WEEK = date(2000, 1, 3)


@dataclass(frozen=True)
class Compared:
    """A number of the week beside that of the week before."""

    now: int
    before: int

    @property
    def change(self) -> str:
        """With its sign; empty for none."""
        return f"{self.now - self.before:+,}" if self.now != self.before else ""


@staff
@require_safe
def briefing(request: Request) -> HttpResponse:
    """The briefing of a week, by default of the last one that is over."""
    context = _composed(request)
    return render_page(request, "board/briefing.html", context)


@staff
@require_safe
def briefing_paper(request: Request) -> HttpResponse:
    """The same as PDF, for printing and for the file.

    Raises:
        Http404: this machine cannot draw PDF; the page says how to print.
    """
    context = _composed(request)
    style = (files(__package__) / "paper.css").read_text(encoding="utf-8")
    written = engines["jinja2"].get_template("board/briefing_paper.html").render(context | {"style": style}, request)
    try:
        weasyprint = import_module("weasyprint")
    except OSError as missing:  # the libraries of the system that draw text
        logger.warning("no PDF can be drawn on this machine", error=str(missing))
        raise Http404(_("这台服务器还不能生成 PDF，请用浏览器打印本页。")) from missing
    drawn = weasyprint.HTML(string=written, url_fetcher=_fetch_nothing).write_pdf()
    answer = HttpResponse(drawn, content_type="application/pdf")
    name = f"briefing-{context['asked'].place.code}-{context['week']}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _composed(request: Request) -> dict[str, Any]:
    today = local_day(request.now)
    monday = _monday(request.GET.get("week", ""), today)
    question = question_from(request.actor, request.now, _days(monday) | {"place": request.GET.get("place", "")})
    earlier = replace(question.asked, since=monday - WEEK, until=monday - timedelta(days=1))
    whole, before = total(question.asked), total(earlier)
    lines = place_lines(question, whole)
    counts = {
        _("收到"): Compared(whole["received"], before["received"]),
        _("办结"): Compared(whole["closed"], before["closed"]),
        _("差评"): Compared(whole["bad"], before["bad"]),
        _("退回"): Compared(whole["returns"], before["returns"]),
    }
    return {
        "question": question,
        "asked": question.asked,
        "week": _name(monday),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "last_week": _name(monday - WEEK),
        "next_week": _name(monday + WEEK) if monday + WEEK <= today else "",
        "is_over": monday + WEEK <= today,
        "counts": counts,
        "shares": [(ratio, whole.ratio(ratio), before.ratio(ratio)) for ratio in Ratio],
        "apart": _apart(lines),
        "topics": _topics(question, earlier),
        "ages": list(zip(age_words(), open_by_age(question.asked), strict=True)),
        "ratios": RATIOS,
        "meanings": MEANINGS,
        "standings": STANDINGS,
        "hot": _hot(request, question),
        "hot_name": name_of,
    }


def _days(monday: date) -> dict[str, str]:
    return {"since": monday.isoformat(), "until": (monday + timedelta(days=6)).isoformat()}


def _monday(week: str, today: date) -> date:
    """The first day of a week written as 2026-W47; of the last one that is over where none is.

    Raises:
        Http404: it is no week, or one to come.
    """
    if not week:
        return today - timedelta(days=today.weekday()) - WEEK
    year, _w, number = week.partition("-W")
    try:
        monday = date.fromisocalendar(int(year), int(number), 1)
    except ValueError as error:
        raise Http404 from error
    if not FIRST_WEEK <= monday <= today:
        raise Http404
    return monday


def _name(monday: date) -> str:
    year, number, _day = monday.isocalendar()
    return f"{year}-W{number:02}"


def _apart(lines: list[PlaceLine]) -> list[tuple[Ratio, Standing, list[tuple[str, Share]]]]:
    """For each share the places whose difference from the whole is no chance."""
    found = []
    for place, ratio in enumerate(SHOWN):
        for standing in (Standing.ABOVE, Standing.BELOW):
            named = [
                (line.unit.name, share)
                for line in lines
                if (share := line.shares[place][0]) is not None and line.shares[place][1] is standing
            ]
            if named:
                found.append((ratio, standing, named))
    return found


def _topics(question: Question, earlier: Any) -> list[tuple[str, Compared]]:
    before: Mapping[int, Sums] = {topic.pk: sums for topic, sums in by_topic(earlier, COMPARED)}
    return [
        (topic.name, Compared(sums["received"], before.get(topic.pk, Sums())["received"]))
        for topic, sums in by_topic(question.asked, MOST_TOPICS)
    ]


def _hot(request: Request, question: Question) -> dict[str, Any]:
    """Hot topics of the newest night, for the briefing of the week in which it was and of the one before."""
    section = hot_section(request.actor, question, MOST_HOT)
    night = section["night"]
    return section | {
        "fits": night is not None and question.asked.since <= night.night < question.asked.since + 2 * WEEK
    }


def _fetch_nothing(address: str, *_more: Any, **_named: Any) -> dict[str, Any]:
    """The paper is drawn from what stands in it.

    Raises:
        PermissionDenied: always.
    """
    raise PermissionDenied(address)
