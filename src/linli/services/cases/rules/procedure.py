"""The life of a demand (诉求), from the first word to the last answer."""

from collections.abc import Iterator
from datetime import timedelta

from linli.kernel.procedure import Blocker, Due, Guard, Procedure, missing, step
from linli.services.cases.rules import guards
from linli.services.cases.rules.facts import CaseFacts
from linli.services.cases.rules.vocabulary import BEFORE_HANDLING, ENDS, IN_HANDS, OPEN, RUNNING, State


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
    if facts.state is State.REPLIED and facts.verify_by and not facts.verification_warned_at:
        yield Due(facts.verify_by, "warn_unverified")
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


CASE = Procedure(
    kind="case",
    version=1,
    initial=State.RECEIVED,
    ends=ENDS,
    deadlines=case_deadlines,
    steps=(
        # from the door to the holder
        step("file_case", State.RECEIVED, State.FILED),
        step("decline_case", {State.RECEIVED, State.FILED, State.RETURNED}, State.DECLINED),
        step("dispatch_case", {State.FILED, State.RETURNED}, State.DISPATCHED, guards.has_topic),
        step("escalate_case", {State.RECEIVED, State.FILED, State.RETURNED}, State.RECEIVED),
        step("accept_case", State.DISPATCHED, State.ACCEPTED),
        step("return_case", State.DISPATCHED, State.RETURNED, guards.within_return_time),
        step("recall_case", State.DISPATCHED, State.RETURNED),
        step("hand_over_case", State.ACCEPTED, State.RETURNED),
        # in the holder's hands
        step("claim_case", IN_HANDS, None, guards.claimable),
        step("release_case", IN_HANDS, None, guards.is_own_case),
        step("assign_case", IN_HANDS),
        step("ask_supplement", State.ACCEPTED, State.WAITING, guards.not_asked_before),
        step("supply_supplement", State.WAITING, State.ACCEPTED),
        step("lapse_supplement", State.WAITING, State.ACCEPTED, when_due("lapse_supplement")),
        step("request_extension", IN_HANDS - {State.WAITING}, None, guards.extension_possible),
        step("grant_extension", IN_HANDS, None, guards.extension_grantable),
        step("refuse_extension", IN_HANDS, None, guards.extension_asked),
        step("handle_case", State.ACCEPTED, State.HANDLED, guards.has_handler),
        # the reply: drafted, reviewed and signed
        step("draft_reply", State.HANDLED, State.DRAFTED, guards.has_handler),
        step("review_reply", State.DRAFTED, State.REVIEWED, guards.reviewer_is_another_person),
        step("send_back_reply", {State.DRAFTED, State.REVIEWED}, State.HANDLED),
        step("sign_reply", State.REVIEWED, State.REPLIED, guards.signer_may_sign),
        step("sign_reply", State.DRAFTED, State.REPLIED, guards.second_person_is_waived),
        # is it solved?
        step("call_back_case", State.REPLIED, None, guards.can_be_called),
        step("confirm_solved", State.REPLIED, None, guards.not_solved_yet),
        step("verify_case", State.REPLIED, State.VERIFIED, guards.solution_is_known),
        step("close_case", State.VERIFIED, State.CLOSED),
        step("rate_case", State.CLOSED, None, guards.not_rated),
        # not satisfied
        step(
            "reopen_case",
            {State.REPLIED, State.VERIFIED, State.CLOSED},
            State.ACCEPTED,
            guards.reopening_by_right,
        ),
        step("reopen_for_filer", State.REPLIED, State.ACCEPTED, guards.call_said_unsolved),
        step("request_reopening", State.CLOSED, None, guards.reopening_needs_approval),
        step("grant_reopening", State.CLOSED, State.ACCEPTED, guards.reopening_asked),
        step("refuse_reopening", State.CLOSED, None, guards.reopening_asked),
        # until it is answered; urged only while the office has the move, not the filer
        step("withdraw_case", BEFORE_HANDLING | IN_HANDS, State.WITHDRAWN),
        step("urge_case", RUNNING, None, guards.urge_not_too_often),
        # at any time
        step("supervise_case", OPEN),
        step("instruct_case", OPEN),
        step("add_note", OPEN | ENDS),
        step("renew_code", OPEN | ENDS),
        step("publish_case", {State.REPLIED, State.VERIFIED, State.CLOSED}, None, guards.wants_publication),
        step("unpublish_case", OPEN | ENDS, None, guards.is_published),
        step("adopt_case", OPEN | ENDS),
        # what time alone does
        step("release_for_leaver", IN_HANDS),
        step("warn_unaccepted", State.DISPATCHED, None, when_due("warn_unaccepted")),
        step("warn_holder", RUNNING, None, when_due("warn_holder")),
        step("mark_overdue", RUNNING, None, when_due("mark_overdue")),
        step("warn_unverified", State.REPLIED, None, when_due("warn_unverified")),
    ),
)

PROCEDURES = {1: CASE}
