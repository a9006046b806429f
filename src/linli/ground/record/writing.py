"""Keeping the record: one row per action, inside the transaction of the change."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from linli.ground.record.canonical import ENTRY, digest, entry_digest
from linli.ground.record.models import Entry, Pending, Record
from linli.ground.record.prepared import insert_rows, insert_values
from linli.kernel.access import Actor


class Audience(StrEnum):
    """Who may read an entry's texts on the timeline, from the narrowest out."""

    STAFF = "staff"
    PARTY = "party"  # staff, and the filer
    PUBLIC = "public"  # everyone, once the matter is published


@dataclass(frozen=True)
class Act:
    """What the record keeps of one action.

    Args:
        event: name of the action.
        subject: what it was done to, as an id or number; never personal data.
        codes: ids, codes, counts and moments; must be JSON and not personal.
        texts: every text the action wrote, by name; stored in the entry, digested in the record.
        file_digests: salted digests of files written, by file id.
        matter: id of the matter on whose timeline the entry stands.
    """

    event: str
    actor: Actor
    now: datetime
    subject: str = ""
    kind: str = ""
    codes: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    file_digests: Mapping[str, str] = field(default_factory=dict)
    audience: Audience = Audience.STAFF
    matter: int | None = None


def keep(
    event: str,
    *,
    actor: Actor,
    now: datetime,
    subject: str = "",
    kind: str = "",
    codes: Mapping[str, Any] | None = None,
    texts: Mapping[str, str] | None = None,
    file_digests: Mapping[str, str] | None = None,
    audience: Audience = Audience.STAFF,
    matter: int | None = None,
) -> Record:
    """Write the record row of one action and its readable half; `Act` says what the arguments are.

    Raises:
        RuntimeError: called outside a transaction, where change and record could part.
    """
    told = Act(event, actor, now, subject, kind, codes or {}, texts or {}, file_digests or {}, audience, matter)
    return keep_all([told])[0]


def keep_all(acts: Sequence[Act]) -> list[Record]:
    """Write the rows of several actions in their order, each kind of row by one statement.

    Raises:
        RuntimeError: called outside a transaction, where changes and record could part.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a record row is written in the transaction of the change it records")
    pairs = [_row_and_entry(act) for act in acts]
    rows = [row for row, _ in pairs]
    if rows:
        insert_rows(rows)
        insert_values(Entry, [{"record_id": row.pk} | entry for row, entry in pairs])
        insert_values(Pending, [{"record_id": row.pk} for row in rows])
    return rows


def _row_and_entry(act: Act) -> tuple[Record, dict[str, Any]]:
    """The record row of an act, and what its entry holds."""
    actor, salt = act.actor, secrets.token_bytes(16)
    written = {name: text for name, text in act.texts.items() if text}
    actor_name = actor.name if actor.is_staff or actor.is_system else ""
    office_title = actor.office.title if actor.office else ""
    row = Record(
        at=act.now,
        event=act.event,
        kind=act.kind,
        subject=act.subject,
        office=str(actor.office.organization_id) if actor.office else ("system" if actor.is_system else ""),
        actor_digest=digest(salt, "actor", str(actor.account)) if actor.account else "",
        codes=dict(act.codes),
        digests={ENTRY: entry_digest(salt, actor_name, office_title, act.audience)}
        | {name: digest(salt, name, text) for name, text in written.items()}
        | dict(act.file_digests),
    )
    entry = {
        "matter": act.matter,
        "actor": actor.account,
        "actor_name": actor_name,
        "office_title": office_title,
        "audience": act.audience,
        "texts": written,
        "salt": salt,
    }
    return row, entry
