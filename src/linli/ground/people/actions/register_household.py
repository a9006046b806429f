"""Registering a household: a dwelling in a community and the people who live in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from linli.ground.people.encryption import blind_index
from linli.ground.people.models import Dwelling, Household, Person
from linli.ground.record.writing import keep
from linli.ground.territory.facade import Level, Unit
from linli.kernel.access import Actor
from linli.kernel.identity import canonical_code, normalize_phone, resident_number_fault


@dataclass(frozen=True)
class Member:
    """One person as told at registration; number and phone may be unknown."""

    name: str
    resident_number: str = ""
    phone: str = ""


class MemberRefused(ValueError):
    """A field of a member is wrong: `position` counts from 1; nothing was registered."""

    def __init__(self, position: int, field: str, fault: str) -> None:
        super().__init__(f"member {position}: {field}: {fault}")
        self.position, self.field, self.fault = position, field, fault


@transaction.atomic
def register_household(
    community: Unit, address: str, members: Sequence[Member], *, entered_on: date, actor: Actor, now: datetime
) -> Household:
    """Enter a household; somebody known by resident number moves in and is not entered twice.

    Raises:
        MemberRefused: a number fails its check digit (B11.16), or a phone is none.
        ValueError: the unit is no community, or nobody lives there.
    """
    if community.level != Level.COMMUNITY:
        raise ValueError("a household lives in a community")
    if not members:
        raise ValueError("a household has at least one member")
    checked = [checked_member(position, member) for position, member in enumerate(members, start=1)]
    dwelling = Dwelling.objects.create(community=community, address=address.strip())
    household = Household.objects.create(dwelling=dwelling, entered_on=entered_on)
    for member in checked:
        _move_in(member, household)
    keep(
        "register_household",
        actor=actor,
        now=now,
        subject=f"household:{household.pk}",
        codes={"community": community.code, "members": len(members), "entered_on": entered_on.isoformat()},
    )
    return household


def checked_member(position: int, member: Member) -> Member:
    """A member with every field in its one form.

    Raises:
        MemberRefused: the first field that is wrong.
    """
    number = canonical_code(member.resident_number)
    fault = resident_number_fault(number) if number else None
    if fault:
        raise MemberRefused(position, "resident_number", fault)
    phone = normalize_phone(member.phone) if member.phone else ""
    if phone is None:
        raise MemberRefused(position, "phone", "format")
    if not member.name.strip():
        raise MemberRefused(position, "name", "missing")
    return Member(member.name.strip(), number, phone)


def _move_in(member: Member, household: Household) -> None:
    index = blind_index(member.resident_number, "resident_number")
    known = Person.objects.filter(resident_number_index=index).first() if index else None
    if known is not None:
        known.household = household
        known.save(update_fields=["household"])
        return
    Person.objects.create(
        name=member.name,
        phone=member.phone,
        phone_index=blind_index(member.phone, "phone"),
        resident_number=member.resident_number,
        resident_number_index=index,
        household=household,
    )
