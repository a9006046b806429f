"""Whether several people have told the same thing already: asked while somebody writes, and before they send."""

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.ground.look.pages import render_page
from linli.ground.people.doors import Request, public
from linli.ground.people.throttle import count, note
from linli.ground.territory.facade import district
from linli.services.cases.advice.fingerprinting import Known, known_already
from linli.services.cases.portal.drafts import Draft, load_draft, save_draft, title_of
from linli.services.cases.portal.gate import address_of
from linli.services.cases.wording import STATES

DOOR = "known"
HOUR = timedelta(hours=1)
MOST_IN_AN_HOUR = 300
"""Asked while somebody types; whoever asks more often is answered nothing, and can send all the same."""

JOIN, APART = "join", "apart"
LEAST_CHARACTERS = 8


@public
@never_cache
@require_POST
def file_known(request: Request) -> HttpResponse:
    """The piece of the page that says so; with a decision, on to the next step. What was typed is kept."""
    draft = load_draft(request, request.now)
    draft.type_what(request.POST)
    if decided(draft, request.POST.get("act", ""), request.now):
        save_draft(request, draft, request.now)
        return redirect(draft.next_step(request.now, signed_in=request.actor.person is not None))
    address = address_of(request)
    if count(DOOR, address, HOUR, request.now) >= MOST_IN_AN_HOUR:
        return HttpResponse()
    note(DOOR, address, request.now)
    return render_page(request, "cases/portal/known.html", known_context(draft, request.now), block="known")


def decided(draft: Draft, act: str, now: datetime) -> bool:
    """Note what the filer says about the others; False where the button that they pressed says nothing of it."""
    if act not in {JOIN, APART}:
        return False
    known = known_to(draft, now) if act == JOIN else None
    draft.joins, draft.apart = known.matter if known else 0, act == APART
    return True


def known_context(draft: Draft, now: datetime) -> dict[str, object]:
    """What the box shows: that the filer joins others, what others have told, or nothing."""
    asks = not draft.joins and not draft.apart
    return {"joins": draft.joins, "known": known_to(draft, now) if asks else None, "states": STATES}


def known_to(draft: Draft, now: datetime) -> Known | None:
    """What several people have told of the same community – or the district, before a place is chosen."""
    text = str(draft.what.get("text", "")).strip()
    if len(text) < LEAST_CHARACTERS:
        return None
    return known_already(title_of(draft.what), text, draft.place() or district(), now)
