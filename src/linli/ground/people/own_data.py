"""What is kept about a person, for that person alone (PIPL art. 44–45: to know and to have a copy)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.ground.people.models import Person
from linli.ground.record.models import Record

MOST_READINGS = 200


@dataclass(frozen=True)
class Reading:
    """Somebody in office read personal fields in full: when, in which office, which fields and why."""

    at: datetime
    office: str
    fields: tuple[str, ...]
    why: str


def readings_of(person: Person) -> list[Reading]:
    """The newest readings of the person's details. The office answers for them; its clerk is not named."""
    rows = Record.objects.filter(subject=f"person:{person.pk}", event="unmask_person").order_by("-id")
    columns = ("at", "entry__office_title", "codes", "entry__texts")
    return [
        Reading(at, office, tuple(codes.get("fields", ())), str(texts.get("why", "")))
        for at, office, codes, texts in rows.values_list(*columns)[:MOST_READINGS]
    ]


def kept_about(person: Person) -> dict[str, Any]:
    """Every personal field of a person and of the household, in full."""
    home = person.household
    return {
        "name": person.name,
        "phone": person.phone,
        "phone_verified": person.phone_verified,
        "resident_number": person.resident_number,
        "email": person.email,
        "household": {
            "community": home.dwelling.community.name,
            "address": home.dwelling.address,
            "entered_on": home.entered_on,
        }
        if home
        else None,
        "consents": list(
            person.consents.order_by("given_at", "pk").values(
                "purpose", "wording", "separate", "given_at", "withdrawn_at", "guardian_relation"
            )
        ),
        "offices": list(_offices(person)),
    }


def _offices(person: Person) -> Iterator[dict[str, Any]]:
    for row in person.appointments.select_related("organization").order_by("starts"):
        yield {"organization": row.organization.name, "role": row.role, "starts": row.starts, "ends": row.ends}
