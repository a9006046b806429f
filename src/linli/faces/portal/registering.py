"""An account of one's own: a telephone, a code by text message, a name and a password. The same for a lost password.

Whether a telephone is registered shows in nothing but the text message that it gets.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from linli.faces.portal.consent_words import PRIVACY_NOTICE
from linli.faces.portal.entrance import admit
from linli.faces.portal.forms import DetailsForm, NewPasswordForm, PhoneForm, RegisterForm
from linli.ground.look.pages import render_page, say
from linli.ground.notices.forms import OneTimeCodeForm
from linli.ground.notices.one_time_codes import Tried, pending_code, send_code, try_code
from linli.ground.people.actions.register_resident import AlreadyRegistered, register_resident
from linli.ground.people.actions.set_password import set_password
from linli.ground.people.doors import Request, public
from linli.ground.people.memory import forget, recall, remember
from linli.ground.people.models import Account
from linli.ground.people.selectors import account_by_phone
from linli.ground.people.signing_in import has_second_factor
from linli.ground.people.throttle import count, note, visitor_address
from linli.ground.privacy.retention import terms_of_keeping
from linli.kernel.access import Actor
from linli.kernel.identity import mask_phone
from linli.services.cases.facade import adopt_earlier_cases

MOST_IN_AN_HOUR, HOUR = 5, timedelta(hours=1)
SHOWN, SHOWN_FOR = "shown_phone", timedelta(minutes=30)


@dataclass(frozen=True)
class Way:
    """What registering and setting a new password have in common: three addresses, and a code by text message."""

    door: str
    first: str
    second: str
    third: str
    form: type[PhoneForm]


REGISTER = Way("register", "register", "register_check", "register_details", RegisterForm)
FORGOT = Way("new_password", "forgot_password", "forgot_password_check", "forgot_password_new", PhoneForm)


@public
@never_cache
def register(request: Request) -> HttpResponse:
    """The telephone, and consent to what is kept. Whoever is signed in has an account already."""
    if request.actor.account is not None:
        return redirect("my_profile")
    return _first_page(request, REGISTER)


@public
@never_cache
def register_check(request: Request) -> HttpResponse:
    """The code from the text message."""
    return _second_page(request, REGISTER)


@public
@never_cache
@sensitive_post_parameters("password")
def register_details(request: Request) -> HttpResponse:
    """Name, password and perhaps an e-mail address; then the account is there, and signed in."""
    phone = _shown(request, REGISTER)
    if not phone:
        return _too_late(REGISTER)
    form = DetailsForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _third_page(request, "portal/register_details.html", form, phone)
    given = form.cleaned_data
    forget(request, SHOWN)
    try:
        with transaction.atomic():
            account = register_resident(
                phone=phone,
                name=given["name"],
                password=given["password"],
                email=given["email"],
                notice=PRIVACY_NOTICE,
                guardian=form.guardian(),
                now=request.now,
            )
            earlier = adopt_earlier_cases(account.person, request.now)
    except AlreadyRegistered:
        return say(redirect("sign_in"), _("这个手机号已经注册好了，请直接登录。"), "info")
    return _to_own(request, account, _("注册好了，已经登录。以后用手机号和密码登录。"), earlier)


@public
@never_cache
def forgot_password(request: Request) -> HttpResponse:
    """The telephone that one registered with."""
    return _first_page(request, FORGOT)


@public
@never_cache
def forgot_password_check(request: Request) -> HttpResponse:
    """The code from the text message."""
    return _second_page(request, FORGOT)


@public
@never_cache
@sensitive_post_parameters("password")
def forgot_password_new(request: Request) -> HttpResponse:
    """The new password; every other session of the account ends with the old one."""
    phone = _shown(request, FORGOT)
    account = account_by_phone(phone) if phone else None
    if account is None:
        return _too_late(FORGOT)
    form = NewPasswordForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _third_page(request, "portal/forgot_password_new.html", form, phone)
    forget(request, SHOWN)
    actor = Actor(account=account.pk, person=account.person_id)
    with transaction.atomic():
        set_password(account, form.cleaned_data["password"], actor=actor, now=request.now)
        earlier = adopt_earlier_cases(account.person, request.now)
    done = _("新密码已生效。") if has_second_factor(account) else _("新密码已生效，已经登录。")
    return _to_own(request, account, done, earlier)


@public
@require_safe
def privacy(request: Request) -> HttpResponse:
    """What is kept of a resident, why, who sees it, and what they may ask for."""
    context = {"edition": PRIVACY_NOTICE, "terms": terms_of_keeping(request.now)}
    return render_page(request, "portal/privacy.html", context)


def _first_page(request: Request, way: Way) -> HttpResponse:
    template = f"portal/{way.first}.html"
    form = way.form(request.POST or None)
    if request.method != "POST":
        return render_page(request, template, {"form": form})
    if not form.is_valid():
        return render_page(request, template, {"form": form}, status=422)
    address = visitor_address(request, settings.TRUSTED_PROXIES)
    note(way.door, address, request.now)
    if count(way.door, address, HOUR, request.now) > MOST_IN_AN_HOUR:
        form.add_error(None, _("获取验证码的次数太多，请一小时后再试。"))
        return render_page(request, template, {"form": form}, status=429)
    _challenge(request, way, form.cleaned_data["phone"])
    return redirect(way.second)


def _challenge(request: Request, way: Way, phone: str) -> None:
    is_registered = account_by_phone(phone) is not None
    if way is REGISTER:
        text = _("【邻里】您正在注册账号，验证码 %(digits)s，10 分钟内有效。不是您本人操作的，请不要理会。")
        otherwise = _("【邻里】这个号码已经注册过，请直接登录；忘了密码，在登录页重设。不是您本人操作的，请不要理会。")
        send_code(request, way.door, phone, text, request.now, genuine=not is_registered, otherwise=otherwise)
    else:
        text = _("【邻里】您正在重设密码，验证码 %(digits)s，10 分钟内有效。不是您本人操作的，请不要告诉任何人。")
        send_code(request, way.door, phone, text, request.now, genuine=is_registered)


def _second_page(request: Request, way: Way) -> HttpResponse:
    kept = pending_code(request, way.door, request.now)
    if not kept:
        return say(redirect(way.first), _("验证码已过期，请重新获取。"), "info")
    form = OneTimeCodeForm(request.POST or None)
    context = {"form": form, "phone": mask_phone(kept["phone"]), "first": way.first}
    if request.method == "POST" and form.is_valid():
        tried = try_code(request, way.door, kept, form.cleaned_data["code"], request.now)
        if tried is Tried.TOO_OFTEN:
            return say(redirect(way.first), _("输错的次数太多，请重新获取验证码。"), "warning")
        if tried is Tried.RIGHT:
            until = (request.now + SHOWN_FOR).isoformat()
            remember(request, SHOWN, {"door": way.door, "phone": kept["phone"], "until": until})
            return redirect(way.third)
        form.add_error("code", _("验证码不对，请照短信再输一次"))
    return render_page(request, "portal/phone_check.html", context, status=422 if form.errors else 200)


def _third_page(request: Request, template: str, form: NewPasswordForm, phone: str) -> HttpResponse:
    context = {"form": form, "phone": mask_phone(phone)}
    return render_page(request, template, context, status=422 if form.errors else 200)


def _shown(request: Request, way: Way) -> str:
    """The telephone that this visitor has shown to hold, for this way, in the last half hour."""
    kept = recall(request, SHOWN)
    if not kept or kept["door"] != way.door or datetime.fromisoformat(kept["until"]) <= request.now:
        return ""
    return str(kept["phone"])


def _too_late(way: Way) -> HttpResponse:
    return say(redirect(way.first), _("请先验证手机号。"), "info")


def _to_own(request: Request, account: Account, done: str, earlier: int) -> HttpResponse:
    """On to one's own demands, with a word of those that were filed before with the telephone just proved."""
    words = ngettext(
        "以前用这个手机号反映的 %(n)s 件事，已归到您的账号，就在下面。",
        "以前用这个手机号反映的 %(n)s 件事，已归到您的账号，就在下面。",
        earlier,
    )
    onward = admit(request, account, by="telephone", onward=reverse("my_matters"))
    return say(onward, " ".join([done, words % {"n": earlier}] if earlier else [done]))
