"""What guards and clocks of a case may know: plain values, taken from one locked row."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.kernel.rulesets import RuleSet
from linli.services.cases.rules.vocabulary import State


@dataclass(frozen=True)
class CaseFacts:
    """The state of a case as its rules see it."""

    state: State
    now: datetime
    actor: UUID | None
    rules: RuleSet
    due_at: datetime
    is_part: bool  # of another demand: it has no filer of its own
    waits_for_parts: bool
    has_topic: bool
    is_complaint: bool  # somebody keeps out of it
    handler: UUID | None
    actor_in_unit: bool  # a clerk of the holding unit itself, not of one above it
    actor_signs: bool  # holds the office of a signer over the case
    actor_above_desk: bool  # supervises at or above the organization before which it lies
    actor_above_rated: bool  # supervises above the unit that was rated and holds no office in it
    actor_of_rated: bool  # handles or signs for the unit that was rated
    actor_at_counter: bool  # takes demands down for others, and may know who filed
    identity_shown: bool
    has_contact: bool
    dispatched_at: datetime | None
    returns: int
    ruling_by: datetime | None
    ruling_warned_at: datetime | None
    ruled_at: datetime | None
    drafted_by: UUID | None
    reviewed_by: UUID | None
    waives_second_person: bool
    supplements_asked: int
    waits_until: datetime | None
    paused_days_left: int | None
    extensions_granted: int
    extension_asked_days: int | None
    extension_asked_by: UUID | None
    warn_at: datetime | None
    warned_at: datetime | None
    overdue_at: datetime | None
    unaccepted_warned_at: datetime | None
    replied_at: datetime | None
    verify_by: datetime | None
    verification_warned_at: datetime | None
    call_attempts: int
    called_at: datetime | None
    confirmed_at: datetime | None
    solved: bool | None
    closed_at: datetime | None
    reopen_until: datetime | None
    reopened: int
    reopening_asked_at: datetime | None
    rated_at: datetime | None
    rating: int | None
    appeal: str
    appeal_until: datetime | None
    rectification_asked_at: datetime | None
    contact_tried_at: datetime | None
    contacted_at: datetime | None
    urged_at: datetime | None
    published_at: datetime | None
    wants_publication: bool

    @property
    def is_past_due(self) -> bool:
        """Whether the promise is broken; while the clock stands still with days left, it is not."""
        return self.paused_days_left is None and self.now >= self.due_at

    @property
    def goes_to_superior(self) -> bool:
        """Whether one more return would make it a dispute, which the superior of those who returned it ends."""
        return self.returns + 1 >= self.rules.integer("returns_before_ruling")

    @property
    def has_handler(self) -> bool:
        """Whether a person, not only a unit, works on the case."""
        return self.handler is not None
