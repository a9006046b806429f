"""The pages of the three administrators. Each asks the table of administration, as the acts behind them do."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linli.faces.desk.administration.forms import LinkForm, LogForm, ReasonForm
from linli.faces.desk.administration.reads import (
    account_for,
    account_line,
    account_named,
    log_export,
    log_page,
    offices,
    offices_on,
    staff_accounts,
)
from linli.faces.desk.administration.words import ROLES, in_words
from linli.ground.look.days import AS_OF, day_context, past_day
from linli.ground.look.devicewords import device_words
from linli.ground.look.pages import render_page, say
from linli.ground.look.spreadsheets import spreadsheet
from linli.ground.matters.clocks import local_day
from linli.ground.people.actions.end_sessions import end_sessions
from linli.ground.people.actions.export_log import export_log as keep_export
from linli.ground.people.actions.link_sign_on import AlreadyLinked
from linli.ground.people.actions.link_sign_on import link_sign_on as link
from linli.ground.people.actions.readmit_account import readmit_account as readmit
from linli.ground.people.actions.reset_second_factor import reset_second_factor as reset
from linli.ground.people.actions.suspend_account import OwnAccount
from linli.ground.people.actions.suspend_account import suspend_account as suspend
from linli.ground.people.doors import Request, staff
from linli.ground.people.models import Account
from linli.ground.people.sessions import open_sessions

OF_LINK = "link_%s"  # two forms of one page ask for a reason


@staff
@never_cache
def administered_offices(request: Request) -> HttpResponse:
    """The organizations, and who holds which office, as of a day if one is asked for."""
    day, after = past_day(request.GET, local_day(request.now)), request.GET.get("after", "")
    page = (
        offices(request.actor, request.now, after=after) if day is None else offices_on(request.actor, day, after=after)
    )
    told = {AS_OF: day.isoformat()} if day else {}
    context = day_context(request, day) | {
        "lines": page.rows,
        "roles": ROLES,
        "next_url": _next("administered_offices", page.after, **told),
    }
    return render_page(request, "desk/administration/offices.html", context)


@staff
@never_cache
def administered_accounts(request: Request) -> HttpResponse:
    """The accounts of staff; a login name or a telephone opens one account, a resident's too."""
    typed = request.GET.get("q", "").strip()
    if typed:
        found = account_named(request.actor, typed)
        if found is not None:
            return redirect("administered_account", account=found.pk)
    page = staff_accounts(request.actor, request.now, after=request.GET.get("after", ""))
    context = {
        "lines": page.rows,
        "roles": ROLES,
        "typed": typed,
        "next_url": _next("administered_accounts", page.after),
    }
    return render_page(request, "desk/administration/accounts.html", context)


@staff
@never_cache
def administered_account(request: Request, account: UUID) -> HttpResponse:
    """One account, and what may be done about it."""
    return _account_page(request, account, ReasonForm())


@staff
@require_POST
def suspend_account(request: Request, account: UUID) -> HttpResponse:
    """Close it for the time being."""
    row, form = _account(request, account, "suspend_account"), ReasonForm(request.POST)
    if not form.is_valid():
        return _account_page(request, account, form, status=422)
    try:
        suspend(row, why=form.cleaned_data["why"], actor=request.actor, now=request.now)
    except OwnAccount:
        form.add_error(None, _("自己的账号请由另一位安全管理员处理。"))
        return _account_page(request, account, form, status=422)
    return say(redirect("administered_account", account=row.pk), _("账号已停用，已登录的设备也已退出。"))


@staff
@require_POST
def readmit_account(request: Request, account: UUID) -> HttpResponse:
    """Open it again."""
    row, form = _account(request, account, "readmit_account"), ReasonForm(request.POST)
    if not form.is_valid():
        return _account_page(request, account, form, status=422)
    readmit(row, why=form.cleaned_data["why"], actor=request.actor, now=request.now)
    return say(redirect("administered_account", account=row.pk), _("账号已恢复，可以登录了。"))


@staff
@require_POST
def end_account_sessions(request: Request, account: UUID) -> HttpResponse:
    """Sign somebody out everywhere."""
    ended = end_sessions(_account(request, account, "end_sessions"), actor=request.actor, now=request.now)
    words = ngettext("已退出 %(n)s 处登录。", "已退出 %(n)s 处登录。", ended) % {"n": ended}
    return say(redirect("administered_account", account=account), words)


