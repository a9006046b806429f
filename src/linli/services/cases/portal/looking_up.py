"""Looking up with number and secret code, and getting a new code by the telephone that was left."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from linli.ground.look.pages import render_page, say
from linli.ground.matters.action import Refused
from linli.ground.notices.forms import OneTimeCodeForm
from linli.ground.notices.one_time_codes import Tried, pending_code, send_code, try_code
from linli.ground.people.doors import Request, public
from linli.ground.people.throttle import count, note
from linli.kernel.access import Actor
from linli.services.cases.actions.renew_code import renew_code
from linli.services.cases.look_up_door import TooManyTries, may_try, try_look_up
from linli.services.cases.portal.codes import fresh_code, show_once, take_shown
from linli.services.cases.portal.gate import HOUR, address_of
from linli.services.cases.portal.memory import grant_key
from linli.services.cases.portal.reads import matter_with_phone
from linli.services.cases.portal_forms import LookUpForm, RecoverForm

RECOVER, CODE = "recover", "recover_code"
MOST_RECOVERIES = 5


@public
@never_cache
def look_up_case(request: Request) -> HttpResponse:
    """Number and code open the status page. A wrong number and a wrong code get one answer."""
    if request.method != "POST":
        form = LookUpForm(initial={"number": request.GET.get("number", "")[:40]})
        return render_page(request, "cases/portal/look_up.html", {"form": form})
    form, address = LookUpForm(request.POST), address_of(request)
    try:
        may_try(address, request.now)
    except TooManyTries:
        form.add_error(None, _("输错的次数太多，请 15 分钟后再试；着急的话，请打电话或到窗口查询。"))
        return render_page(request, "cases/portal/look_up.html", {"form": form}, status=429)
    if form.is_valid():
        number = form.cleaned_data["number"].strip()
        matter = try_look_up(number, form.cleaned_data["code"], address=address, now=request.now)
        if matter is not None:
            request.session.cycle_key()
            grant_key(request, matter, idle_minutes=settings.SESSION_IDLE_MINUTES)
            return redirect("my_case", number=number)
        form.add_error(None, _("编号和查询码对不上，请照回执再核对一次。"))
    return render_page(request, "cases/portal/look_up.html", {"form": form}, status=422)


@public
@never_cache
def recover_code(request: Request) -> HttpResponse:
    """Number and telephone; if they belong together, a text message with a one-time code is sent."""
    if request.method != "POST":
        form = RecoverForm(initial={"number": request.GET.get("number", "")[:40]})
        return render_page(request, "cases/portal/recover.html", {"form": form})
    form, address = RecoverForm(request.POST), address_of(request)
    if not form.is_valid():
        return render_page(request, "cases/portal/recover.html", {"form": form}, status=422)
    note(RECOVER, address, request.now)
    if count(RECOVER, address, HOUR, request.now) > MOST_RECOVERIES:
        form.add_error(None, _("找回的次数太多，请一小时后再试；着急的话，请带上证件到窗口查询。"))
        return render_page(request, "cases/portal/recover.html", {"form": form}, status=429)
    _challenge(request, form.cleaned_data["number"], form.cleaned_data["phone"])
    return redirect("recover_code_check")


@public
@never_cache
def recover_code_check(request: Request) -> HttpResponse:
    """The one-time code from the text message; right, it earns a new secret code."""
    kept = pending_code(request, CODE, request.now)
    if not kept:
        return say(redirect("recover_code"), _("验证码已过期，请重新获取。"), "info")
    form = OneTimeCodeForm(request.POST or None)
    if request.method != "POST":
        return render_page(request, "cases/portal/recover_check.html", {"form": form})
    if form.is_valid():
        tried = try_code(request, CODE, kept, form.cleaned_data["code"], request.now)
        if tried is Tried.TOO_OFTEN:
            return say(redirect("recover_code"), _("输错的次数太多，请重新获取验证码。"), "warning")
        if tried is Tried.RIGHT:
            return _renew(request, kept["about"])
        form.add_error("code", _("验证码不对，请照短信再输一次"))
    return render_page(request, "cases/portal/recover_check.html", {"form": form}, status=422)


@public
@never_cache
def recovered(request: Request) -> HttpResponse:
    """The new code, shown once."""
    shown = take_shown(request)
    if not shown:
        return redirect("look_up_case")
    return render_page(request, "cases/portal/recovered.html", {"shown": shown})


def _challenge(request: Request, number: str, phone: str) -> None:
    """Start a recovery. Whether number and telephone belong together shows in nothing but the text message."""
    matter = matter_with_phone(number, phone)
    text = _("【邻里】您正在找回诉求的查询码，验证码 %(digits)s，10 分钟内有效。不是您本人操作的，请不要理会。")
    about = {"number": number.strip(), "matter": matter}
    send_code(request, CODE, phone, text, request.now, genuine=matter is not None, about=about)


def _renew(request: Request, kept: dict[str, Any]) -> HttpResponse:
    matter, code = int(kept["matter"]), fresh_code()
    try:
        renew_code(matter, actor=Actor(keys=frozenset({matter})), now=request.now, code=code)
    except Refused:
        return say(redirect("recover_code"), _("没有办成，请再试一次，或到窗口办理。"), "warning")
    request.session.cycle_key()
    grant_key(request, matter, idle_minutes=settings.SESSION_IDLE_MINUTES)
    return show_once(request, kept["number"], code)
