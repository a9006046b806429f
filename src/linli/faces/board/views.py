"""The board: figures of some days, of a place and a topic; and the demands behind each of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.faces.board.asking import FIRST_DAY, Question, question_of
from linli.faces.board.charts import ages_chart, heat_chart, topics_chart, trend_chart
from linli.faces.board.hot_topics import hot_section, name_of
from linli.faces.board.words import MEANINGS, NUMBERS, RATIOS, STANDINGS
from linli.ground.look.environment import address
from linli.ground.look.pages import render_page
from linli.ground.matters.standing import standing
from linli.ground.people.doors import Request, staff
from linli.ground.territory.facade import Level, Unit
from linli.insight.indicators.facade import (
    AGES,
    OF_PROPOSALS,
    PARTS,
    Grain,
    Ratio,
    Share,
    Standing,
    Sums,
    by_day,
    by_place,
    by_topic,
    grain_of,
    heat,
    last_check,
    open_by_age,
    rows_behind,
    standing_of,
    total,
)
from linli.services.cases.facade import CASES

MOST_TOPICS = 12
SHOWN = (Ratio.RESPONSE, Ratio.SOLUTION, Ratio.SATISFACTION)


@dataclass(frozen=True)
class PlaceLine:
    """A place below the chosen one with its figures, and where its shares stand to the whole."""

    unit: Unit
    sums: Sums
    query: str
    shares: list[tuple[Share | None, Standing | None]]


@staff
@require_safe
def board(request: Request) -> HttpResponse:
    """Everything at a glance."""
    question = question_of(request)
    asked = question.asked
    whole = total(asked)
    context = {
        "question": question,
        "asked": asked,
        "form": question.form,
        "periods": _periods(question),
        "whole": whole,
        "tiles": [_tile(whole, ratio) for ratio in Ratio if ratio not in OF_PROPOSALS],
        "proposal_tiles": [_tile(whole, ratio) for ratio in OF_PROPOSALS],
        "standings": STANDINGS,
        "ratios": RATIOS,
        "meanings": MEANINGS,
        "shown": SHOWN,
        "shown_words": [RATIOS[ratio] for ratio in SHOWN],
        "check": last_check(),
        "hot": hot_section(request.actor, question),
        "hot_name": name_of,
    }
    return render_page(request, "board/board.html", context | _over_time(question) | _by_what(question, whole))


def _tile(whole: Sums, ratio: Ratio) -> tuple[Ratio, Share | None, str, str]:
    return (ratio, whole.ratio(ratio), *PARTS[ratio])


def _over_time(question: Question) -> dict[str, Any]:
    asked = question.asked
    days = by_day(asked)
    steps = [(_step(day, asked.since, asked.until), sums) for day, sums in days]
    queries = _step_queries(question, [day for day, _sums in days])
    ages = list(zip(age_words(), open_by_age(asked), strict=True))
    trend_data, trend_words = trend_chart(steps)
    ages_data, ages_words = ages_chart(ages)
    return {
        "trend": [(*step, query) for step, query in zip(steps, queries, strict=True)],
        "trend_data": trend_data,
        "trend_words": trend_words,
        "ages": ages,
        "ages_data": ages_data,
        "ages_words": ages_words,
        "age_queries": _age_queries(question),
        "open_now": sum(number for _words, number in ages),
        "all_days_query": question.with_(since=FIRST_DAY.isoformat(), until=asked.today.isoformat()),
    }


def _by_what(question: Question, whole: Sums) -> dict[str, Any]:
    topics = by_topic(question.asked, MOST_TOPICS)
    places = place_lines(question, whole)
    numbers = heat(question.asked, [topic for topic, _sums in topics], question.below) if question.below else {}
    topics_data, topics_words = topics_chart([(topic.name, sums) for topic, sums in topics])
    heat_data, heat_words = heat_chart(
        [(line.unit.path, line.unit.name) for line in places],
        [(topic.path, topic.name) for topic, _sums in topics],
        numbers,
    )
    return {
        "places": places,
        "topics": [(topic, sums, question.with_(topic=str(topic.pk))) for topic, sums in topics],
        "topic_names": [topic.name for topic, _sums in topics],
        "topics_data": topics_data,
        "topics_words": topics_words,
        "heat": numbers,
        "heat_data": heat_data,
        "heat_words": heat_words,
    }


@staff
@require_safe
def board_rows(request: Request, number: str) -> HttpResponse:
    """The demands behind one number.

    Raises:
        Http404: there is no such number.
    """
    if number not in NUMBERS:
        raise Http404
    question = question_of(request)
    page = rows_behind(request.actor, number, question.asked, after=request.GET.get("after", ""))
    here = f"{address('board_rows', number=number)}?{question.query}"
    context = {
        "question": question,
        "asked": question.asked,
        "title": NUMBERS[number],
        "lines": [row | standing(CASES, row, request.now) for row in page.rows],
        "next_url": f"{here}&after={page.after}" if page.after else "",
        "first_url": here if request.GET.get("after") else "",
    }
    return render_page(request, "board/rows.html", context)


@staff
@require_safe
def board_points(request: Request) -> JsonResponse:
    """Where how many demands were received: a GeoJSON point in the middle of each community that has some."""
    question = question_of(request)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [unit.longitude, unit.latitude]},
            "properties": {
                "name": unit.name,
                "number": sums["received"],
                "url": f"{address('board_rows', number='received')}?{question.with_(place=unit.code)}",
            },
        }
        for unit, sums in by_place(question.asked, Level.COMMUNITY)
        if sums["received"] and unit.longitude is not None
    ]
    return JsonResponse(
        {"type": "FeatureCollection", "features": features},
        content_type="application/geo+json",
        json_dumps_params={"ensure_ascii": False},
    )


def place_lines(question: Question, whole: Sums) -> list[PlaceLine]:
    """What stands directly below the chosen place."""
    if question.below is None:
        return []
    return [
        PlaceLine(
            unit,
            sums,
            question.with_(place=unit.code),
            [(share := sums.ratio(ratio), standing_of(share, whole.ratio(ratio)))[:2] for ratio in SHOWN],
        )
        for unit, sums in by_place(question.asked, question.below)
    ]


def age_words() -> list[str]:
    """What the groups of ages are called, the youngest first."""
    firsts = [0, *(last + 1 for last in AGES)]
    pairs = zip(firsts, AGES, strict=False)
    between = [_("%(first)s–%(last)s 天") % {"first": first, "last": last} for first, last in pairs]
    return [*between, _("超过 %(last)s 天") % {"last": AGES[-1]}]


def _step_queries(question: Question, firsts: list[date]) -> list[str]:
    """For each step of the trend its days, of those that are asked for."""
    since, until = question.asked.since, question.asked.until
    lasts = [*(first - timedelta(days=1) for first in firsts[1:]), until]
    pairs = zip(firsts, lasts, strict=True)
    return [question.with_(since=max(first, since).isoformat(), until=last.isoformat()) for first, last in pairs]


def _age_queries(question: Question) -> list[str]:
    """For each group of ages the days on which its demands were received."""
    today = question.asked.today
    firsts = [0, *(last + 1 for last in AGES)]
    pairs = zip(firsts, AGES, strict=False)
    days = [(today - timedelta(days=last), today - timedelta(days=first)) for first, last in pairs]
    days.append((FIRST_DAY, today - timedelta(days=AGES[-1] + 1)))
    return [question.with_(since=since.isoformat(), until=until.isoformat()) for since, until in days]


def _periods(question: Question) -> list[tuple[str, str]]:
    today = question.asked.today
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    firsts = [
        (_("最近 7 天"), today - timedelta(days=6)),
        (_("最近 30 天"), today - timedelta(days=29)),
        (_("本季度"), quarter),
        (_("今年"), date(today.year, 1, 1)),
        (_("最近一年"), today - timedelta(days=364)),
    ]
    return [(words, question.with_(since=first.isoformat(), until=today.isoformat())) for words, first in firsts]


def _step(day: date, since: date, until: date) -> str:
    grain = grain_of(since, until)
    if grain is Grain.MONTH:
        return f"{day:%Y-%m}"
    return f"{max(day, since):%m-%d}" if grain is Grain.WEEK else f"{day:%m-%d}"
