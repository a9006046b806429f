"""The case page: facts on the left, what happened on the right, every possible step with a button or what it lacks."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.ground.look.days import day_context, past_day, with_day
from linli.ground.look.pages import render_page, say
from linli.ground.matters.action import Refused, subject_of
from linli.ground.matters.clocks import end_of, local_day
from linli.ground.matters.models import Matter
from linli.ground.matters.standing import standing, standing_of
from linli.ground.matters.steps import Offer
from linli.ground.notices.selectors import mark_read
from linli.ground.organizations.models import Kind
from linli.ground.people.doors import Request, staff
from linli.kernel.identity import mask_name, mask_phone
from linli.services.cases.advice.fingerprinting import similar_cases
from linli.services.cases.advice.proposals import proposals_for, proposed_unit
from linli.services.cases.casework import beside, present_draft
from linli.services.cases.desk.going_on import inbox_address, keep_place, next_number
from linli.services.cases.desk_forms import FORMS, WorkForm
from linli.services.cases.feature import CASES
from linli.services.cases.following import followers_of, leading_of
from linli.services.cases.presenting import first_files, limit_basis, offer_groups, outline_faults, timeline_lines
from linli.services.cases.publishing import masked_proposal
from linli.services.cases.reply_advice import advice_on
from linli.services.cases.revealing import LONGEST_REASON, may_reveal, reveal_filer
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.vocabulary import State
from linli.services.cases.selectors import (
    CaseView,
    cases_of_caller,
    decide_case,
    open_case,
    reads_as_staff,
    view_case,
)
from linli.services.cases.splitting import parts_of, whole_of
from linli.services.cases.step_forms import StepForm
from linli.services.cases.then import case_on
from linli.services.cases.uploads import Held, hold_uploads
from linli.services.cases.wording import CHANNELS, STATES, STEPS, rating_words, refusal_words

PHOTOS = "photos"


@staff
def desk_case(request: Request, number: str) -> HttpResponse:
    """One case, as of a day if one is asked for."""
    day = past_day(request.GET, local_day(request.now))
    if day is not None:
        return _case_then(request, number, day)
    try:
        view = view_case(request.actor, number, request.now)
    except Refused as refusal:
        raise _as_http(refusal) from refusal
    if not view.as_staff:
        return redirect("my_case", number=number)
    mark_read(request.actor, request.now, matter=view.matter.pk)
    draft = present_draft(view) if view.matter.state in {State.DRAFTED, State.REVIEWED} else ""
    context = standing_of(CASES, view.matter, request.now) | {
        "view": view,
        "matter": view.matter,
        "case": view.case,
        "steps": offer_groups(_sensible(view)),
        "lines": timeline_lines(view.timeline, units=view.units, files=view.files, named=True),
        "files": first_files(view.timeline, view.files),
        "draft": draft,
        "advice": advice_on(view.text, draft),
        "basis": limit_basis(view.case),
        "channel": CHANNELS[view.case.channel],
        "rating": rating_words(view.case.rating, view.case.appeal),
        "outline_faults": outline_faults(view.timeline),
        "filer": _masked_filer(view.filer),
        "filer_hides": decide_case(request.actor, "unmask_filer", view.case).allowed,
        "reasons": (_("回访"), _("联系补充材料"), _("核实情况")),
        "states": STATES,
        "inbox_address": inbox_address(request),
        "next_number": next_number(request, view.matter),
        **_proposals(request, view),
    }
    return render_page(request, "cases/desk/case.html", context | _alike(request, view) | day_context(request, None))


def _case_then(request: Request, number: str, day: date) -> HttpResponse:
    """The case as it stood at the end of a day: to read, not to work on. Notices of it stay unread."""
    try:
        case = open_case(request.actor, number)
    except Refused as refusal:
        raise _as_http(refusal) from refusal
    if not reads_as_staff(request.actor, case):
        return redirect(with_day(reverse("my_case", kwargs={"number": number}), day))
    context = day_context(request, day) | {
        "number": number,
        "shown": None,
        "inbox_address": inbox_address(request, day),
    }
    then = case_on(case, day, as_staff=True)
    if then is None:
        return render_page(request, "cases/desk/case_then.html", context, status=404)
    context |= standing(CASES, {"state": then.span.state}, end_of(day)) | {
        "shown": then,
        "channel": CHANNELS[then.channel],
        "lines": timeline_lines(then.timeline, units=then.units, files=then.files, named=True),
        "files": first_files(then.timeline, then.files),
    }
    return render_page(request, "cases/desk/case_then.html", context)


@staff
def desk_case_step(request: Request, number: str, step: str) -> HttpResponse:
    """The form of one step (GET) and the step itself (POST)."""
    if step not in FORMS:
        raise Http404(step)
    try:
        view = view_case(request.actor, number, request.now)
    except Refused as refusal:
        raise _as_http(refusal) from refusal
    case = view.case
    decision = decide_case(request.actor, step, case)
    if not decision.allowed:
        raise _as_http(Refused(decision.reason))
    if request.method != "POST":
        form = FORMS[step](case=case, actor=request.actor, now=request.now, initial=_initial(step, view, request.GET))
        return _step_page(request, view, step, form, lacking=_lacking(view, step, form))
    held = hold_uploads(request, PHOTOS) if PHOTOS in FORMS[step].base_fields else Held()
    if held.removed:
        form = FORMS[step](case=case, actor=request.actor, now=request.now, initial=request.POST.dict())
        return _step_page(request, view, step, form, held=held)
    form = FORMS[step](request.POST, case=case, actor=request.actor, now=request.now)
    if not held.tell(form, PHOTOS):
        return _step_page(request, view, step, form, held=held, status=422)
    if isinstance(form, WorkForm):
        form.stored = tuple(held.files)
    keep_place(request, view.matter)
    try:
        CASES.actions[step](case.pk, actor=request.actor, now=request.now, **form.inputs())
    except Refused as refusal:
        return _step_page(request, view, step, form, refusal=refusal, held=held, status=409)
    return say(redirect(_onward(request, number)), _("%(step)s：已完成。") % {"step": STEPS[step][0]})


@staff
@require_POST
def unmask_filer(request: Request, number: str) -> HttpResponse:
    """Show the filer's name and phone in full; the reading is recorded with its reason."""
    try:
        case = open_case(request.actor, number)
    except Refused as refusal:
        raise _as_http(refusal) from refusal
    why = (request.POST.get("why", "").strip() or request.POST.get("reason", ""))[:LONGEST_REASON]
    if not may_reveal(request.actor, case):
        raise _as_http(Refused("out_of_scope"))
    if not why:
        return say(redirect("desk_case", number=number), _("请写明为什么要看，再点“查看”。"), "warning")
    shown = reveal_filer(request.actor, case, why=why, now=request.now)
    earlier = cases_of_caller(request.actor, person=case.matter.filer_id)
    return render_page(
        request, "cases/desk/filer.html", {"matter": case.matter, "shown": shown, "earlier": earlier, "states": STATES}
    )


