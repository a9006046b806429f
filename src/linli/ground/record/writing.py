"""Keeping the record: one row per action, inside the transaction of the change."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from linli.ground.record.canonical import ENTRY, digest, entry_digest
from linli.ground.record.models import Entry, Pending, Record
from linli.ground.record.prepared import insert_row, insert_values
from linli.kernel.access import Actor


class Audience(StrEnum):
    """Who may read an entry's texts on the timeline, from the narrowest out."""

    STAFF = "staff"
    PARTY = "party"  # staff, and the filer
    PUBLIC = "public"  # everyone, once the matter is published


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
    """Write the record row of one action and its readable half.

    Args:
        event: name of the action.
        subject: what it was done to, as an id or number; never personal data.
        codes: ids, codes, counts and moments; must be JSON and not personal.
        texts: every text the action wrote, by name; stored in the entry, digested in the record.
        file_digests: salted digests of files written, by file id.
        matter: id of the matter on whose timeline the entry stands.

    Raises:
        RuntimeError: called outside a transaction, where change and record could part.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a record row is written in the transaction of the change it records")
    salt = secrets.token_bytes(16)
    written = {name: text for name, text in (texts or {}).items() if text}
    actor_name = actor.name if actor.is_staff or actor.is_system else ""
    office_title = actor.office.title if actor.office else ""
    row = Record(
        at=now,
        event=event,
        kind=kind,
        subject=subject,
        office=str(actor.office.organization_id) if actor.office else ("system" if actor.is_system else ""),
        actor_digest=digest(salt, "actor", str(actor.account)) if actor.account else "",
        codes=dict(codes or {}),
        digests={ENTRY: entry_digest(salt, actor_name, office_title, audience)}
        | {name: digest(salt, name, text) for name, text in written.items()}
        | dict(file_digests or {}),
    )
    insert_row(row)
    insert_values(
        Entry,
        {
            "record_id": row.pk,
            "matter": matter,
            "actor": actor.account,
            "actor_name": actor_name,
            "office_title": office_title,
            "audience": audience,
            "texts": written,
            "salt": salt,
        },
    )
    insert_values(Pending, {"record_id": row.pk})
    return row
