"""The door of the API: a token in the Authorization header, never a cookie, so that no other site can use a session."""

from collections import deque
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from ninja.security import HttpBearer

from linli.ground.exchange.models import ApiToken
from linli.ground.exchange.problems import Problem
from linli.ground.exchange.scopes import Scope
from linli.ground.exchange.tokens import note_use, token_shown, why_ended
from linli.ground.people.doors import Request
from linli.ground.people.selectors import actor_of
from linli.ground.people.throttle import count, note

WRITES = "api_write"
MINUTE = timedelta(minutes=1)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class TokenRequest(Request):
    """A request that came with a token; `actor` is the token's account, whatever cookies came along."""

    token: ApiToken


class Bearer(HttpBearer):
    """Lets in whoever shows a token that holds and has the scope."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: TokenRequest) -> ApiToken:  # type: ignore[override]
        """Read the header; without one, say how to come by a token."""
        token = super().__call__(request)
        if token is None:
            raise Problem("token_missing")
        return token  # type: ignore[no-any-return]

    def authenticate(self, request: TokenRequest, token: str) -> ApiToken:  # type: ignore[override]
        """The token, its account put on the request as the actor.

        Raises:
            Problem: it is unknown or has ended, has not the scope, or was used too often.
        """
        now = request.now
        shown = token_shown(token.strip())
        if shown is None:
            raise Problem("token_unknown")
        if ended := why_ended(shown, now):
            raise Problem(f"token_{ended}")
        if self.scope not in shown.scopes:
            raise Problem("scope_missing")
        _throttle(shown, now, writes=self.scope is Scope.WRITE or _administers(request, self.scope))
        note_use(shown, now)
        request.token = shown
        request.actor = actor_of(shown.account, now)
        return shown


_reads: dict[UUID, deque[datetime]] = {}


def _administers(request: TokenRequest, scope: Scope) -> bool:
    """Whether something is changed under the one scope that is for reading and for writing."""
    return scope is Scope.ADMINISTER and request.method not in SAFE_METHODS


def _throttle(token: ApiToken, now: datetime, *, writes: bool) -> None:
    """Count a use. Writes are counted in the database, exactly; reads by each web process, so that reading writes none.

    Raises:
        Problem: the token was used too often in the last minute.
    """
    if writes:
        if count(WRITES, str(token.pk), MINUTE, now) >= settings.API_WRITES_PER_MINUTE:
            raise Problem("too_many", wait=60)
        note(WRITES, str(token.pk), now)
        return
    seen = _reads.setdefault(token.pk, deque(maxlen=settings.API_READS_PER_MINUTE))
    if len(seen) == seen.maxlen and now - seen[0] < MINUTE:
        raise Problem("too_many", wait=max(1, int((MINUTE - (now - seen[0])).total_seconds())))
    seen.append(now)
