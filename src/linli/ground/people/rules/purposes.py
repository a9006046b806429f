"""What personal data is used for, on which legal ground, and what each use asks of the district (B11.1–B11.7)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

CHILD_UNTIL = 14  # PIPL art. 28 and 31: below this age a guardian consents


class Basis(StrEnum):
    """The ground on which a purpose stands (PIPL art. 13)."""

    DUTY = "duty"  # a duty of the law: nobody is asked, everybody is informed (art. 34–35)
    CONSENT = "consent"
    SEPARATE = "separate"  # consent to this one thing, asked for apart from all others (art. 25, 29)


@dataclass(frozen=True)
class Purpose:
    """One use of personal data.

    Args:
        sensitive: whether sensitive data may be among it: numbers of documents, health, children (art. 28).
        publishes: whether the data leaves the house for everybody.
    """

    code: str
    basis: Basis
    sensitive: bool = False
    publishes: bool = False

    @property
    def is_consented(self) -> bool:
        """Whether it waits for somebody's consent."""
        return self.basis is not Basis.DUTY

    @property
    def needs_assessment(self) -> bool:
        """Whether its impact is assessed beforehand (art. 55: sensitive data, publication)."""
        return self.sensitive or self.publishes


ACCOUNT, PROGRESS_MAIL, PUBLIC_NAME = "account", "progress_mail", "public_name"

PURPOSES = MappingProxyType(
    {
        each.code: each
        for each in (
            Purpose("demands", Basis.DUTY, sensitive=True),
            Purpose("households", Basis.DUTY, sensitive=True),
            Purpose(ACCOUNT, Basis.CONSENT),
            Purpose(PROGRESS_MAIL, Basis.CONSENT),
            Purpose(PUBLIC_NAME, Basis.SEPARATE, publishes=True),
        )
    }
)
CONSENTED = tuple(code for code, purpose in PURPOSES.items() if purpose.is_consented)
ASSESSED = tuple(code for code, purpose in PURPOSES.items() if purpose.needs_assessment)


class Relation(StrEnum):
    """What a guardian is to the child."""

    PARENT = "parent"
    GRANDPARENT = "grandparent"
    OTHER = "other"


@dataclass(frozen=True)
class Guardian:
    """Who consents for a child."""

    name: str
    relation: Relation


def is_child(birth: date, day: date) -> bool:
    """Whether somebody is under fourteen; an age is full on the day after the birthday, which protects longer."""
    return (day.year - birth.year - ((day.month, day.day) <= (birth.month, birth.day))) < CHILD_UNTIL
