"""A filer's own matters: the list, the status page, and the acts that are theirs."""

from datetime import date
from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linli.ground.look.days import day_context, past_day, with_day
from linli.ground.look.pages import render_page, say
from linli.ground.look.spreadsheets import spreadsheet
from linli.ground.matters.action import Refused
from linli.ground.matters.clocks import end_of, local_day
from linli.ground.matters.standing import standing, standing_of
from linli.ground.notices.selectors import mark_read, unread_count
from linli.ground.people.doors import Request, party, public, signed_in
from linli.kernel.access import Actor
from linli.services.cases.feature import CASES
from linli.services.cases.following import followed
from linli.services.cases.models import Case
from linli.services.cases.portal.codes import fresh_code, show_once
from linli.services.cases.portal.gate import address_of
from linli.services.cases.portal.memory import as_resident, grant_key
from linli.services.cases.portal.words import ACTS, act_label, acts_of, promise_rule, sentence
from linli.services.cases.portal_forms import STEP_FORMS
from linli.services.cases.presenting import is_of_earlier_handling, timeline_lines
from linli.services.cases.selectors import CaseView, open_case, own_cases, view_case
from linli.services.cases.splitting import parts_of
from linli.services.cases.then import case_on, own_cases_on
from linli.services.cases.uploads import Held, hold_uploads
from linli.services.cases.wording import STATES, rating_words, refusal_words

UPLOADS = "uploads"
SHEET_ROWS = 2000


@public
@never_cache
def my_matters(request: Request) -> HttpResponse:
    """The demands of whoever is signed in, as of a day if one is asked for; others are shown the two ways to theirs."""
    actor, after = as_resident(request.actor), request.GET.get("after", "")
    day = past_day(request.GET, local_day(request.now))
    page = own_cases(actor, after=after) if day is None else own_cases_on(actor, day, after=after)
    rows = [_line(row, request, day) for row in page.rows]
    here = with_day(reverse("my_matters"), day)
    context = day_context(request, day) | {
        "rows": rows,
        "first": here if after else "",
        "next": f"{here}{'&' if day else '?'}{urlencode({'after': page.after})}" if page.after else "",
    }
    return render_page(request, "cases/portal/mine.html", context)


def _line(row: dict[str, Any], request: Request, day: date | None) -> dict[str, Any]:
    told = standing(CASES, {"state": row["state"]}, end_of(day)) if day else standing(CASES, row, request.now)
    return row | told | {"url": with_day(reverse("my_case", kwargs={"number": row["number"]}), day)}


@signed_in
@require_safe
@never_cache
def my_matters_sheet(request: Request) -> HttpResponse:
    """The same list as a spreadsheet, at most `SHEET_ROWS` rows."""
    page = own_cases(as_resident(request.actor), size=SHEET_ROWS)
    rows = (row | {"state": str(STATES[row["state"]])} for row in page.rows)
    columns = {
        "number": _("编号"),
        "title": _("标题"),
        "state": _("状态"),
        "opened_at": _("提交时间"),
        "due_at": _("答复日期"),
        "closed_at": _("结案时间"),
    }
    return spreadsheet("my-demands.xlsx", rows, columns)


@party
@never_cache
def my_case(request: Request, number: str) -> HttpResponse:
    """Everything that happened, what comes next and by when, and the acts that are open; or how it was on a day."""
    actor, day = as_resident(request.actor), past_day(request.GET, local_day(request.now))
    if day is not None:
        return _case_then(request, actor, number, day)
    try:
        view = view_case(actor, number, request.now)
    except Refused:
        return _not_yours(number)
    if unread_count(actor):
        mark_read(actor, request.now, matter=view.matter.pk)
    _stay(request)
    return render_page(request, "cases/portal/my_case.html", _status(view, request) | day_context(request, None))


def _case_then(request: Request, actor: Actor, number: str, day: date) -> HttpResponse:
    """The case as it stood at the end of a day: to read only. Notices of it stay unread."""
    try:
        case = open_case(actor, number)
    except Refused:
        return _not_yours(number)
    _stay(request)
    then = case_on(case, day, as_staff=False)
    context = day_context(request, day) | {"number": number, "shown": then}
    if then is None:
        return render_page(request, "cases/portal/my_case_then.html", context, status=404)
    context |= standing(CASES, {"state": then.span.state}, end_of(day)) | {
        "reply_is_old": is_of_earlier_handling(then.timeline, "sign_reply"),
        "entries": timeline_lines(reversed(then.timeline)),
    }
    return render_page(request, "cases/portal/my_case_then.html", context)


@party
@never_cache
def my_case_step(request: Request, number: str, step: str) -> HttpResponse:
    """One act of the filer: asked for with a page that works without scripts, done, and confirmed."""
    if step not in ACTS:
        raise Http404
    actor = as_resident(request.actor)
    try:
        case = open_case(actor, number)
    except Refused:
        return _not_yours(number)
    _stay(request)
    kind = STEP_FORMS[step]
    if request.method != "POST":
        return _step_page(request, case, step, kind())
    held = hold_uploads(request, UPLOADS, address=address_of(request)) if UPLOADS in kind.base_fields else Held()
    if held.removed:
        return _step_page(request, case, step, kind(initial=request.POST.dict()), held=held)
    form = kind(request.POST)
    if not held.tell(form, UPLOADS):
        return _step_page(request, case, step, form, held=held, status=422)
    return _take_step(request, case, step, form, held)


