"""The matters that a session may open because their number and secret code were shown in it."""

from collections.abc import Callable

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from linli.ground.matters.models import Matter

KEYS = "matter_keys"
VERSION_LENGTH = 16


class KeysMiddleware:
    """`request.keys`, looked up when first used: the keys of the session that still fit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Prepare the request and pass it on."""
        request.keys = SimpleLazyObject(lambda: held_keys(request.session))  # type: ignore[attr-defined]
        return self.get_response(request)


def held_keys(session: SessionBase) -> frozenset[int]:
    """The matters that the session may open. A new code ends every key that was given for the old one."""
    held = _as_dict(session.get(KEYS))
    if not held:
        return frozenset()
    rows = Matter.objects.filter(pk__in=[int(matter) for matter in held]).values_list("pk", "code_digest")
    return frozenset(pk for pk, digest in rows if held[str(pk)] == code_version(digest))


def give_key(session: SessionBase, matter: int) -> None:
    """Let a session open a matter until its code changes."""
    digest = Matter.objects.values_list("code_digest", flat=True).get(pk=matter)
    session[KEYS] = {**_as_dict(session.get(KEYS)), str(matter): code_version(digest)}


def code_version(digest: str) -> str:
    """What a key remembers of the code it was given for: enough to know another one, not enough to be one."""
    return digest[:VERSION_LENGTH]


def _as_dict(held: object) -> dict[str, str]:
    """Sessions from before keys had a version hold a list; their keys have ended."""
    return held if isinstance(held, dict) else {}
