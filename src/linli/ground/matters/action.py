"""The one way to move a matter: lock, may this actor, what is missing, the change, the record, the next clock."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import models, transaction

from linli.ground.files.models import StoredFile
from linli.ground.matters.clocks import local_day
from linli.ground.matters.features import Feature
from linli.ground.matters.models import Matter
from linli.ground.matters.numbers import drawn_number, settle_numbers
from linli.ground.organizations.models import Organization
from linli.ground.people.models import Person
from linli.ground.record.keys import field_keys
from linli.ground.record.models import Record
from linli.ground.record.prepared import Prepared, changed_fields, insert_rows, update_row, values_of
from linli.ground.record.receipts import Receipt, sign_receipt
from linli.ground.record.writing import Act, Audience, keep_all
from linli.ground.territory.models import Unit
from linli.kernel.access import Actor, Subject
from linli.kernel.procedure import Blocker, NotOpen, Step

RowT = TypeVar("RowT", bound=models.Model)

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class Refused(Exception):
    """The act was refused and nothing changed.

    `reason` is `not_found`, `not_granted`, `out_of_scope`, `not_open` or `blocked`; `blockers` say what is missing.
    """

    def __init__(self, reason: str, blockers: tuple[Blocker, ...] = (), *, sign_in_may_help: bool = False) -> None:
        super().__init__(reason, *(blocker.code for blocker in blockers))
        self.reason = reason
        self.blockers = blockers
        self.sign_in_may_help = sign_in_may_help


@dataclass
class Move(Generic[RowT]):
    """What an action works with: the locked rows, who acts, when, and what the record will hold."""

    matter: Matter
    row: RowT
    actor: Actor
    now: datetime
    facts: Any
    texts: dict[str, str] = field(default_factory=dict)
    codes: dict[str, Any] = field(default_factory=dict)
    files: list[StoredFile] = field(default_factory=list)

    def say(self, name: str, text: str) -> None:
        """Write a text under a name: it goes into the entry, its digest into the record."""
        self.texts[name] = text

    def note(self, **codes: Any) -> None:
        """Write codes, ids or counts (never personal data) into the record."""
        self.codes |= codes

    def attach(self, *files: StoredFile) -> None:
        """Bind uploaded files to the matter; their digests go into the record."""
        self.files.extend(files)

    def refuse(self, code: str, **values: Any) -> None:
        """Stop with one thing that is missing; nothing is changed."""
        raise Refused("blocked", (Blocker(code, values),))

    @property
    def acts_for_holder(self) -> bool:
        """Whether the actor acts in an office of the holding unit itself, not of one above it."""
        return self.actor.acting is not None and self.actor.acting.organization_id == self.matter.holder_id

    def lay_before(self, organization: Organization) -> None:
        """Put the matter on an organization's desk: the next step is theirs."""
        self.matter.desk, self.matter.desk_path = organization, organization.path

    def hand_to(self, organization: Organization) -> None:
        """Make an organization the holder, who answers for the matter, and lay it before them."""
        self.matter.holder, self.matter.holder_path = organization, organization.path
        self.lay_before(organization)


@dataclass(frozen=True)
class Done(Generic[RowT]):
    """A step taken."""

    matter: Matter
    row: RowT
    record: Record


@dataclass(frozen=True)
class Stored:
    """What the two rows held when they were locked, by column."""

    matter: dict[str, Any]
    row: dict[str, Any]


@dataclass(frozen=True)
class Opened(Done[RowT]):
    """A matter opened, with what its filer takes home."""

    code: str
    now: datetime

    @property
    def receipt(self) -> Receipt:
        """The signed receipt; signing is left to those who hand it out."""
        return sign_receipt(self.record, self.matter.number, self.now)


