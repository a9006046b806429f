"""A clerk takes a demand down for somebody at the counter, on the phone or from a letter."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.ground.look.pages import render_page, say
from linli.ground.matters.action import Opened
from linli.ground.matters.clocks import local_day
from linli.ground.people.actions.know_person import know_person
from linli.ground.people.doors import Request, staff
from linli.ground.people.memory import forget, recall, remember
from linli.ground.people.throttle import count, note
from linli.ground.territory.facade import district
from linli.kernel.access import Actor
from linli.services.cases.actions.receive_case import receive_case
from linli.services.cases.counter_forms import CounterForm
from linli.services.cases.models import Case
from linli.services.cases.portal.words import last_day_words
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.emergency import emergency_words_in
from linli.services.cases.rules.rulebook import rulebook
from linli.services.cases.selectors import cases_of_caller
from linli.services.cases.wording import STATES, refusal_words

SLIP = "counter_slip"
SHOWN_FOR = timedelta(minutes=30)
SENT = "counter"


@staff
def receive_at_counter(request: Request) -> HttpResponse:
    """The form; the slip has a page of its own, so that reloading it files nothing again."""
    form = _form(request)
    words = rulebook().on(local_day(request.now)).words("emergency_words")
    told = request.POST.get("title", "") + request.POST.get("text", "")
    urgent = emergency_words_in(told, words)
    warned = not urgent or "urgent_seen" in request.POST
    if request.method == "POST" and form.is_valid() and warned:
        opened = _receive_once(request, form)
        if opened is None:
            return say(redirect("counter_slip"), _("这张表已经登记过，没有重复登记。"), "info")
        _keep_slip(request, opened)
        return redirect("counter_slip")
    context = {"form": form, "urgent": urgent}
    return render_page(request, "cases/desk/counter.html", context, status=422 if form.errors else 200)


@staff
@never_cache
def counter_slip(request: Request) -> HttpResponse:
    """What the filer takes home, for half an hour after filing."""
    slip = recall(request, SLIP)
    if not slip or datetime.fromisoformat(slip["at"]) < request.now - SHOWN_FOR:
        forget(request, SLIP)
        return say(redirect("receive_at_counter"), _("回执只显示半小时；诉求可以在收件箱里搜索。"), "info")
    moments = {name: datetime.fromisoformat(slip[name]) for name in ("at", "due_at")}
    context = {
        "slip": slip | moments | {"due": last_day_words(moments["due_at"])},
        "look_up_at": request.build_absolute_uri(reverse("look_up_case")),
    }
    return render_page(request, "cases/desk/counter_slip.html", context)


@staff
@require_POST
def earlier_cases(request: Request) -> HttpResponse:
    """The earlier demands of whoever has this phone number; a fragment of the counter page."""
    form = _form(request)
    earlier = cases_of_caller(request.actor, phone=request.POST.get("phone", ""))
    context = {"form": form, "urgent": (), "earlier": earlier, "states": STATES}
    return render_page(request, "cases/desk/counter.html", context, block="earlier")


def _form(request: Request) -> CounterForm:
    """The form of whoever may take demands down; their own street stands first."""
    if not ACCESS.is_granted(request.actor, "receive_case_for_somebody"):
        raise PermissionDenied(" ".join(refusal_words("not_granted", ())))
    office = ACCESS.office_for(request.actor, "receive_case_for_somebody")
    area = office.area_path if office else ""
    return CounterForm(request.POST or None, initial={"channel": "counter"}, area_path=area)


@transaction.atomic
def _receive_once(request: Request, form: CounterForm) -> Opened[Case] | None:
    """Take the demand down, unless this very form was sent before; None then."""
    data = form.cleaned_data
    if data["once"]:
        Session.objects.select_for_update().filter(pk=request.session.session_key).first()
        if count(SENT, data["once"], timedelta(days=1), request.now):
            return None
        note(SENT, data["once"], request.now)
    return take_down(form, actor=request.actor, now=request.now)


@transaction.atomic
def take_down(form: CounterForm, *, actor: Actor, now: datetime) -> Opened[Case]:
    """Receive what a form in order says; who left a name or telephone is made known in the same transaction."""
    data, filer = form.cleaned_data, None
    if data["phone"] or data["name"]:
        filer = know_person(name=data["name"], phone=data["phone"], actor=actor, now=now)
    return receive_case(actor=actor, now=now, filer=filer, place=data["place"] or district(), **form.inputs())


def _keep_slip(request: Request, opened: Opened[Case]) -> None:
    """Keep the slip in the session, encrypted: the secret code stands on it."""
    matter = opened.matter
    slip: dict[str, Any] = {
        "number": matter.number,
        "code": opened.code,
        "receipt": opened.receipt.text(),
        "title": matter.title,
        "desk": matter.desk.name,
        "phone": matter.desk.phone,
        "due_at": matter.due_at.isoformat(),
        "at": request.now.isoformat(),
    }
    remember(request, SLIP, slip)
