"""My consents: each use of one's data that waits for a yes, with one button to give it and one to take it back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linli.faces.portal.consent_words import CONSENTS, RELATIONS
from linli.faces.portal.entrance import own_account
from linli.faces.portal.forms import GuardianForm
from linli.ground.look.pages import render_page, say
from linli.ground.people.actions.give_consent import GuardianMissing, give_consent
from linli.ground.people.actions.withdraw_consent import EndsWithAccount, withdraw_consent
from linli.ground.people.consents import consents_of
from linli.ground.people.doors import Request, signed_in
from linli.ground.people.models import Person
from linli.ground.people.rules.purposes import ACCOUNT, PROGRESS_MAIL, PUBLIC_NAME
from linli.kernel.access import Actor
from linli.services.cases.facade import take_back_named_cases


@signed_in
@require_safe
@never_cache
def my_consents(request: Request) -> HttpResponse:
    """What one agrees to today, and what was agreed to before."""
    return _page(request, GuardianForm())


@signed_in
@require_POST
@never_cache
def give_my_consent(request: Request, purpose: str) -> HttpResponse:
    """Agree to one purpose."""
    if purpose not in CONSENTS:
        raise Http404
    person, form = own_account(request).person, GuardianForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        give_consent(
            person,
            purpose,
            wording=CONSENTS[purpose].edition,
            guardian=form.guardian(),
            actor=request.actor,
            now=request.now,
        )
    except GuardianMissing:
        form.add_error("under_14", _("按登记的身份号码，您未满十四周岁，请由监护人填写下面两项"))
        return _page(request, form, status=422)
    return say(redirect("my_consents"), _("已记下您的同意，随时可以撤回。"))


@signed_in
@require_POST
@never_cache
def withdraw_my_consent(request: Request, purpose: str) -> HttpResponse:
    """Take one back; what hangs on it ends at once."""
    if purpose not in CONSENTS:
        raise Http404
    try:
        withdraw_everything(own_account(request).person, purpose, actor=request.actor, now=request.now)
    except EndsWithAccount:
        return redirect("close_my_account")
    return say(redirect("my_consents"), _("已撤回。撤回以前做过的不受影响。"))


@transaction.atomic
def withdraw_everything(person: Person, purpose: str, *, actor: Actor, now: datetime) -> None:
    """Take a consent back, and with it what was published only because of it.

    Raises:
        EndsWithAccount: it is the consent on which the account stands.
    """
    withdraw_consent(person, purpose, actor=actor, now=now)
    if purpose == PUBLIC_NAME:
        take_back_named_cases(actor, now)


def _page(request: Request, form: GuardianForm, *, status: int = 200) -> HttpResponse:
    person = own_account(request).person
    rows = consents_of(person)
    standing = {row.purpose: row for row in rows if row.withdrawn_at is None}
    lines: list[dict[str, Any]] = [
        {"purpose": purpose, "words": words, "given_at": standing[purpose].given_at if purpose in standing else None}
        for purpose, words in CONSENTS.items()
        if purpose != ACCOUNT or purpose in standing
    ]
    context = {
        "form": form,
        "lines": lines,
        "account": ACCOUNT,
        "lacks_email": PROGRESS_MAIL if not person.email else "",
        "earlier": [
            {"row": row, "title": CONSENTS[row.purpose].title, "by": RELATIONS.get(row.guardian_relation, "")}
            for row in rows
        ],
    }
    return render_page(request, "portal/consents.html", context, status=status)
