"""Another telephone for one's account: the password, and a code sent to the new number."""

import json
from datetime import timedelta

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from linli.faces.portal.entrance import knows_password, own_account
from linli.faces.portal.forms import NewPhoneForm
from linli.ground.look.pages import render_page, say
from linli.ground.notices.forms import OneTimeCodeForm
from linli.ground.notices.one_time_codes import Tried, pending_code, send_code, try_code
from linli.ground.notices.tasks import SEALED_SMS, send_sealed_sms
from linli.ground.people.actions.change_own_phone import PhoneTaken, change_own_phone
from linli.ground.people.doors import Request, signed_in
from linli.ground.people.encryption import encrypt
from linli.ground.people.selectors import account_by_phone
from linli.ground.people.throttle import count, note
from linli.kernel.identity import mask_phone
from linli.services.cases.facade import adopt_earlier_cases

DOOR, MOST_IN_AN_HOUR, HOUR = "new_phone", 5, timedelta(hours=1)


@signed_in
@never_cache
@sensitive_post_parameters("present")
def my_phone(request: Request) -> HttpResponse:
    """The new number, with the password once more."""
    form = NewPhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and knows_password(request, form):
        account, phone = own_account(request), form.cleaned_data["phone"]
        note(DOOR, str(account.pk), request.now)
        if count(DOOR, str(account.pk), HOUR, request.now) > MOST_IN_AN_HOUR:
            form.add_error(None, _("获取验证码的次数太多，请一小时后再试。"))
            return render_page(request, "portal/phone.html", {"form": form}, status=429)
        send_code(
            request,
            DOOR,
            phone,
            _("【邻里】您正在更换账号的手机号，验证码 %(digits)s，10 分钟内有效。不是您本人操作的，请不要理会。"),
            request.now,
            genuine=account_by_phone(phone) is None,
            otherwise=_("【邻里】这个号码已经注册过，不能换给另一个账号。不是您本人操作的，请不要理会。"),
            about={"account": str(account.pk)},
        )
        return redirect("my_phone_check")
    return render_page(request, "portal/phone.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
@never_cache
def my_phone_check(request: Request) -> HttpResponse:
    """The code from the text message; then the number is changed, and the old one is told."""
    account, kept = own_account(request), pending_code(request, DOOR, request.now)
    if not kept or kept["about"].get("account") != str(account.pk):
        return say(redirect("my_phone"), _("验证码已过期，请重新获取。"), "info")
    form = OneTimeCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tried = try_code(request, DOOR, kept, form.cleaned_data["code"], request.now)
        if tried is Tried.TOO_OFTEN:
            return say(redirect("my_phone"), _("输错的次数太多，请重新获取验证码。"), "warning")
        if tried is Tried.RIGHT:
            return _changed(request, str(kept["phone"]))
        form.add_error("code", _("验证码不对，请照短信再输一次"))
    context = {"form": form, "phone": mask_phone(kept["phone"]), "first": "my_phone"}
    return render_page(request, "portal/phone_check.html", context, status=422 if form.errors else 200)


def _changed(request: Request, phone: str) -> HttpResponse:
    account = own_account(request)
    before = account.person.phone
    try:
        with transaction.atomic():
            change_own_phone(account, phone, actor=request.actor, now=request.now)
            adopt_earlier_cases(account.person, request.now)
    except PhoneTaken:
        return say(redirect("my_phone"), _("这个号码刚被另一个账号注册。"), "warning")
    if before and before != phone:
        text = _("【邻里】您账号的手机号已经更换。不是您本人办的，请马上联系受理窗口。")
        send_sealed_sms.enqueue(encrypt(json.dumps({"phone": before, "text": text}), SEALED_SMS))
    return say(redirect("my_profile"), _("手机号已更换。"))
