"""The day that a page is asked for: `?as_of=2026-07-01`."""

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, QueryDict

from linli.ground.matters.clocks import local_day
from linli.ground.matters.then import is_told
from linli.ground.people.doors import Request

AS_OF = "as_of"


def day_input() -> forms.DateInput:
    """A field for a day, whose value stands as browsers want it, whatever the language of the page."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def asked_day(asked: QueryDict, today: date) -> date:
    """The day of which the page is to tell, today if none is asked for; of days to come nothing is known yet.

    Raises:
        Http404: what is asked for is no day.
    """
    text = asked.get(AS_OF, "")
    if not text:
        return today
    try:
        return min(date.fromisoformat(text), today)
    except ValueError as error:
        raise Http404 from error


def past_day(asked: QueryDict, today: date) -> date | None:
    """The day before today of which a page is to tell; None where it is to tell how things are now.

    Raises:
        Http404: what is asked for is no day.
    """
    day = asked_day(asked, today)
    return day if day < today else None


def with_day(address: str, day: date | None) -> str:
    """An address that goes on telling of the same day."""
    if day is None:
        return address
    return f"{address}{'&' if '?' in address else '?'}{AS_OF}={day.isoformat()}"


def day_context(request: Request, day: date | None) -> dict[str, Any]:
    """What the banner and the field of a page that can be asked for a day have to know; `day` is None for today."""
    return {
        "day": day,
        "today": local_day(request.now),
        "is_told": day is None or is_told(day),
        "now_url": request.path,
    }
