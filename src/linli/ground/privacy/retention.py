"""What has been kept long enough: every kind of data with a term, and the plan of what would go today.

A kind is registered by whoever owns its rows, under the code of the rule that gives its term. A plan is only a count
with a digest over the very rows; whoever repeats the digest has seen it, and a plan that has changed is refused.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from linli.ground.people.administering import administrator
from linli.ground.people.selectors import local_day
from linli.ground.privacy.rules.rulebook import rulebook
from linli.ground.privacy.rules.terms import months_before
from linli.kernel.access import Actor
from linli.kernel.rulesets import Rule

BATCH = 200


@dataclass(frozen=True)
class Kept:
    """A kind of data with a term.

    Args:
        code: of the rule that says for how many months; the same in the record.
        due: the rows whose term began before a moment and that still hold something.
        erase: empties or deletes these rows, which are locked, inside the transaction of the record row.
    """

    code: str
    due: Callable[[datetime], QuerySet[Any]]
    erase: Callable[[Sequence[Any], Actor, datetime], None]


KINDS: dict[str, Kept] = {}


def keeps_for_a_term(kind: Kept) -> Kept:
    """Register a kind of data."""
    KINDS[kind.code] = kind
    return kind


@dataclass(frozen=True)
class PlannedKind:
    """How many rows of a kind have been kept long enough: those whose term began before a moment."""

    code: str
    rule: Rule
    before: datetime
    rows: int


@dataclass(frozen=True)
class Plan:
    """What a run would erase, and the digest that confirms it."""

    kinds: tuple[PlannedKind, ...]
    digest: str

    @property
    def rows(self) -> int:
        """All of them together."""
        return sum(kind.rows for kind in self.kinds)


def retention_plan(actor: Actor, now: datetime) -> Plan:
    """What would go today, kind by kind, in the order of their codes.

    The digest is over kinds, terms and the keys of the rows, and not over the moment: the same rows on the next day
    are the same plan.

    Raises:
        PermissionDenied: the actor administers neither system nor security.
    """
    administrator(actor, "view_retention")
    digest, kinds = hashlib.sha256(), []
    for code in sorted(KINDS):
        rule = rulebook().on(local_day(now)).rule(code)
        before, rows = term_begins_before(code, now), 0
        digest.update(f"{code} {rule.value}\n".encode())
        for key in due_keys(code, before):
            digest.update(f"{key}\n".encode())
            rows += 1
        kinds.append(PlannedKind(code, rule, before, rows))
    return Plan(tuple(kinds), digest.hexdigest())


def terms_of_keeping(now: datetime) -> list[Rule]:
    """How long each kind is kept, for everybody to read (PIPL art. 17)."""
    rules = rulebook().on(local_day(now))
    return [rules.rule(code) for code in sorted(KINDS)]


def term_begins_before(code: str, now: datetime) -> datetime:
    """The moment before which the term of a kind must have begun, to have ended by now."""
    day = local_day(now)
    first = months_before(day, rulebook().on(day).integer(code))
    return datetime.combine(first, time.min, ZoneInfo(settings.TIME_ZONE))


def due_keys(code: str, before: datetime) -> Iterator[Any]:
    """The keys of what is due, in their order."""
    return KINDS[code].due(before).order_by("pk").values_list("pk", flat=True).iterator(2000)