def _take_step(request: Request, case: Case, step: str, form: Form, held: Held) -> HttpResponse:
    inputs = dict(form.cleaned_data)
    if inputs.pop(UPLOADS, None) is not None:
        inputs["files"] = tuple(held.files)
    if step == "renew_code":
        inputs["code"] = fresh_code()
    try:
        CASES.actions[step](case.pk, actor=as_resident(request.actor), now=request.now, **inputs)
    except Refused as refusal:
        missing = refusal_words(refusal.reason, refusal.blockers)
        return _step_page(request, case, step, form, missing=missing, held=held, status=409)
    if step == "renew_code":
        return _new_code(request, case, inputs["code"])
    return say(redirect("my_case", number=case.matter.number), done_words(step))


def _new_code(request: Request, case: Case, code: str) -> HttpResponse:
    """Show it once; the key of whoever came by the old code has just ended, and is replaced."""
    if case.pk in request.actor.keys:
        grant_key(request, case.pk, idle_minutes=settings.SESSION_IDLE_MINUTES)
    return show_once(request, case.matter.number, code)


def done_words(step: str) -> str:
    """What the next page says after an act."""
    words = {
        "supply_supplement": _("已收到您补充的内容，接着办理。"),
        "confirm_solved": _("谢谢您的确认。核查后就会结案。"),
        "reopen_case": _("已重新交给承办单位办理，新的答复日期见下面。"),
        "request_reopening": _("已收到您的申请，由上级决定，结果会写在办理经过里。"),
        "rate_case": _("谢谢您的评价。"),
        "urge_case": _("已替您催办，承办单位会看到。"),
        "withdraw_case": _("已撤回。需要时可以重新反映。"),
    }
    return words[step]


def _status(view: CaseView, request: Request) -> dict[str, Any]:
    now = request.now
    matter, case = view.matter, view.case
    open_now, waiting = acts_of(view.offers)
    texts: dict[str, str] = {}
    for entry in view.timeline:
        texts |= entry.texts
    return standing_of(CASES, matter, now) | {
        "view": view,
        "matter": matter,
        "case": case,
        "sentence": sentence(view, now),
        "acts": open_now,
        "waiting": waiting,
        "reply": texts.get("reply", ""),
        "reply_is_old": is_of_earlier_handling(view.timeline, "sign_reply"),
        "followed": _followed(case),
        "parts": [(part.unit, STATES[part.matter.state]) for part in parts_of(matter.pk)],
        "question": texts.get("question", "") if matter.state == "waiting" else "",
        "entries": timeline_lines(reversed(view.timeline)),
        "rule": promise_rule(view),
        "rating": rating_words(case.rating, case.appeal),
        "rating_is_old": is_of_earlier_handling(view.timeline, "rate_case"),
    }


def _followed(case: Case) -> dict[str, Any] | None:
    """How the case goes that this one was merged into; nothing of who filed it."""
    found = followed(case)
    if found is None:
        return None
    return {
        "state_words": STATES[found.matter.state],
        "tone": CASES.tones.get(found.matter.state, "moving"),
        "holder": found.matter.holder.name,
        "due_at": found.matter.due_at,
        "is_open": found.matter.closed_at is None,
        "public_number": found.matter.number if found.matter.published_at else "",
        "reply": found.public_reply,
        "entries": timeline_lines(reversed(found.entries)),
    }


def _step_page(
    request: Request,
    case: Case,
    step: str,
    form: Form,
    *,
    missing: list[str] | None = None,
    held: Held | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "case": case,
        "matter": case.matter,
        "step": step,
        "label": act_label(step),
        "form": form,
        "missing": missing or [],
        "held": held.files if held else [],
        "explanation": _explanation(step),
    }
    return render_page(request, "cases/portal/my_step.html", context, status=status)


def _explanation(step: str) -> str:
    words = {
        "supply_supplement": _("补充以后，承办单位接着办理，剩下的时限从今天接着算。"),
        "confirm_solved": _("确认以后，工作人员核查、结案。结案后您可以评价。"),
        "reopen_case": _("承办单位会重新办理，并给出新的答复日期。直接重办的机会有一次。"),
        "request_reopening": _("直接重办的机会已经用过。这次由上级决定是否重办。"),
        "rate_case": _("评价全凭自愿，一件事评价一次，不能修改。"),
        "urge_case": _("我们会提醒现在该办的单位。一天可以催一次。"),
        "renew_code": _("换了以后，原来的查询码马上作废。新查询码只显示一次，请记好。"),
        "withdraw_case": _("撤回以后，这件事不再办理，也不能恢复；需要时要重新反映。"),
    }
    return words[step]


def _not_yours(number: str) -> HttpResponse:
    """The same for what is not there and for what is somebody else's."""
    target = redirect(f"{reverse('look_up_case')}?{urlencode({'number': number})}")
    return say(target, _("要看这件事，请输入它的查询码。"), "info")


def _stay(request: Request) -> None:
    """A visitor with a key stays as long as they go on reading."""
    if not request.session.get("_auth_user_id"):
        request.session.set_expiry(settings.SESSION_IDLE_MINUTES * 60)
