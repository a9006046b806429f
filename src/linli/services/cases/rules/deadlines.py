"""What time alone does to a demand, under every version of its procedure."""

from collections.abc import Iterator
from datetime import timedelta

from linli.kernel.procedure import Blocker, Due, Guard, missing
from linli.services.cases.rules.facts import CaseFacts
from linli.services.cases.rules.vocabulary import RUNNING, State


def case_deadlines(facts: CaseFacts) -> Iterator[Due]:
    """Yield what time alone will do to the case.

    A case waiting for a supplement has no clock of its own: it resumes when the supplement arrives, or lapses.
    """
    if facts.state is State.WAITING:
        if facts.waits_until:
            yield Due(facts.waits_until, "lapse_supplement")
        return
    if facts.state is State.DISPATCHED and facts.dispatched_at and not facts.unaccepted_warned_at:
        hours = facts.rules.integer("return_hours")
        yield Due(facts.dispatched_at + timedelta(hours=hours), "warn_unaccepted")
    if facts.state in {State.REPLIED, State.RECTIFIED} and facts.verify_by and not facts.verification_warned_at:
        yield Due(facts.verify_by, "warn_unverified")
    if facts.state is State.DISPUTED and facts.ruling_by and not facts.ruling_warned_at:
        yield Due(facts.ruling_by, "warn_unruled")
    if facts.state in RUNNING:
        if facts.warn_at and not facts.warned_at:
            yield Due(facts.warn_at, "warn_holder")
        if not facts.overdue_at:
            yield Due(facts.due_at, "mark_overdue")


def when_due(name: str) -> Guard:
    """Time alone takes a step when it is due, and once: a second clock that comes late finds nothing to do."""

    def is_due(facts: CaseFacts) -> tuple[Blocker, ...]:
        come = any(due.step == name and due.at <= facts.now for due in case_deadlines(facts))
        return () if come else missing("not_open")

    return is_due
