"""The life of a demand as it began up to version 1; what started under it ends under it.

Its states are listed here, so that words added to the vocabulary later do not enter it.
"""

from linli.kernel.procedure import Procedure, step
from linli.services.cases.rules import guards
from linli.services.cases.rules.deadlines import case_deadlines, when_due
from linli.services.cases.rules.vocabulary import BEFORE_HANDLING, ENDS, IN_HANDS, State

OPEN = BEFORE_HANDLING | IN_HANDS | {State.REPLIED, State.VERIFIED}
RUNNING = OPEN - {State.WAITING, State.REPLIED, State.VERIFIED}

CASE_1 = Procedure(
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
        step("follow_reform", OPEN),
        step("warn_unaccepted", State.DISPATCHED, None, when_due("warn_unaccepted")),
        step("warn_holder", RUNNING, None, when_due("warn_holder")),
        step("mark_overdue", RUNNING, None, when_due("mark_overdue")),
        step("warn_unverified", State.REPLIED, None, when_due("warn_unverified")),
    ),
)