def _onward(request: Request, number: str) -> str:
    """The case again, or the list where it is no longer the actor's to read."""
    try:
        open_case(request.actor, number)
    except Refused:
        return inbox_address(request)
    return reverse("desk_case", kwargs={"number": number})


def _alike(request: Request, view: CaseView) -> dict[str, Any]:
    """The demands that belong to this one; what may be alike only where it can be merged now."""
    leading = leading_of(view.case)
    may_merge = any(offer.name == "merge_case" and offer.is_open for offer in view.offers)
    return {
        "leading": leading if leading is not None and _may_read(request, leading) else None,
        "followers": followers_of(request.actor, view.matter.pk),
        "whole": _whole(request, view),
        "parts": [
            {"matter": part.matter, "unit": part.unit, "readable": _may_read(request, part.matter)}
            for part in parts_of(view.matter.pk)
        ],
        "similar": similar_cases(request.actor, view.case, request.now) if may_merge else [],
    }


def _proposals(request: Request, view: CaseView) -> dict[str, Any]:
    """The topics and the unit that the program proposes, for whoever can file the demand now."""
    may_file = any(offer.name == "file_case" and offer.is_open for offer in view.offers)
    proposed = proposals_for(view.case, request.now) if may_file else []
    return {"proposals": proposed, "proposed_unit": proposed_unit(view.case, proposed) if proposed else None}


def _whole(request: Request, view: CaseView) -> dict[str, Any] | None:
    matter = whole_of(view.case)
    return {"matter": matter, "readable": _may_read(request, matter)} if matter is not None else None


def _may_read(request: Request, matter: Matter) -> bool:
    return ACCESS.decide(request.actor, "view_case", subject_of(matter)).allowed


def _sensible(view: CaseView) -> list[Offer]:
    """The offers without what this desk could never do: the district's centre has nobody to pass a case up to."""
    at_district = view.matter.holder.kind == Kind.DISTRICT_CENTRE
    return [offer for offer in view.offers if not (at_district and offer.name == "escalate_case")]


def _lacking(view: CaseView, step: str, form: StepForm) -> list[str]:
    """Why the step cannot be taken now: said instead of the form, before anything is typed."""
    offer = next((each for each in view.offers if each.name == step), None)
    if offer is None:
        return refusal_words("not_open", ())
    if offer.blockers:
        return refusal_words("blocked", offer.blockers)
    if offer not in _sensible(view):
        return refusal_words("at_district_already", ())
    return [form.lacking] if form.lacking else []


def _initial(step: str, view: CaseView, asked: Mapping[str, str]) -> dict[str, Any]:
    """What a form begins with: the masked texts, the draft that came back, or the case that was chosen to lead."""
    match step:
        case "publish_case":
            return masked_proposal(view.case).fields()
        case "draft_reply":
            return {"reply": present_draft(view)}
        case "merge_case":
            return {"leading": asked.get("leading", "")[:40]}
        case _:
            return {}


def _step_page(
    request: Request,
    view: CaseView,
    step: str,
    form: StepForm,
    *,
    refusal: Refused | None = None,
    lacking: list[str] | None = None,
    held: Held | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a step: its form, or what is `lacking` for it; after a refusal both the form and what is missing."""
    context = {
        "case": view.case,
        "matter": view.matter,
        "step": step,
        "label": STEPS[step][0],
        "form": form,
        "missing": refusal_words(refusal.reason, refusal.blockers) if refusal else [],
        "lacking": lacking or [],
        "held": held.files if held else [],
        "original": masked_proposal(view.case) if step == "publish_case" else None,
        "beside": beside(view, step),
    }
    return render_page(request, "cases/desk/step.html", context, status=status)


def _masked_filer(person: Any) -> dict[str, str] | None:
    if person is None:
        return None
    return {
        "name": mask_name(person.name) if person.name else "",
        "phone": mask_phone(person.phone) if person.phone else "",
    }


def _as_http(refusal: Refused) -> Exception:
    if refusal.reason == "not_found":
        return Http404()
    return PermissionDenied(" ".join(refusal_words(refusal.reason, refusal.blockers)))