@staff
@require_POST
def reset_second_factor(request: Request, account: UUID) -> HttpResponse:
    """Take a lost second factor off."""
    row, form = _account(request, account, "reset_second_factor"), ReasonForm(request.POST)
    if not form.is_valid():
        return _account_page(request, account, form, status=422)
    try:
        reset(row, why=form.cleaned_data["why"], actor=request.actor, now=request.now)
    except OwnAccount:
        form.add_error(None, _("自己的账号请由另一位安全管理员处理。"))
        return _account_page(request, account, form, status=422)
    return say(redirect("administered_account", account=row.pk), _("动态验证码已重置，本人登录后重新设置。"))


@staff
@require_POST
def link_sign_on(request: Request, account: UUID) -> HttpResponse:
    """Link it to somebody of the single sign-on."""
    row, form = _account(request, account, "link_sign_on"), LinkForm(request.POST, auto_id=OF_LINK)
    if not settings.OIDC_ISSUER:
        raise Http404
    if not form.is_valid():
        return _account_page(request, account, ReasonForm(), link_form=form, status=422)
    try:
        link(row, issuer=settings.OIDC_ISSUER, actor=request.actor, now=request.now, **form.cleaned_data)
    except OwnAccount:
        form.add_error(None, _("自己的账号请由另一位安全管理员处理。"))
    except AlreadyLinked:
        form.add_error("identifier", _("另一个账号已经关联了它，请先核对。"))
    if form.errors:
        return _account_page(request, account, ReasonForm(), link_form=form, status=422)
    words = _("已关联，本人可以用统一身份登录。") if form.cleaned_data["identifier"] else _("已取消关联。")
    return say(redirect("administered_account", account=row.pk), words)


@staff
@require_safe
@never_cache
def administration_log(request: Request) -> HttpResponse:
    """Sign-ins, disclosures, exports and administrative acts, newest first."""
    form = LogForm(request.GET)
    filters = form.filters()
    before = request.GET.get("before", "")
    page = log_page(request.actor, filters, before=int(before) if before.isdecimal() and len(before) < 19 else 0)
    asked = urlencode({name: value for name, value in form.data.items() if value and name != "before"})
    here = reverse("administration_log")
    context = {
        "form": form,
        "lines": [in_words(line) for line in page.rows],
        "first_url": f"{here}?{asked}" if before else "",
        "next_url": f"{here}?{asked}&before={page.after}" if page.after else "",
        "sheet_url": f"{reverse('export_log')}?{asked}",
    }
    return render_page(request, "desk/administration/log.html", context)


@staff
@require_safe
@never_cache
def export_log(request: Request) -> HttpResponse:
    """What the filters show, as a spreadsheet; the export stands in the log itself."""
    filters = LogForm(request.GET).filters()
    with transaction.atomic():
        rows = log_export(request.actor, filters).rows
        keep_export(len(rows), filters.codes(), actor=request.actor, now=request.now)
    columns = {
        "at": _("时间"),
        "event": _("发生了什么"),
        "actor": _("谁"),
        "office": _("岗位"),
        "subject": _("对象"),
        "details": _("说明"),
    }
    return spreadsheet("log.xlsx", (in_words(row) for row in rows), columns)


def _account(request: Request, key: UUID, action: str) -> Account:
    row = account_for(request.actor, key, action)
    if row is None:
        raise Http404
    return row


def _account_page(
    request: Request, key: UUID, form: ReasonForm, *, link_form: LinkForm | None = None, status: int = 200
) -> HttpResponse:
    found = account_line(request.actor, key, request.now)
    if found is None:
        raise Http404
    account, line = found
    context: dict[str, Any] = {
        "line": line,
        "roles": ROLES,
        "form": form,
        "link_form": (link_form or LinkForm(auto_id=OF_LINK)) if settings.OIDC_ISSUER else None,
        "own": key == request.actor.account,
        "sessions": [
            {"device": device_words(row.device), "seen_at": row.seen_at} for row in open_sessions(account, request.now)
        ],
    }
    return render_page(request, "desk/administration/account.html", context, status=status)


def _next(name: str, after: str, **asked: str) -> str:
    return f"{reverse(name)}?{urlencode(asked | {'after': after})}" if after else ""
