"""New secret codes: made here, stored as a digest, shown once."""

import secrets
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect

from linli.ground.matters.action import CODE_ALPHABET
from linli.ground.people.doors import Request
from linli.ground.people.memory import forget, recall, remember

LENGTH = 10
SHOWN = "new_code"
SHOWN_FOR = timedelta(minutes=10)


def fresh_code() -> str:
    """Ten letters and digits that cannot be mistaken for one another."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(LENGTH))


def show_once(request: Request, number: str, code: str) -> HttpResponse:
    """Send the reader to the page that shows the code, once."""
    remember(request, SHOWN, {"number": number, "code": code, "at": request.now.isoformat()})
    return redirect("recovered")


def take_shown(request: Request) -> dict[str, str]:
    """The code to show, which is then forgotten; empty when there is none or it waited too long."""
    kept = recall(request, SHOWN)
    forget(request, SHOWN)
    if not kept or datetime.fromisoformat(kept["at"]) < request.now - SHOWN_FOR:
        return {}
    return kept
