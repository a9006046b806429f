"""The day that a page is asked for: `?as_of=2026-07-01`."""

from datetime import date

from django import forms
from django.http import Http404, QueryDict

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
