"""Filing a demand in three short steps and a review. Every page works without scripts; the back button works."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from linli.ground.files.storing import UploadRefused, store_upload
from linli.ground.files.wording import refusal_words as upload_words
from linli.ground.look.pages import render_page, say
from linli.ground.matters.action import Opened, Refused
from linli.ground.matters.clocks import local_day
from linli.ground.organizations.selectors import district_contact
from linli.ground.people.doors import Request, public
from linli.ground.people.memory import forget, recall, remember
from linli.ground.people.throttle import count, note
from linli.ground.record.writing import Audience
from linli.ground.territory.facade import drawn_level
from linli.services.cases.models import Case
from linli.services.cases.portal.drafts import (
    Draft,
    contact_kind,
    drop_draft,
    load_draft,
    save_draft,
    submit_draft,
    title_of,
)
from linli.services.cases.portal.gate import HOUR, Gate, address_of, answered, gate_for, passed, question
from linli.services.cases.portal.known import decided, known_context
from linli.services.cases.portal.memory import as_resident, grant_key
from linli.services.cases.portal_forms import MOST_PHOTOS, WhatForm, WhereForm
from linli.services.cases.rules.rulebook import rulebook
from linli.services.cases.uploads import MOST_UPLOADS_IN_AN_HOUR, REMOVE, UPLOAD

FILED, SENT = "filed", "filing_sent"
SHOWN_FOR = timedelta(minutes=30)


@public
@never_cache
def file_case(request: Request) -> HttpResponse:
    """Step 1: what it is about, with photos. Photos are stored at once, so that no later mistake loses them."""
    draft = load_draft(request, request.now)
    if request.method != "POST":
        return _page(request, "what", draft, WhatForm(initial=draft.what))
    draft.type_what(request.POST)
    act = request.POST.get("act", "")
    if act.startswith(REMOVE):
        draft.files = [each for each in draft.files if each != act.removeprefix(REMOVE)]
        save_draft(request, draft, request.now)
        return redirect("file_case")
    decided(draft, act, request.now)
    form = WhatForm(request.POST, request.FILES)
    if form.is_valid() or "photos" not in form.errors:
        _store_photos(form, form.cleaned_data.get("photos") or (), draft, request)
    save_draft(request, draft, request.now)
    if form.errors:
        return _page(request, "what", draft, form, status=422)
    return _onward(request, draft)


@public
@never_cache
def file_emergency(request: Request) -> HttpResponse:
    """Before anything else: whom to call when life is in danger. Whoever is safe goes on."""
    draft = load_draft(request, request.now)
    words = draft.alarming(request.now)
    if request.method == "POST":
        draft.calm = sorted({*draft.calm, *words})
        save_draft(request, draft, request.now)
        return _onward(request, draft)
    if not words:
        return _onward(request, draft)
    return render_page(request, "cases/portal/file_emergency.html", {"words": words})


@public
@never_cache
def file_where(request: Request) -> HttpResponse:
    """Step 2: where it is."""
    draft = load_draft(request, request.now)
    if not draft.what_form().is_valid() or draft.alarming(request.now):
        return _onward(request, draft)
    if request.method != "POST":
        street = request.GET.get("street", str(draft.where.get("street", "")))
        form = WhereForm(initial=draft.where, street=street)
        return _page(request, "where", draft, form, block="communities")
    names = ("longitude", "latitude", "street", "community", "meant", "place_text")
    draft.where = {name: request.POST.get(name, "") for name in names}
    save_draft(request, draft, request.now)
    if request.POST.get("act") == "communities":
        return redirect("file_where")
    form = draft.where_form()
    if not form.is_valid():
        return _page(request, "where", draft, form, status=422)
    return _onward(request, draft)


@public
@never_cache
def file_contact(request: Request) -> HttpResponse:
    """Step 3: who to call, and who may see it."""
    draft = load_draft(request, request.now)
    if draft.before_contact(request.now):
        return _onward(request, draft)
    signed_in = request.actor.person is not None
    if request.method != "POST":
        form = contact_kind(signed_in=signed_in)(initial=draft.contact, place=draft.place())
        return _page(request, "contact", draft, form)
    draft.contact = {name: request.POST.get(name, "") for name in contact_kind(signed_in=signed_in).base_fields}
    save_draft(request, draft, request.now)
    form = draft.contact_form(signed_in=signed_in)
    if not form.is_valid():
        return _page(request, "contact", draft, form, status=422)
    return _onward(request, draft)


@public
@never_cache
def file_review(request: Request) -> HttpResponse:
    """Everything once more before it is sent; behind the gate, sent."""
    draft = load_draft(request, request.now)
    if draft.next_step(request.now, signed_in=request.actor.person is not None) != "file_review":
        if request.method == "POST" and recall(request, FILED):
            return redirect("filed")  # sent already, and the button was pressed twice
        return _onward(request, draft)
    address = address_of(request)
    gate = gate_for(address, request.now)
    if request.method != "POST":
        return _review_page(request, draft, gate)
    if request.POST.get("draft") != draft.id:
        return _review_page(request, draft, gate)
    if gate is Gate.CLOSED:
        return _review_page(request, draft, gate, status=429)
    if gate is Gate.QUESTION and not answered(request, request.POST.get("answer", ""), address, request.now):
        wrong = _("答案不对，请再算一次；换了一道新题。")
        return _review_page(request, draft, gate_for(address, request.now), wrong=wrong, status=422)
    try:
        opened = _send_once(request, draft, address)
    except Refused:
        return _review_page(request, draft, gate, wrong=_("没有提交成功，请稍后再试。"), status=409)
    if opened is not None:
        _take_home(request, opened, joins=bool(draft.joins))
    return redirect("filed")


@public
@never_cache
def filed(request: Request) -> HttpResponse:
    """What the filer takes home: number, secret code, receipt, what happens next and by when."""
    taken = _still_shown(request)
    if not taken:
        return say(redirect("look_up_case"), _("回执只显示半小时。请用受理编号和查询码查询。"), "info")
    rule = rulebook().on(local_day(request.now)).rule("promised_days")
    where = request.build_absolute_uri(reverse("look_up_case"))
    return render_page(request, "cases/portal/filed.html", {"taken": taken, "rule": rule, "look_up_at": where})


@public
@never_cache
def filed_receipt(request: Request) -> HttpResponse:
    """The signed receipt as a small text file."""
    taken = _still_shown(request)
    if not taken:
        raise Http404
    lines = [
        _("受理编号：%(number)s") % taken,
        _("查询码：%(code)s") % taken,
        _("回执：%(receipt)s") % taken,
        _("查询：%(address)s") % {"address": request.build_absolute_uri(reverse("look_up_case"))},
        _("核对回执：%(address)s") % {"address": request.build_absolute_uri(reverse("check_receipt"))},
    ]
    answer = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="linli-{taken["number"]}.txt"'
    return answer


def _onward(request: Request, draft: Draft) -> HttpResponse:
    return redirect(draft.next_step(request.now, signed_in=request.actor.person is not None))


def _page(
    request: Request, step: str, draft: Draft, form: Form, *, status: int = 200, block: str | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "photos": draft.photos(), "remove": REMOVE}
    if step == "what":
        context |= {"joins": draft.joins, "known": None}
    if step == "where":
        context["map_level"] = drawn_level()
    return render_page(request, f"cases/portal/file_{step}.html", context, block=block, status=status)


def _review_page(request: Request, draft: Draft, gate: Gate, *, wrong: str = "", status: int = 200) -> HttpResponse:
    signed_in = request.actor.person is not None
    what, where, contact = draft.what_form(), draft.where_form(), draft.contact_form(signed_in=signed_in)
    complete = what.is_valid() and where.is_valid() and contact.is_valid()
    if not complete:
        return _onward(request, draft)
    units = dict(contact.fields["complained_of"].choices)  # type: ignore[attr-defined]
    context = {
        "draft": draft,
        "what": what.cleaned_data,
        "title": title_of(what.cleaned_data),
        "where": where.cleaned_data,
        "place": draft.place(),
        "contact": contact.cleaned_data,
        "complained_of": units.get(contact.cleaned_data["complained_of"], "")
        if contact.cleaned_data["complained_of"]
        else "",
        "photos": draft.photos(),
        "closed": gate is Gate.CLOSED,
        "question": question(request).text if gate is Gate.QUESTION else "",
        "wrong": wrong,
        "phone": district_contact().phone,
        "rule": rulebook().on(local_day(request.now)).rule("promised_days"),
        **known_context(draft, request.now),
    }
    return render_page(request, "cases/portal/file_review.html", context, status=status)


def _store_photos(form: Form, given: "Iterable[UploadedFile[Any]]", draft: Draft, request: Request) -> None:
    """Store what was uploaded; each refusal stands at the field, and the others are kept."""
    address = address_of(request)
    for upload in given:
        if len(draft.files) >= MOST_PHOTOS:
            form.add_error("photos", _("最多 9 张，多出的没有保存"))
            return
        if count(UPLOAD, address, HOUR, request.now) >= MOST_UPLOADS_IN_AN_HOUR:
            form.add_error("photos", _("上传得太多了，请一小时后再传；文字可以先提交"))
            return
        note(UPLOAD, address, request.now)
        try:
            stored = store_upload(upload.name or "", upload, audience=Audience.PARTY, now=request.now)
        except UploadRefused as refusal:
            form.add_error("photos", upload_words(refusal))
        else:
            draft.files.append(str(stored.pk))


@transaction.atomic
def _send_once(request: Request, draft: Draft, address: str) -> Opened[Case] | None:
    """Send the draft unless a second press of the button came after the first; None then."""
    if request.session.session_key:
        Session.objects.select_for_update().filter(pk=request.session.session_key).first()
    if count(SENT, draft.id, timedelta(days=1), request.now):
        return None
    note(SENT, draft.id, request.now)
    passed(address, request.now)
    return submit_draft(draft, actor=as_resident(request.actor), now=request.now)


def _take_home(request: Request, opened: Opened[Case], *, joins: bool) -> None:
    matter = opened.matter
    taken = {
        "number": matter.number,
        "code": opened.code,
        "receipt": opened.receipt.text(),
        "title": matter.title,
        "desk": matter.desk.name,
        "due_at": matter.due_at.isoformat(),
        "provisional": matter.due_provisional,
        "at": request.now.isoformat(),
        "contact": matter.filer_id is not None,
        "joins": joins,
    }
    remember(request, FILED, taken)
    grant_key(request, matter.pk, idle_minutes=settings.SESSION_IDLE_MINUTES)
    drop_draft(request)


def _still_shown(request: Request) -> dict[str, Any]:
    """What was taken home in the last half hour, its moments read back; empty later."""
    taken = recall(request, FILED)
    if not taken or datetime.fromisoformat(taken["at"]) < request.now - SHOWN_FOR:
        forget(request, FILED)
        return {}
    return taken | {"due_at": datetime.fromisoformat(taken["due_at"])}
