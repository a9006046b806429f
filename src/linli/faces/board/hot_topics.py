"""Hot topics on the board: the hottest of a place and a topic, the demands of each, all of them as a spreadsheet."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.faces.board.asking import Question, question_of
from linli.faces.board.words import CHANGES
from linli.ground.look.environment import address
from linli.ground.look.pages import render_page
from linli.ground.look.spreadsheets import spreadsheet
from linli.ground.matters.standing import standing
from linli.ground.people.doors import Request, staff
from linli.insight.indicators.facade import (
    HotTopicShown,
    demands_of,
    hot_topic_asked,
    hottest,
    newest_night,
    rulebook,
)
from linli.kernel.access import Actor
from linli.kernel.rulesets import RuleSet
from linli.services.cases.facade import CASES

MOST_SHOWN, MOST_IN_SHEET = 10, 500


def hot_section(actor: Actor, question: Question, most: int = MOST_SHOWN) -> dict[str, Any]:
    """What the page shows of the newest night, and why there is nothing where nothing is."""
    night, rules = newest_night(), _rules(question)
    return {
        "night": night,
        "topics": hottest(actor, question.asked, most) if night else [],
        "days": rules.rule("hot_topic_days"),
        "least": rules.rule("hot_topic_voices"),
        "is_whole": question.asked.place.depth == 1 and question.asked.topic is None,
        "changes": CHANGES,
        "query": question.query,
    }


@staff
@require_safe
def board_hot_topic(request: Request, topic: int) -> HttpResponse:
    """The demands of one hot topic, and how its heat comes about.

    Raises:
        Http404: it is none of the newest night, or has no demand in the place and topic that are asked for.
    """
    question = question_of(request)
    shown = hot_topic_asked(request.actor, question.asked, topic)
    if shown is None:
        raise Http404(_("热点每天夜里重新找一遍，这一个已经换了。请回到看板看最新的。"))
    page = demands_of(request.actor, shown.topic, question.asked, after=request.GET.get("after", ""))
    here = f"{address('board_hot_topic', topic=topic)}?{question.query}"
    context = {
        "question": question,
        "asked": question.asked,
        "shown": shown,
        "title": name_of(shown),
        "changes": CHANGES,
        "lines": [row | standing(CASES, row, request.now) for row in page.rows],
        "next_url": f"{here}&after={page.after}" if page.after else "",
        "first_url": here if request.GET.get("after") else "",
    }
    return render_page(request, "board/hot_topic.html", context)


@staff
@require_safe
def board_hot_topics_sheet(request: Request) -> HttpResponse:
    """The hot topics of the newest night as a spreadsheet, under the place and topic of the board.

    Raises:
        Http404: there was no night yet.
    """
    question, night = question_of(request), newest_night()
    if night is None:
        raise Http404
    rows = _rows(hottest(request.actor, question.asked, MOST_IN_SHEET))
    name = f"hot-topics-{question.asked.place.code}-{night.since}-{night.until}.xlsx"
    return spreadsheet(name, rows, _columns())


def name_of(shown: HotTopicShown) -> str:
    """Place and phrase as one line; words for those whose titles have nothing in common."""
    return " ".join(filter(None, (shown.topic.place, shown.topic.phrase))) or _("标题各不相同的一组诉求")


def _rules(question: Question) -> RuleSet:
    return rulebook().on(question.asked.today)


def _columns() -> Mapping[str, str]:
    return {
        "number": _("全区排名"),
        "name": _("热点"),
        "place": _("提到的地点"),
        "here": _("这里的件数"),
        "size": _("全区件数"),
        "first": _("最早一件"),
        "last": _("最近一件"),
        "voices": _("人数"),
        "support": _("附议人数"),
        "days": _("相隔天数"),
        "closeness": _("相近程度"),
        "heat": _("热度"),
        "heat_before": _("前一夜的热度"),
        "change": _("与前一夜比"),
    }


def _rows(topics: list[HotTopicShown]) -> Iterator[dict[str, Any]]:
    for shown in topics:
        topic = shown.topic
        yield {
            "number": topic.number,
            "name": name_of(shown),
            "place": topic.place,
            "here": shown.here,
            "size": topic.size,
            "first": localtime(topic.first),
            "last": localtime(topic.last),
            "voices": topic.voices,
            "support": topic.support,
            "days": round(shown.days, 1),
            "closeness": round(topic.closeness, 3),
            "heat": round(topic.heat, 1),
            "heat_before": None if topic.heat_before is None else round(topic.heat_before, 1),
            "change": str(CHANGES[shown.change]) if shown.change else "",
        }
