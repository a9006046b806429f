"""Where one is signed in, and ending what one does not know."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.faces.portal.entrance import own_account
from linli.ground.look.devicewords import device_words
from linli.ground.look.pages import render_page, say
from linli.ground.people.actions.end_sessions import end_sessions
from linli.ground.people.doors import Request, signed_in
from linli.ground.people.entering import session_key
from linli.ground.people.sessions import open_sessions


@signed_in
@never_cache
def my_sessions(request: Request) -> HttpResponse:
    """Every device on which one is signed in, this one marked."""
    here = session_key(request)
    lines = [
        {
            "id": row.pk,
            "device": device_words(row.device),
            "started_at": row.started_at,
            "seen_at": row.seen_at,
            "here": row.session_id == here,
        }
        for row in open_sessions(own_account(request), request.now)
    ]
    context = {"lines": lines, "minutes": settings.SESSION_IDLE_MINUTES, "most": settings.SESSIONS_PER_ACCOUNT}
    return render_page(request, "portal/sessions.html", context)


@signed_in
@require_POST
def end_my_sessions(request: Request) -> HttpResponse:
    """One of the others, or all of them; this one ends by signing out."""
    chosen = request.POST.get("session", "")
    ended = end_sessions(
        own_account(request),
        actor=request.actor,
        now=request.now,
        only=_key(chosen) if chosen else None,
        kept=session_key(request),
    )
    words = ngettext("已退出 %(n)s 处登录。", "已退出 %(n)s 处登录。", ended) % {"n": ended}
    return say(redirect("my_sessions"), words if ended else _("没有别处的登录。"), "good" if ended else "info")


def _key(text: str) -> UUID:
    """The id that was chosen; one that is none finds no session."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