class Action(Generic[RowT]):
    """A registered write on an existing matter. Call it with the matter's id, `actor`, `now` and its inputs."""

    def __init__(self, feature: Feature[RowT], run: Callable[..., None], audience: Audience) -> None:
        self.feature, self.run, self.audience = feature, run, audience
        self.name = run.__name__
        self.__doc__ = run.__doc__
        self.__module__ = run.__module__
        feature.actions[self.name] = self

    @transaction.atomic
    def __call__(self, matter_id: int, *, actor: Actor, now: datetime, **inputs: Any) -> Done[RowT]:
        """Take the step, or raise `Refused` with nothing changed."""
        row = lock(self.feature, matter_id)
        matter: Matter = row.matter  # type: ignore[attr-defined]
        stored = Stored(values_of(matter), values_of(row))
        step, move = self._open(matter, row, actor, now)
        before = matter.state
        self.run(move, **inputs)
        if step.target is not None:
            enter_state(self.feature, matter, step.target, now)
        record = save_move(self.feature, self.name, move, before, self.audience, stored)
        return Done(matter, row, record)

    def _open(self, matter: Matter, row: RowT, actor: Actor, now: datetime) -> tuple[Step, Move[RowT]]:
        decision = self.feature.access.decide(actor, self.name, subject_of(matter))
        if not decision.allowed:
            raise Refused(decision.reason, sign_in_may_help=decision.sign_in_may_help)
        if matter.erased_at is not None:
            raise Refused("not_open")
        facts = self.feature.facts(row, actor, now)
        try:
            step, blockers = self.feature.procedure_of(matter).take(self.name, matter.state, facts)
        except NotOpen as error:
            raise Refused("not_open") from error
        if step is None:
            raise Refused("blocked", blockers)
        return step, Move(matter, row, actor.in_office(decision.office), now, facts)


@dataclass
class Opening(Move[RowT]):
    """A matter about to exist; the action fills `matter` and returns the feature's row."""

    code: str = ""

    def begin(
        self,
        *,
        title: str,
        place: Unit,
        holder: Organization,
        visibility: str,
        filer: Person | None = None,
        opened_at: datetime | None = None,
    ) -> Matter:
        """Set what every matter has; the clock is set by the action."""
        opened = opened_at or self.now
        self.matter = Matter(
            number=drawn_number(local_day(opened)),
            title=title,
            place=place,
            place_path=place.path,
            visibility=visibility,
            filer=filer,
            opened_at=opened,
            code_digest=code_digest(self.code),
        )
        self.hand_to(holder)
        self.say("title", title)
        return self.matter


class OpeningAction(Generic[RowT]):
    """A registered write that brings a matter into being. Call it with `actor`, `now` and its inputs."""

    def __init__(self, feature: Feature[RowT], run: Callable[..., RowT], audience: Audience) -> None:
        self.feature, self.run, self.audience = feature, run, audience
        self.name = run.__name__
        self.__doc__ = run.__doc__
        self.__module__ = run.__module__
        feature.actions[self.name] = self

    def __call__(self, *, actor: Actor, now: datetime, **inputs: Any) -> Opened[RowT]:
        """Open the matter, or raise `Refused` with nothing changed."""
        return self.many([inputs], actor=actor, now=now)[0]

    @transaction.atomic
    def many(self, each: Sequence[Mapping[str, Any]], *, actor: Actor, now: datetime) -> list[Opened[RowT]]:
        """Open a matter for each of the inputs, or raise `Refused` with nothing changed: all of them, or none.

        Checks, rows and record are those of opening one after another, each kind of row written by one statement.
        What the action reads of the database was there before the first of them.
        """
        feature = self.feature
        if not feature.access.is_granted(actor, self.name):
            raise Refused("not_granted", sign_in_may_help=actor.person is None)
        actor = actor.in_office(feature.access.office_for(actor, self.name))
        moves = [self._begun(actor, now, inputs) for inputs in each]
        settle_numbers([move.matter for move in moves])
        insert_rows([move.matter for move in moves])
        for move in moves:
            move.row.matter = move.matter  # type: ignore[attr-defined]  # again: it has its key only now
        insert_rows([move.row for move in moves])
        for move in moves:
            bind_files(move)
        records = keep_all([act_of(feature, self.name, move, "", self.audience) for move in moves])
        return [
            Opened(move.matter, move.row, record, move.code, now) for move, record in zip(moves, records, strict=True)
        ]

    def _begun(self, actor: Actor, now: datetime, inputs: Mapping[str, Any]) -> Opening[RowT]:
        """The rows of a matter as the action fills them, with the first clock; nothing is written."""
        feature = self.feature
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(10))
        move: Opening[RowT] = Opening(None, None, actor, now, None, code=code)  # type: ignore[arg-type]
        move.row = self.run(move, **inputs)
        matter = move.matter
        matter.kind, matter.procedure_version = feature.kind, feature.newest
        if not matter.state:
            matter.state = feature.procedure_of(matter).initial
        move.row.matter = matter  # type: ignore[attr-defined]
        set_next_due(feature, move.row, actor, now)
        return move


