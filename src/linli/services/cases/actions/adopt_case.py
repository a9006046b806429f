"""Taking a demand that was filed without an account into the account of whoever holds its telephone."""

from linli.ground.matters.action import Move, action
from linli.ground.people.models import Person
from linli.ground.people.selectors import has_account
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def adopt_case(move: Move[Case], *, person: Person) -> None:
    """The person who has shown to hold the telephone that was left is the filer from now on, whatever name was left.

    The system does it at the moment of proof; nobody else can. Whoever has an account keeps what they filed with it.
    """
    filer = move.matter.filer
    if filer is None or filer.phone_index != _proved(person) or has_account(filer):
        move.refuse("phone_not_shown")
    move.matter.filer = person


def _proved(person: Person) -> str | None:
    """The index of the telephone that the person has shown to hold."""
    return person.phone_index or None if person.phone_verified else None
