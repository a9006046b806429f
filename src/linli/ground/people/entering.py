"""The one way in: whatever was shown, a session begins here and nowhere else."""

from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest

from linli.ground.people.actions.sign_in import sign_in
from linli.ground.people.doors import Request
from linli.ground.people.models import Account, OpenSession
from linli.ground.people.owed import FACTOR_SHOWN
from linli.ground.people.rules.devices import device_code

BACKEND = "django.contrib.auth.backends.ModelBackend"


def enter(request: Request, account: Account, *, by: str, factor_shown: bool = False) -> None:
    """Begin a session for an account. The key is a new one, so that nobody waits under a known key."""
    request.session.set_expiry(None)
    login(request, account, backend=BACKEND)
    if factor_shown:
        request.session[FACTOR_SHOWN] = True
    request.session.save()
    sign_in(account, session=session_key(request), device=device_of(request), by=by, now=request.now)


def leave(request: HttpRequest) -> None:
    """End the session of this browser; its row goes with it."""
    logout(request)


def keep_entered(request: Request, account: Account) -> None:
    """Go on after a new password: this session gets a new key and stays, with the moment it began."""
    row = OpenSession.objects.filter(session=session_key(request)).first()
    update_session_auth_hash(request, account)
    if row is not None:
        row.session_id = session_key(request)
        row.save(force_insert=True)  # the old one went with the old key


def session_key(request: HttpRequest) -> str:
    """The key of this browser's session."""
    return request.session.session_key or ""


def device_of(request: HttpRequest) -> str:
    """The browser and machine, as codes."""
    return device_code(request.headers.get("User-Agent", ""))
