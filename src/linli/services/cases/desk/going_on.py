"""From one case to the next in the list that was read last, and back to that list."""

from datetime import date
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse

from linli.ground.look.days import AS_OF
from linli.ground.matters.inbox import INBOX_QUERY, InboxFilters, filters_from, number_after, place_in_list, settled
from linli.ground.matters.models import Matter
from linli.ground.people.doors import Request

PLACE = "inbox_place"


def inbox_address(request: Request, day: date | None = None) -> str:
    """The list that was read last, as it is now or as it was on a day."""
    query = urlencode(_asked(request) | ({AS_OF: day.isoformat()} if day else {}))
    return f"{reverse('inbox')}?{query}" if query else reverse("inbox")


def keep_place(request: Request, matter: Matter) -> None:
    """Remember where the matter stands in the list, before a step moves it."""
    request.session[PLACE] = [matter.number, place_in_list(matter, _filters(request))]


def next_number(request: Request, matter: Matter) -> str:
    """The number of the next matter in the list; empty when there is no other."""
    number, place = request.session.get(PLACE) or ("", "")
    filters = _filters(request)
    if number != matter.number:
        place = place_in_list(matter, filters)
    return number_after(request.actor, request.now, filters=filters, matter=matter.pk, place=place)


def _filters(request: Request) -> InboxFilters:
    return settled(request.actor, filters_from(_asked(request)))


def _asked(request: Request) -> dict[str, str]:
    """How the list was narrowed, whichever day it told of."""
    asked = dict(parse_qsl(str(request.session.get(INBOX_QUERY, ""))))
    return {name: value for name, value in asked.items() if name != AS_OF}
