"""Gives each request its `now` and its `actor`, and signs the idle out."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from linli.ground.organizations.selectors import district_contact
from linli.ground.people.models import Account
from linli.ground.people.owed import owed
from linli.ground.people.rules.devices import device_code
from linli.ground.people.selectors import actor_of
from linli.ground.people.sessions import note_seen
from linli.ground.territory.selectors import district_name
from linli.kernel.access import VISITOR, Actor

SEEN = "seen_at"
SEEN_EVERY = timedelta(minutes=1)


class ActorMiddleware:
    """`request.now`, and looked up when first used: `actor`, `district_name`, `district_contact`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Prepare the request and pass it on."""
        now: datetime = settings.LINLI_CLOCK.now()
        request.now = now  # type: ignore[attr-defined]
        request.owed = ""  # type: ignore[attr-defined]
        if request.session.get("_auth_user_id"):
            _sign_out_idle(request, now)
        request.actor = SimpleLazyObject(lambda: _actor(request, now))  # type: ignore[attr-defined]
        request.district_name = SimpleLazyObject(district_name)  # type: ignore[attr-defined]
        request.district_contact = SimpleLazyObject(district_contact)  # type: ignore[attr-defined]
        return self.get_response(request)


def _sign_out_idle(request: HttpRequest, now: datetime) -> None:
    """The session keeps when it was last used, to the minute; beside it, for its owner, the row in their list."""
    seen = request.session.get(SEEN)
    last = datetime.fromisoformat(seen) if seen else now
    if now - last > timedelta(minutes=settings.SESSION_IDLE_MINUTES):
        logout(request)
        request.session["signed_out_idle"] = True
    elif seen is None or now - last > SEEN_EVERY:
        request.session[SEEN] = now.isoformat()
        device = device_code(request.headers.get("User-Agent", ""))
        note_seen(request.session.session_key or "", request.session["_auth_user_id"], device, now)


def _actor(request: HttpRequest, now: datetime) -> Actor:
    keys: frozenset[int] = getattr(request, "keys", frozenset())
    if isinstance(request.user, Account):
        actor = actor_of(request.user, now, keys=keys)
        request.owed = owed(request.session, request.user, now) if actor.is_staff else ""  # type: ignore[attr-defined]
        return actor.in_office(None) if request.owed else actor  # type: ignore[attr-defined]
    return Actor(keys=frozenset(keys)) if keys else VISITOR
