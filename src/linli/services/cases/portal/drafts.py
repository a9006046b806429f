"""A demand being written: what was typed on each step, kept between pages, and its way into `receive_case`."""

import re
import secrets
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

import structlog
from django.db import transaction
from django.http import HttpRequest

from linli.ground.files.models import StoredFile
from linli.ground.matters.action import Opened
from linli.ground.matters.clocks import local_day
from linli.ground.organizations.models import Organization
from linli.ground.people.actions.know_person import know_person
from linli.ground.people.memory import forget, recall, remember
from linli.ground.people.models import Person
from linli.ground.people.selectors import person_of
from linli.ground.territory.facade import Unit, by_code
from linli.kernel.access import Actor
from linli.services.cases.actions.receive_case import receive_case
from linli.services.cases.models import Case
from linli.services.cases.portal_forms import YES, ContactForm, PublicityForm, WhatForm, WhereForm
from linli.services.cases.rules.emergency import emergency_words_in
from linli.services.cases.rules.rulebook import rulebook

MadeT = TypeVar("MadeT")
logger = structlog.get_logger(__name__)

NAME = "filing"
KEPT_FOR = timedelta(hours=24)
LONGEST_TITLE = 30
SENTENCE_ENDS = re.compile(r"[。！？!?;；\n]")


@dataclass
class Draft:
    """What was typed, by step and as typed: a step is complete when its form accepts it."""

    id: str
    what: dict[str, Any] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    where: dict[str, Any] = field(default_factory=dict)
    contact: dict[str, Any] = field(default_factory=dict)
    calm: list[str] = field(default_factory=list)  # emergency words that were answered with "go on"
    joins: int = 0  # the matter that is the same thing, by the filer's word
    apart: bool = False  # by their word it is none of those that were proposed
    _made: dict[type, tuple[dict[str, Any], Any]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def type_what(self, typed: Mapping[str, str]) -> None:
        """Take what was typed in the first step; of other words it is asked anew whether others have told them."""
        what = {name: typed.get(name, "") for name in ("text", "title")} if "text" in typed else self.what
        if what != self.what:
            self.what, self.joins, self.apart = what, 0, False

    def what_form(self) -> WhatForm:
        """The first step, with what was typed."""
        return self._once(WhatForm, self.what, lambda: WhatForm(self.what or None))

    def where_form(self) -> WhereForm:
        """The second step."""
        return self._once(WhereForm, self.where, lambda: WhereForm(self.where or None))

    def contact_form(self, *, signed_in: bool) -> PublicityForm:
        """The third step; whoever is signed in is known already."""
        kind = contact_kind(signed_in=signed_in)
        typed = {"where": self.where, "contact": self.contact}
        return self._once(kind, typed, lambda: kind(self.contact or None, place=self.place()))

    def place(self) -> Unit | None:
        """The unit that the second step leads to."""
        form = self.where_form()
        if not form.is_valid():
            return None
        return self._once(Unit, self.where, lambda: place_of(form.cleaned_data))

    def _once(self, kind: type, typed: dict[str, Any], make: Callable[[], MadeT]) -> MadeT:
        """What is made of the same typed values is made once in a request: forms ask the database."""
        made = self._made.get(kind)
        if made is None or made[0] != typed:
            self._made[kind] = made = (deepcopy(typed), make())
        return cast(MadeT, made[1])

    def alarming(self, now: datetime) -> tuple[str, ...]:
        """Words that mean an emergency, as far as they were not answered."""
        words = rulebook().on(local_day(now)).words("emergency_words")
        typed = f"{self.what.get('title', '')} {self.what.get('text', '')}"
        return tuple(word for word in emergency_words_in(typed, words) if word not in self.calm)

    def photos(self) -> list[StoredFile]:
        """The files uploaded so far, none of which belongs to a matter yet."""
        return list(StoredFile.objects.filter(pk__in=self.files, matter__isnull=True)) if self.files else []

    def next_step(self, now: datetime, *, signed_in: bool) -> str:
        """The first page that still lacks something; the review when nothing does."""
        if step := self.before_contact(now):
            return step
        return "file_review" if self.contact_form(signed_in=signed_in).is_valid() else "file_contact"

    def before_contact(self, now: datetime) -> str:
        """The first of the pages before the third step that still lacks something; empty when none does."""
        if not self.what_form().is_valid():
            return "file_case"
        if self.alarming(now):
            return "file_emergency"
        return "" if self.where_form().is_valid() else "file_where"

    def kept(self) -> dict[str, Any]:
        """What the next page needs."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.init}


def load_draft(request: HttpRequest, now: datetime) -> Draft:
    """The draft of this visitor, a new one when there is none or it lay too long."""
    kept = recall(request, NAME)
    if kept and datetime.fromisoformat(kept.pop("at")) > now - KEPT_FOR:
        return Draft(**kept)
    return Draft(secrets.token_hex(8))


def save_draft(request: HttpRequest, draft: Draft, now: datetime) -> None:
    """Keep the draft for the next page."""
    remember(request, NAME, {"at": now.isoformat(), **draft.kept()})


def drop_draft(request: HttpRequest) -> None:
    """Forget it: it was sent, or given up."""
    forget(request, NAME)


def contact_kind(*, signed_in: bool) -> type[PublicityForm]:
    """The form of the third step."""
    return PublicityForm if signed_in else ContactForm


def place_of(given: dict[str, Any]) -> Unit:
    """The unit that the second step found."""
    return by_code(given["place"].code)


def title_of(given: dict[str, Any]) -> str:
    """The title, or the first sentence of the text."""
    if given.get("title"):
        return str(given["title"])
    first = next((part.strip() for part in SENTENCE_ENDS.split(str(given["text"])) if part.strip()), "")
    return first if len(first) <= LONGEST_TITLE else first[: LONGEST_TITLE - 1] + "…"


@transaction.atomic
def submit_draft(draft: Draft, *, actor: Actor, now: datetime) -> Opened[Case]:
    """Hand a complete draft to `receive_case`; who left a telephone is made known in the same transaction."""
    what, where = draft.what_form(), draft.where_form()
    contact = draft.contact_form(signed_in=actor.person is not None)
    if not (what.is_valid() and where.is_valid() and contact.is_valid()):
        raise ValueError("the draft is not complete")
    given, told = where.cleaned_data, contact.cleaned_data
    complained, faults = told["complained_of"], given["place_faults"]
    opened = receive_case(
        actor=actor,
        now=now,
        title=title_of(what.cleaned_data),
        text=what.cleaned_data["text"],
        place=draft.place(),
        place_text=given["place_text"],
        longitude=given["longitude"],
        latitude=given["latitude"],
        filer=_filer(told, actor, now),
        visibility=told["visibility"],
        identity_shown=told["identity_shown"] == YES,
        complained_of=Organization.objects.get(pk=complained) if complained else None,
        files=tuple(draft.photos()),
        place_faults=faults,
        joins=draft.joins or None,
    )
    if faults:
        logger.warning("outlines at fault", number=opened.matter.number, faults=faults)
    return opened


def _filer(told: dict[str, Any], actor: Actor, now: datetime) -> Person | None:
    if actor.person is not None:
        return person_of(actor.person)
    if not told.get("phone"):
        return None
    return know_person(name=told["name"], phone=told["phone"], actor=actor, now=now)
