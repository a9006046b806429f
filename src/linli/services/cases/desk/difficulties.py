"""Difficulty tickets: what communities could not solve alone, and how long an answer took."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.ground.look.pages import render_page, say
from linli.ground.matters.action import Refused
from linli.ground.matters.standing import standing
from linli.ground.organizations.models import Kind, Organization
from linli.ground.people.doors import Request, staff
from linli.kernel.access import Actor, Role
from linli.services.cases.actions.report_difficulty import report_difficulty
from linli.services.cases.feature import CASES
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.selectors import difficulties
from linli.services.cases.step_forms import LONG, long_text
from linli.services.cases.wording import refusal_words


class DifficultyForm(forms.Form):
    """What is difficult, and what help is asked for."""

    title = forms.CharField(label=gettext_lazy("困难是什么"), max_length=100)
    text = long_text(gettext_lazy("具体情况，希望街道或区里怎么支持"), most=LONG)


@staff
def difficulty_tickets(request: Request) -> HttpResponse:
    """The tickets that the actor may see, and the form of a committee's clerk."""
    form = DifficultyForm(request.POST or None)
    missing: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            report_difficulty(actor=request.actor, now=request.now, **form.cleaned_data)
            return say(redirect("difficulties"), _("已上报街道，五个工作日内答复。"))
        except Refused as refusal:
            missing = refusal_words(refusal.reason, refusal.blockers)
    found = difficulties(request.actor, after=request.GET.get("after", ""))
    lines = [row | standing(CASES, row, request.now) for row in found.page.rows]
    context = {
        "form": form,
        "missing": missing,
        "lines": lines,
        "found": found,
        "may_report": _may_report(request.actor),
    }
    return render_page(request, "cases/desk/difficulties.html", context, status=422 if form.errors or missing else 200)


def _may_report(actor: Actor) -> bool:
    """Whether the form is drawn: the action is granted to clerks, and takes only those of a residents' committee."""
    if not ACCESS.is_granted(actor, "report_difficulty"):
        return False
    offices = [each.organization_id for each in actor.appointments if each.role is Role.CLERK]
    return bool(Organization.objects.filter(pk__in=offices, kind=Kind.COMMITTEE, area__isnull=False).exists())
