"""Preferences of the reader, and the pages shown when something did not work."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.ground.look.environment import ELDER_COOKIE
from linli.ground.look.pages import render_page
from linli.ground.organizations.selectors import last_contact
from linli.ground.people.doors import public

DESK = "/desk/"
ONE_YEAR = 365 * 24 * 3600


@public
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Remember large print or the language in a cookie, and go back to where the reader was."""
    response = HttpResponseRedirect(safe_next(request))
    if request.POST.get("elder") in {"0", "1"}:
        _remember(response, ELDER_COOKIE, request.POST["elder"])
    if request.POST.get("language") in dict(settings.LANGUAGES):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, request.POST["language"])
    return response


def safe_next(request: HttpRequest, fallback: str = "/") -> str:
    """The address in `next`, if it leads to this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else fallback


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the reason and, for somebody not signed in, the way to sign in."""
    actor = getattr(request, "actor", None)
    context = _frame(request) | {
        "code": 403,
        "title": _("您现在不能查看或办理这一项"),
        "explanation": str(exception or "") or _("这一项只对当事人和承办单位开放。"),
        "sign_in_helps": actor is None or actor.account is None,
    }
    return render_page(request, "look/error.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, with a way on."""
    frame = _frame(request)
    context = frame | {
        "code": 404,
        "title": _("没有找到这个页面"),
        "explanation": _("地址可能输错了，或者编号不对。可以在上面搜索编号，或回收件箱。")
        if frame["at_desk"]
        else _("地址可能输错了，或者这一项没有公开。您可以回到首页，或用受理编号查询。"),
        "sign_in_helps": False,
    }
    return render_page(request, "look/error.html", context, status=404)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form without a valid token: most often the page stood open for very long."""
    context = _frame(request) | {
        "code": 403,
        "title": _("页面打开太久，请再提交一次"),
        "explanation": _("为了您的安全，这次没有提交。请返回上一页，刷新后再提交；没有任何内容被改动。"),
        "sign_in_helps": False,
    }
    return render_page(request, "look/error.html", context, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """500: a page that needs neither the request nor the database."""
    page = engines["jinja2"].get_template("look/broken.html")
    return HttpResponse(page.render({"district_contact": last_contact()}), status=500)


def _frame(request: HttpRequest) -> dict[str, Any]:
    """Where an error page stands: staff at the desk keep its navigation, everybody else sees a plain page."""
    actor = getattr(request, "actor", None)
    at_desk = request.path.startswith(DESK) and actor is not None and bool(actor.is_staff)
    return {"at_desk": at_desk, "layout": "desk/layout.html" if at_desk else "look/base.html"}


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=ONE_YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )
