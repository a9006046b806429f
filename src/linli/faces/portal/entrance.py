"""Signing in and out. Whatever is shown first, one function decides whether a code follows and where one lands."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from linli.faces.portal.forms import SignInCodeForm, SignInForm
from linli.ground.look.pages import render_page, say
from linli.ground.look.views import safe_next
from linli.ground.look.wordforms import moment
from linli.ground.people.doors import Request, public
from linli.ground.people.entering import enter, leave
from linli.ground.people.memory import forget, recall, remember
from linli.ground.people.models import Account
from linli.ground.people.owed import owed
from linli.ground.people.second_factor import sign_in_with_code
from linli.ground.people.selectors import actor_of
from linli.ground.people.signing_in import SignIn, has_second_factor, sign_in_with_password
from linli.ground.people.throttle import count, note, visitor_address

SIGN_IN, MOST_FAILURES, FAILURES_WITHIN = "sign_in", 30, timedelta(minutes=15)
HALF_WAY, HALF_WAY_FOR = "half_way_in", timedelta(minutes=10)


@public
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: Request) -> HttpResponse:
    """With login name and password. Staff land at their desk, residents at their matters."""
    if request.method != "POST":
        if request.actor.account is not None:
            return redirect(safe_next(request, reverse("inbox" if request.actor.is_staff else "my_matters")))
        idle = bool(request.session.pop("signed_out_idle", False))
        return _sign_in_page(request, SignInForm(), idle=idle)
    form = SignInForm(request.POST)
    if knocked_too_often(request):
        form.add_error(None, _("输错的次数太多，请 15 分钟后再试。"))
        return _sign_in_page(request, form, status=429)
    if not form.is_valid():
        return _sign_in_page(request, form, status=422)
    outcome = sign_in_with_password(form.cleaned_data["login"], form.cleaned_data["password"], request.now)
    if outcome.account is None:
        note_failure(request)
        form.add_error(None, refusal_words(outcome, _("登录名或密码不对，请再核对一次。")))
        return _sign_in_page(request, form, status=422)
    return admit(request, outcome.account, by="password", onward=safe_next(request, ""))


@public
@never_cache
@sensitive_post_parameters("code")
def sign_in_code(request: Request) -> HttpResponse:
    """The second step, for accounts that have one: a code of the authenticator, or a recovery code."""
    kept = recall(request, HALF_WAY)
    account = _half_way_in(request, kept)
    if account is None:
        forget(request, HALF_WAY)
        return say(redirect("sign_in"), _("请先输入登录名和密码。"), "info")
    form = SignInCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if knocked_too_often(request):
            form.add_error(None, _("输错的次数太多，请 15 分钟后再试。"))
            return render_page(request, "portal/sign_in_code.html", {"form": form}, status=429)
        outcome = sign_in_with_code(account, form.cleaned_data["code"], request.now)
        if outcome.account is not None:
            forget(request, HALF_WAY)
            enter(request, account, by=f"{kept['by']} and code", factor_shown=True)
            return redirect(_landing(request, account, kept["onward"]))
        note_failure(request)
        form.add_error("code", code_refusal(outcome))
    return render_page(request, "portal/sign_in_code.html", {"form": form}, status=422 if form.errors else 200)


@public
@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End the visit: account, keys and drafts are forgotten on this device."""
    leave(request)
    return say(redirect("home"), _("已退出，这台设备上不再留有您的信息。"))


def admit(request: Request, account: Account, *, by: str, onward: str = "") -> HttpResponse:
    """Let somebody in who has shown who they are, or ask for the code first. The one way for every kind of proof."""
    if has_second_factor(account):
        until = (request.now + HALF_WAY_FOR).isoformat()
        remember(request, HALF_WAY, {"account": str(account.pk), "by": by, "onward": onward, "until": until})
        return redirect("sign_in_code")
    enter(request, account, by=by)
    return redirect(_landing(request, account, onward))


def knocked_too_often(request: Request) -> bool:
    """Whether too many failures came from the visitor's address, under whatever names."""
    address = visitor_address(request, settings.TRUSTED_PROXIES)
    return count(SIGN_IN, address, FAILURES_WITHIN, request.now) >= MOST_FAILURES


def note_failure(request: Request) -> None:
    """Count a failure of the visitor's address."""
    note(SIGN_IN, visitor_address(request, settings.TRUSTED_PROXIES), request.now)


def own_account(request: Request) -> Account:
    """The account of whoever is signed in."""
    if not isinstance(request.user, Account):
        raise PermissionDenied
    return request.user


def knows_password(request: Request, form: forms.Form) -> bool:
    """Whether the present password is right; guesses are counted as at the door."""
    outcome = sign_in_with_password(own_account(request).login, form.cleaned_data["present"], request.now)
    if outcome.account is None:
        form.add_error("present", refusal_words(outcome, _("现在的密码不对，请再输一次。")))
    return outcome.account is not None


def knows_code(request: Request, form: forms.Form) -> bool:
    """Whether the code is right; guesses are counted as at the door."""
    outcome = sign_in_with_code(own_account(request), form.cleaned_data["code"], request.now)
    if outcome.account is None:
        form.add_error("code", code_refusal(outcome))
    return outcome.account is not None


def code_refusal(outcome: SignIn) -> str:
    """Why a code was not taken."""
    return refusal_words(outcome, _("验证码不对，或者已经用过。请等手机上换了新的再输。"))


def refusal_words(outcome: SignIn, wrong: str) -> str:
    """Why somebody was not let in, and what a further mistake leads to."""
    if outcome.reason == "locked":
        return _("连续输错，为保护您的账号，已暂停登录，%(until)s 后可以再试。") % {"until": moment(outcome.until)}
    limits = {"times": settings.LOCK_FAILURES, "minutes": settings.LOCK_MINUTES}
    return wrong + _("连续输错 %(times)s 次会暂停 %(minutes)s 分钟。") % limits


def _landing(request: Request, account: Account, onward: str) -> str:
    """Where somebody goes now: to what their office waits for, to where they wanted, or to their first page."""
    is_staff = actor_of(account, request.now).is_staff
    target = onward or reverse("inbox" if is_staff else "my_matters")
    first = owed(request.session, account, request.now) if is_staff else ""
    return f"{reverse(first)}?{urlencode({'next': target})}" if first else target


def _half_way_in(request: Request, kept: dict[str, Any]) -> Account | None:
    """Who has shown the first proof in this browser, a short while ago."""
    if not kept or datetime.fromisoformat(kept["until"]) <= request.now:
        return None
    return Account.objects.select_related("person").filter(pk=kept["account"], is_active=True).first()


def _sign_in_page(request: Request, form: SignInForm, *, idle: bool = False, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "idle": idle,
        "minutes": settings.SESSION_IDLE_MINUTES,
        "next": safe_next(request, ""),
        "sign_on": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
    }
    return render_page(request, "portal/sign_in.html", context, status=status)
