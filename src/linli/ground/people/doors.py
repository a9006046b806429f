"""Who may knock: every view bears one of five marks, and a test refuses a view without one.

A mark says who comes as far as the view. What they may see or do there is decided by the access table.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.kernel.access import Actor

PUBLIC, PARTY, SIGNED_IN, STAFF = "public", "party", "signed_in", "staff"
PROGRAM = "program"  # by the token that it shows in a header or as a key, never by a cookie
DOOR = "door"


class Request(HttpRequest):
    """A request as views get it: the middleware has added who asks and when."""

    actor: Actor
    now: datetime
    owed: str  # the page to be seen to before an office opens; known once `actor` was looked at
    unread: int
    unread_as_filer: int


View = Callable[..., HttpResponseBase]
ViewT = TypeVar("ViewT", bound=View)


def public(view: ViewT) -> ViewT:
    """Everyone comes in."""
    setattr(view, DOOR, PUBLIC)
    return view


def program(view: ViewT) -> ViewT:
    """A program comes in, with the token that it shows: the view looks at it, and never at a session."""
    setattr(view, DOOR, PROGRAM)
    return view


def party(view: View) -> View:
    """Whoever is signed in, and whoever showed the number and code of a matter; others are sent to look up theirs."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **parts: Any) -> HttpResponseBase:
        if request.actor.account is None and not request.actor.keys:
            asked = {"number": parts["number"]} if "number" in parts else {}
            return HttpResponseRedirect(f"{reverse('look_up_case')}?{urlencode(asked)}".rstrip("?"))
        return view(request, *args, **parts)

    return _marked(guarded, PARTY)


def signed_in(view: View) -> View:
    """Whoever has signed in; others sign in first and come back."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **parts: Any) -> HttpResponseBase:
        if request.actor.account is None:
            return _to_sign_in(request)
        return view(request, *args, **parts)

    return _marked(guarded, SIGNED_IN)


def staff(view: View) -> View:
    """Whoever holds an office today; those who owe a second factor or a new password see to that first.

    Raises:
        PermissionDenied: signed in, but without an office.
    """

    @wraps(view)
    def guarded(request: Request, *args: Any, **parts: Any) -> HttpResponseBase:
        if request.actor.account is None:
            return _to_sign_in(request)
        if not request.actor.is_staff and request.owed:
            return _to(request, request.owed)
        if not request.actor.is_staff:
            raise PermissionDenied(_("这里是工作人员的办理台。您的事项请在“我的事项”中查看。"))
        return view(request, *args, **parts)

    return _marked(guarded, STAFF)


def door_of(view: View) -> str | None:
    """The mark of a view, None where it was forgotten."""
    mark: str | None = getattr(view, DOOR, None)
    return mark


def _marked(view: View, mark: str) -> View:
    setattr(view, DOOR, mark)
    return view


def _to_sign_in(request: Request) -> HttpResponseBase:
    return _to(request, "sign_in")


def _to(request: Request, name: str) -> HttpResponseBase:
    """To another page, and back here afterwards."""
    back = request.get_full_path() if request.method == "GET" else ""
    query = f"?{urlencode({'next': back})}" if back else ""
    return HttpResponseRedirect(reverse(name) + query)
