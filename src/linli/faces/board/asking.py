"""What the board is asked for: days, place and topic, which live in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.ground.look.days import day_input
from linli.ground.matters.clocks import local_day
from linli.ground.people.doors import Request
from linli.ground.territory.facade import Level, Unit
from linli.insight.indicators.facade import Asked, place_asked, places_of, topic_asked
from linli.kernel.access import Actor
from linli.services.cases.facade import topic_choices

DAYS_SHOWN = 30
LONGEST = 3660  # days
FIRST_DAY = date(2000, 1, 1)


class AskForm(forms.Form):
    """The first row of the board."""

    since = forms.DateField(label=gettext_lazy("从"), required=False, widget=day_input())
    until = forms.DateField(label=gettext_lazy("到"), required=False, widget=day_input())
    place = forms.ChoiceField(label=gettext_lazy("地方"), required=False, choices=[])
    topic = forms.ChoiceField(label=gettext_lazy("事项分类"), required=False, choices=[])

    def __init__(self, *args: Any, places: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = {"place": _place_choices(places), "topic": [("", _("所有分类")), *topic_choices()]}
        for name, given in choices.items():
            field: Any = self.fields[name]
            field.choices = given


@dataclass(frozen=True)
class Question:
    """What was asked, and the form as it was filled in."""

    asked: Asked
    form: AskForm

    @property
    def query(self) -> str:
        """As it stands in an address."""
        return self.with_(place=self.asked.place.code)

    def with_(self, **other: str) -> str:
        """The same question but for some of it."""
        asked = self.asked
        given = {
            "since": asked.since.isoformat(),
            "until": asked.until.isoformat(),
            "place": asked.place.code,
            "topic": str(asked.topic.pk) if asked.topic else "",
        }
        return urlencode({name: value for name, value in (given | other).items() if value})

    @property
    def below(self) -> Level | None:
        """The level that stands directly below the place; None where the board tells no more."""
        level = Level(self.asked.place.level)
        return {Level.DISTRICT: Level.STREET, Level.STREET: Level.COMMUNITY}.get(level)


def question_of(request: Request) -> Question:
    """What the address of a page asks for; raises what `question_from` does."""
    return question_from(request.actor, request.now, request.GET)


def question_from(actor: Actor, now: datetime, given: Mapping[str, str]) -> Question:
    """What is asked for; the last thirty days of the actor's own place where nothing is said.

    Raises:
        PermissionDenied: the actor sees no figures.
        Http404: there is no such place or topic, or it is none of the actor's, or the days are none.
    """
    places = places_of(actor)
    if not places:
        raise PermissionDenied(_("看板对派遣、督办和查看岗位开放。"))
    place, key = place_asked(actor, given.get("place", "")), given.get("topic", "")
    topic = topic_asked(key) if key else None
    if place is None or (key and topic is None):
        raise Http404
    today = local_day(now)
    since, until = _days(given.get("since", ""), given.get("until", ""), today)
    asked = Asked(since, until, today, place, topic)
    filled = {"since": since, "until": until, "place": place.code, "topic": key}
    return Question(asked, AskForm(filled, places=places))


def _days(since: str, until: str, today: date) -> tuple[date, date]:
    """The days asked for, put into order; of those to come nothing is known.

    Raises:
        Http404: one of them is no day.
    """
    try:
        last = min(date.fromisoformat(until), today) if until else today
        first = date.fromisoformat(since) if since else last - timedelta(days=DAYS_SHOWN - 1)
    except ValueError as error:
        raise Http404 from error
    first, last = max(min(first, last), FIRST_DAY), max(first, last)
    return max(first, last - timedelta(days=LONGEST)), min(last, today)


def _place_choices(places: list[Unit]) -> list[Any]:
    """The district, streets and communities: the communities of a street under its name."""
    choices: list[Any] = []
    for unit in places:
        if unit.level == Level.COMMUNITY and choices and isinstance(choices[-1][1], list):
            choices[-1][1].append((unit.code, unit.name))
        elif unit.level == Level.STREET:
            choices.append((unit.name, [(unit.code, unit.name)]))
        else:
            choices.append((unit.code, unit.name))
    return choices
