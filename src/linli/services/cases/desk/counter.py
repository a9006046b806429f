"""A clerk takes a demand down for somebody at the counter, on the phone or from a letter."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.ground.look.pages import render_page
from linli.ground.look.wordforms import due
from linli.ground.matters.action import Opened
from linli.ground.matters.clocks import local_day
from linli.ground.people.actions.know_person import know_person
from linli.ground.people.doors import Request, staff
from linli.ground.territory.facade import district
from linli.services.cases.actions.receive_case import receive_case
from linli.services.cases.desk_forms import CounterForm
from linli.services.cases.models import Case
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.emergency import emergency_words_in
from linli.services.cases.rules.rulebook import rulebook
from linli.services.cases.selectors import cases_of_caller
from linli.services.cases.wording import STATES, refusal_words


@dataclass(frozen=True)
class Slip:
    """What the filer takes home."""

    number: str
    code: str
    due: str
    receipt: str


@staff
def receive_at_counter(request: Request) -> HttpResponse:
    """The form, and the slip after it."""
    if not ACCESS.is_granted(request.actor, "receive_case_for_somebody"):
        raise PermissionDenied(" ".join(refusal_words("not_granted", ())))
    form = CounterForm(request.POST or None, initial={"channel": "counter"})
    words = rulebook().on(local_day(request.now)).words("emergency_words")
    told = request.POST.get("title", "") + request.POST.get("text", "")
    urgent = emergency_words_in(told, words)
    warned = not urgent or "urgent_seen" in request.POST
    if request.method == "POST" and form.is_valid() and warned:
        return _slip_page(request, _receive(request, form))
    context = {"form": form, "urgent": urgent}
    return render_page(request, "cases/desk/counter.html", context, status=422 if form.errors else 200)


@staff
@require_POST
def earlier_cases(request: Request) -> HttpResponse:
    """The earlier demands of whoever has this phone number; a fragment of the counter page."""
    if not ACCESS.is_granted(request.actor, "receive_case_for_somebody"):
        raise PermissionDenied(" ".join(refusal_words("not_granted", ())))
    earlier = cases_of_caller(request.actor, phone=request.POST.get("phone", ""))
    context = {"form": CounterForm(request.POST), "urgent": (), "earlier": earlier, "states": STATES}
    return render_page(request, "cases/desk/counter.html", context, block="earlier")


@transaction.atomic
def _receive(request: Request, form: CounterForm) -> Opened[Case]:
    data = form.cleaned_data
    filer = None
    if data["phone"] or data["name"]:
        filer = know_person(name=data["name"], phone=data["phone"], actor=request.actor, now=request.now)
    place = data["place"] or district()
    return receive_case(actor=request.actor, now=request.now, filer=filer, place=place, **form.inputs())


def _slip_page(request: Request, opened: Opened[Case]) -> HttpResponse:
    slip = Slip(
        opened.matter.number, opened.code, _("%(day)s 前") % {"day": due(opened.matter.due_at)}, opened.receipt.text()
    )
    return render_page(request, "cases/desk/counter_done.html", {"opened": slip})
