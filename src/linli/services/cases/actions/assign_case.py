"""Assigning a case to a colleague."""

from linli.ground.matters.action import Move, action
from linli.ground.people.models import Person
from linli.ground.people.selectors import clerks_of
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def assign_case(move: Move[Case], *, person: Person) -> None:
    """Make a member of the holding unit the handler."""
    if person not in clerks_of(move.matter.holder, move.now):
        move.refuse("not_in_unit")
    move.matter.handler = person
    move.note(handler=str(person.pk))
