"""System, security and audit administrator are three people (三员分立), whatever the dates and deputies say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linli.kernel.access import ADMINISTRATORS, Role


@dataclass(frozen=True)
class Term:
    """An appointment as separation sees it: a deputy counts as a holder, because an absence can begin on any day."""

    role: Role
    person: UUID
    deputy: UUID | None
    starts: date
    ends: date | None

    @property
    def holders(self) -> frozenset[UUID]:
        """Everybody who may stand in the role during the term."""
        return frozenset({self.person} | ({self.deputy} if self.deputy else set()))

    def overlaps(self, other: "Term") -> bool:
        """Whether the two have a day in common; a term without an end goes on."""
        return self.starts <= (other.ends or date.max) and other.starts <= (self.ends or date.max)


def clash(wanted: Term, held: Iterable[Term]) -> Term | None:
    """The first of `held` that puts somebody into two administrators' roles on one day; None where nothing does.

    Graded protection separates the three roles (B11.14): who gives access, who guards it, and who looks at what
    both have done.
    """
    if wanted.role not in ADMINISTRATORS:
        return None
    for term in held:
        is_another = term.role in ADMINISTRATORS and term.role is not wanted.role
        if is_another and term.holders & wanted.holders and term.overlaps(wanted):
            return term
    return None