def action(
    feature: Feature[RowT], *, audience: Audience = Audience.STAFF
) -> Callable[[Callable[..., None]], Action[RowT]]:
    """Register a write; file, function, permission, event, address and wording bear its one name."""
    return lambda run: Action(feature, run, audience)


def opening(
    feature: Feature[RowT], *, audience: Audience = Audience.PARTY
) -> Callable[[Callable[..., RowT]], OpeningAction[RowT]]:
    """Register a write that opens a matter."""
    return lambda run: OpeningAction(feature, run, audience)


def lock(feature: Feature[RowT], matter_id: int) -> RowT:
    """The feature's row and its matter, both locked until the transaction ends.

    Raises:
        Refused: there is no such matter.
    """
    rows: Prepared[RowT] = _locked_rows(feature.model)
    row = rows.first(matter_id)
    if row is None:
        raise Refused("not_found")
    return row


@cache
def _locked_rows(model: type[RowT]) -> Prepared[RowT]:
    rows = model._default_manager.select_related("matter").select_for_update(of=("self", "matter"))
    return Prepared(rows.filter(pk=0), 0)


def enter_state(feature: Feature[RowT], matter: Matter, state: str, now: datetime) -> None:
    """Enter a state; an end closes the matter, leaving one opens it again."""
    matter.state = state
    if state in feature.procedure_of(matter).ends:
        matter.closed_at, matter.outcome = now, state
    else:
        matter.closed_at, matter.outcome = None, ""


def save_move(
    feature: Feature[RowT], name: str, move: Move[RowT], before: str, audience: Audience, stored: Stored
) -> Record:
    """Set the next clock, save what has changed of the rows, bind the files and keep the record.

    Args:
        stored: what the locked rows held.
    """
    set_next_due(feature, move.row, move.actor, move.now)
    update_row(move.matter, changed_fields(move.matter, stored.matter))
    update_row(move.row, changed_fields(move.row, stored.row))
    bind_files(move)
    return keep_all([act_of(feature, name, move, before, audience)])[0]


def bind_files(move: Move[RowT]) -> None:
    """Let the files that the action attached belong to the matter."""
    if move.files:
        StoredFile.objects.filter(pk__in=[file.pk for file in move.files]).update(matter=move.matter.pk)


def act_of(feature: Feature[RowT], name: str, move: Move[RowT], before: str, audience: Audience) -> Act:
    """What the record keeps of a step: where it led, and whatever the action has said and noted."""
    matter = move.matter
    return Act(
        name,
        move.actor,
        move.now,
        subject=matter.number,
        kind=feature.kind,
        codes=move.codes
        | {"from": before, "to": str(matter.state), "holder": matter.holder_id, "desk": matter.desk_id},
        texts=move.texts,
        file_digests={f"file:{file.pk}": file.digest for file in move.files},
        audience=audience,
        matter=matter.pk,
    )


def set_next_due(feature: Feature[RowT], row: RowT, actor: Actor, now: datetime) -> None:
    """Note the moment of the next thing that time alone will do; none for what has ended."""
    matter: Matter = row.matter  # type: ignore[attr-defined]
    due = feature.procedure_of(matter).next_due(feature.facts(row, actor, now))
    matter.next_due = due.at if due and matter.closed_at is None else None


def subject_of(matter: Matter) -> Subject:
    """What access has to know of a matter."""
    return Subject(
        id=matter.pk,
        kind=matter.kind,
        published=matter.published_at is not None,
        withheld=matter.withheld,
        filer=matter.filer_id,
        holder_path=matter.holder_path,
        desk_path=matter.desk_path,
        place_path=matter.place_path,
        recused_path=matter.recused_path,
    )


def code_digest(code: str) -> str:
    """The keyed digest under which a secret code is stored; forgiving of case, spaces and dashes."""
    normal = "".join(code.upper().split()).replace("-", "")
    return hmac.new(field_keys().index, f"code\x00{normal}".encode(), hashlib.sha256).hexdigest()
