"""What belongs to whoever is signed in: their notices, their name and address, their password."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from linli.faces.portal.consent_words import PRIVACY_NOTICE
from linli.faces.portal.entrance import knows_password, own_account
from linli.faces.portal.forms import ChangePasswordForm, ProfileForm
from linli.ground.look.pages import render_page, say
from linli.ground.look.spreadsheets import spreadsheet
from linli.ground.look.views import safe_next
from linli.ground.matters.features import FEATURES
from linli.ground.notices.selectors import mark_read, own_notices
from linli.ground.people.actions.change_profile import change_profile
from linli.ground.people.actions.set_password import set_password
from linli.ground.people.doors import Request, signed_in
from linli.ground.people.entering import keep_entered, session_key
from linli.kernel.identity import mask_phone

SHEET_ROWS = 2000


@signed_in
@never_cache
def my_notices(request: Request) -> HttpResponse:
    """What happened to the matters that one filed, newest first."""
    after = request.GET.get("after", "")
    page = own_notices(request.actor, after=after, as_filer=True)
    here = reverse("my_notices")
    context = {
        "lines": [_line(row) for row in page.rows],
        "first": here if after else "",
        "next": f"{here}?after={page.after}" if page.after else "",
    }
    return render_page(request, "portal/notices.html", context)


@signed_in
@require_POST
def read_my_notices(request: Request) -> HttpResponse:
    """Mark them all as read."""
    mark_read(request.actor, request.now, as_filer=True)
    return redirect("my_notices")


@signed_in
@require_safe
@never_cache
def my_notices_sheet(request: Request) -> HttpResponse:
    """The same list as a spreadsheet, at most `SHEET_ROWS` rows."""
    page = own_notices(request.actor, as_filer=True, size=SHEET_ROWS)
    columns = {
        "at": _("时间"),
        "matter__number": _("编号"),
        "matter__title": _("事项"),
        "words": _("发生了什么"),
        "read_at": _("读过的时间"),
    }
    return spreadsheet("notices.xlsx", (_line(row) for row in page.rows), columns)


@signed_in
@never_cache
def my_profile(request: Request) -> HttpResponse:
    """Name and e-mail address; the telephone is shown masked, since a new one has to be verified (`my_phone`)."""
    person = own_account(request).person
    if request.method != "POST":
        return _profile_page(request, ProfileForm(initial={"name": person.name, "email": person.email}))
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _profile_page(request, form, status=422)
    change_profile(person, notice=PRIVACY_NOTICE, actor=request.actor, now=request.now, **form.cleaned_data)
    return say(redirect("my_profile"), _("已保存。"))


@signed_in
@never_cache
@sensitive_post_parameters("present", "password")
def my_password(request: Request) -> HttpResponse:
    """A new password for the present one; every other session of the account ends."""
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and knows_password(request, form):
        account = own_account(request)
        new = form.cleaned_data["password"]
        set_password(account, new, actor=request.actor, now=request.now, kept=session_key(request))
        keep_entered(request, account)
        onward = safe_next(request, reverse("my_profile"))
        return say(redirect(onward), _("密码已更换，其他设备上的登录已经失效。"))
    context = {
        "form": form,
        "due": request.owed == "my_password",
        "days": settings.PASSWORD_DAYS,
        "next": safe_next(request, ""),
    }
    return render_page(request, "portal/password.html", context, status=422 if form.errors else 200)


def _profile_page(request: Request, form: ProfileForm, *, status: int = 200) -> HttpResponse:
    phone = own_account(request).person.phone
    context = {
        "form": form,
        "phone": mask_phone(phone) if phone else "",
        "offers_factor": settings.SECOND_FACTOR != "off",
    }
    return render_page(request, "portal/profile.html", context, status=status)


def _line(row: dict[str, Any]) -> dict[str, Any]:
    words = FEATURES[row["matter__kind"]].told(row["event"])
    return row | {"words": words, "url": reverse("my_case", kwargs={"number": row["matter__number"]})}
