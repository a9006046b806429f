"""One step for many cases: a preview says which refuse and why; only then is it done, case by case."""

import re

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from linli.ground.look.pages import render_page, say
from linli.ground.matters.action import Refused
from linli.ground.people.doors import Request, staff
from linli.services.cases.desk.going_on import inbox_address
from linli.services.cases.desk_forms import BULK_STEPS, FORMS
from linli.services.cases.feature import CASES
from linli.services.cases.selectors import possible_for
from linli.services.cases.wording import STEPS, refusal_words

MOST = 200
MATTER_ID = re.compile("[0-9]{1,18}")


@staff
@require_POST
def bulk_cases(request: Request) -> HttpResponse:
    """Preview a step for the ticked cases; with `confirmed`, take it."""
    step = request.POST.get("step", "")
    if step not in BULK_STEPS:
        raise Http404(step)
    ids = [int(text) for text in request.POST.getlist("matter")[:MOST] if MATTER_ID.fullmatch(text)]
    possible, refused = possible_for(request.actor, step, ids, request.now)
    if not possible and not refused:
        return say(redirect(inbox_address(request)), _("请先勾选要办理的诉求。"), "warning")
    first, *others = possible or [refused[0][0]]
    confirmed = bool(request.POST.get("confirmed"))
    sent = request.POST if confirmed else None
    form = FORMS[step](sent, case=first, others=others, actor=request.actor, now=request.now)
    if confirmed and possible and form.is_valid():
        done, failed = 0, []
        for case in possible:
            try:
                CASES.actions[step](case.pk, actor=request.actor, now=request.now, **form.inputs())
                done += 1
            except Refused as refusal:
                failed.append(f"{case.matter.number}:{''.join(refusal_words(refusal.reason, refusal.blockers))}")
        text = ngettext("%(step)s:%(n)s 件已完成。", "%(step)s:%(n)s 件已完成。", done) % {
            "step": STEPS[step][0],
            "n": done,
        }
        return say(redirect(inbox_address(request)), " ".join([text, *failed]), "warning" if failed else "good")
    context = {
        "step": step,
        "label": STEPS[step][0],
        "form": form,
        "possible": [case.matter for case in possible],
        "inbox_address": inbox_address(request),
        "refused": [(case.matter, [str(line) for line in reasons]) for case, reasons in refused],
    }
    return render_page(request, "cases/desk/bulk.html", context, status=422 if form.errors else 200)
