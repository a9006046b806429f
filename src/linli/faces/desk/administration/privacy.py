"""The pages on personal data: how long each kind is kept, and what was found of the impact of each use."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linli.faces.desk.administration.forms import AssessmentForm
from linli.faces.desk.administration.words import PURPOSES
from linli.ground.look.pages import render_page, say
from linli.ground.people.administering import administrator
from linli.ground.people.doors import Request, staff
from linli.ground.people.rules.administration import ADMINISTRATION
from linli.ground.people.rules.purposes import ASSESSED
from linli.ground.people.selectors import local_day
from linli.ground.privacy.actions.enter_assessment import enter_assessment
from linli.ground.privacy.actions.revise_assessment import revise_assessment
from linli.ground.privacy.assessments import AssessmentRefused, is_valid, newest_of, versions
from linli.ground.privacy.retention import retention_plan

REFUSALS = {
    "future": gettext_lazy("评估日期还没有到"),
    "backwards": gettext_lazy("不能早于上一版的评估日期"),
    "there": gettext_lazy("刚才已有人登记，请核对后再修订"),
}


@staff
@require_safe
@never_cache
def administered_retention(request: Request) -> HttpResponse:
    """The terms of keeping with their sources, and the plan of today. It is run by command."""
    plan = retention_plan(request.actor, request.now)
    return render_page(request, "desk/administration/retention.html", {"plan": plan})


@staff
@require_safe
@never_cache
def administered_assessments(request: Request) -> HttpResponse:
    """Every use of data that needs an assessment, with its newest one."""
    newest, today = newest_of(versions(request.actor)), local_day(request.now)
    lines = [
        {"purpose": code, "title": PURPOSES[code], "row": newest.get(code), "valid": is_valid(newest.get(code), today)}
        for code in ASSESSED
    ]
    return render_page(request, "desk/administration/assessments.html", {"lines": lines})


@staff
@never_cache
def administered_assessment(request: Request, purpose: str) -> HttpResponse:
    """The versions of one, and the form for the next."""
    if purpose not in ASSESSED:
        raise Http404
    rows = versions(request.actor, purpose)
    form = AssessmentForm(request.POST or None)
    if request.method == "POST":
        administrator(request.actor, "revise_assessment" if rows else "enter_assessment")
        write = revise_assessment if rows else enter_assessment
        if form.is_valid():
            try:
                write(purpose, form.findings(), actor=request.actor, now=request.now)
            except AssessmentRefused as refusal:
                form.add_error("assessed_on", REFUSALS[refusal.code])
            else:
                return say(redirect("administered_assessment", purpose=purpose), _("已登记，旧版照样保留。"))
    context = {
        "title": PURPOSES[purpose],
        "rows": rows,
        "valid": is_valid(rows[0] if rows else None, local_day(request.now)),
        "form": form if ADMINISTRATION.is_granted(request.actor, "enter_assessment") else None,
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "desk/administration/assessment.html", context, status=status)
