"""One's second factor: adding an authenticator, new recovery codes, turning it off with a code."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from linli.faces.portal.entrance import knows_code, knows_password, own_account
from linli.faces.portal.forms import NewFactorForm, SignInCodeForm
from linli.faces.portal.qr import qr_drawing
from linli.ground.look.pages import render_page, say
from linli.ground.look.views import safe_next
from linli.ground.people.actions.add_second_factor import AlreadyAdded, CodeWrong, add_second_factor
from linli.ground.people.actions.drop_second_factor import drop_second_factor as drop
from linli.ground.people.actions.renew_recovery_codes import renew_recovery_codes as renew
from linli.ground.people.doors import Request, signed_in
from linli.ground.people.memory import forget, recall, remember
from linli.ground.people.models import SecondFactor
from linli.ground.people.owed import FACTOR_SHOWN
from linli.ground.people.rules.one_time import new_secret, provisioning_uri
from linli.ground.people.second_factor import codes_left, read, written

NEW_FACTOR = "new_factor"


@signed_in
@never_cache
@sensitive_post_parameters("code", "present")
def second_factor(request: Request) -> HttpResponse:
    """What one has; or, where one has none, the way to add it: scan, type the code, keep the recovery codes."""
    _offered()
    factor = SecondFactor.objects.filter(account=own_account(request)).first()
    if factor is not None:
        return _standing_page(request, factor, SignInCodeForm())
    if request.method != "POST":
        return _adding_page(request, _form(request))
    form = _form(request, request.POST)
    if not form.is_valid() or ("present" in form.fields and not knows_password(request, form)):
        return _adding_page(request, form, status=422)
    return _add(request, form)


@signed_in
@require_POST
@never_cache
@sensitive_post_parameters("code")
def renew_recovery_codes(request: Request) -> HttpResponse:
    """Ten new codes for a code; the old ones are void."""
    factor, form = _own_factor(request), SignInCodeForm(request.POST)
    if not form.is_valid() or not knows_code(request, form):
        return _standing_page(request, factor, form, status=422)
    return _codes_page(request, renew(own_account(request), actor=request.actor, now=request.now))


@signed_in
@require_POST
@sensitive_post_parameters("code")
def drop_second_factor(request: Request) -> HttpResponse:
    """Off again, for a code."""
    factor, form = _own_factor(request), SignInCodeForm(request.POST)
    if not form.is_valid() or not knows_code(request, form):
        return _standing_page(request, factor, form, status=422)
    drop(own_account(request), actor=request.actor, now=request.now)
    request.session.pop(FACTOR_SHOWN, None)
    return say(redirect("second_factor"), _("动态验证码已关闭，以后只凭密码登录。"))


def _form(request: Request, given: Any = None) -> NewFactorForm:
    """The password is asked for once more where there is one."""
    form = NewFactorForm(given)
    if not own_account(request).has_usable_password():
        del form.fields["present"]
    return form


def _add(request: Request, form: NewFactorForm) -> HttpResponse:
    secret = recall(request, NEW_FACTOR).get("secret", "")
    if not secret:
        return say(redirect("second_factor"), _("页面打开太久，请重新扫码。"), "info")
    account = own_account(request)
    try:
        codes = add_second_factor(
            account, read(secret), form.cleaned_data["code"], actor=request.actor, now=request.now
        )
    except CodeWrong:
        form.add_error("code", _("验证码不对。请核对手机的时间，等换了新的验证码再输。"))
        return _adding_page(request, form, status=422)
    except AlreadyAdded:
        return redirect("second_factor")
    forget(request, NEW_FACTOR)
    request.session[FACTOR_SHOWN] = True
    return _codes_page(request, codes)


def _adding_page(request: Request, form: NewFactorForm, *, status: int = 200) -> HttpResponse:
    """The picture stays the same while somebody mistypes: its secret waits, encrypted, in the session."""
    secret = recall(request, NEW_FACTOR).get("secret", "")
    if not secret:
        secret = written(new_secret())
        remember(request, NEW_FACTOR, {"secret": secret})
    account = own_account(request)
    uri = provisioning_uri(read(secret), account=account.person.name or account.login, issuer=_("邻里"))
    context: dict[str, Any] = {
        "form": form,
        "drawing": qr_drawing(uri),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "required": request.owed == "second_factor",
        "next": safe_next(request, ""),
    }
    return render_page(request, "portal/second_factor_new.html", context, status=status)


def _standing_page(request: Request, factor: SecondFactor, form: SignInCodeForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "added_at": factor.added_at, "left": codes_left(own_account(request))}
    return render_page(request, "portal/second_factor.html", context, status=status)


def _codes_page(request: Request, codes: list[str]) -> HttpResponse:
    onward = safe_next(request, reverse("second_factor"))
    return render_page(request, "portal/recovery_codes.html", {"codes": codes, "onward": onward})


def _own_factor(request: Request) -> SecondFactor:
    _offered()
    factor = SecondFactor.objects.filter(account=own_account(request)).first()
    if factor is None:
        raise Http404
    return factor


def _offered() -> None:
    if settings.SECOND_FACTOR == "off":
        raise Http404
