"""The filer's details in full: one decision and one record row for the page and for programs."""

from datetime import datetime

from linli.ground.matters.action import Refused
from linli.ground.people.actions.unmask_person import unmask_person
from linli.kernel.access import Actor
from linli.services.cases.models import Case
from linli.services.cases.selectors import sees_filer

LONGEST_REASON = 100


def may_reveal(actor: Actor, case: Case) -> bool:
    """Whether there is a filer, and the actor may know who it is."""
    return case.matter.filer is not None and sees_filer(actor, case)


def reveal_filer(actor: Actor, case: Case, *, why: str, now: datetime) -> dict[str, str]:
    """Name, telephone and e-mail address of whoever filed the demand; the reading is recorded with its reason.

    Raises:
        Refused: (`out_of_scope`) nobody is known, or the actor may not know.
    """
    if case.matter.filer is None or not may_reveal(actor, case):
        raise Refused("out_of_scope")
    return unmask_person(case.matter.filer, fields=("name", "phone", "email"), why=why, actor=actor, now=now)
