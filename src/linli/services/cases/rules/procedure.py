"""The life of a demand (诉求), from the first word to the last answer."""

from linli.kernel.procedure import Procedure, step
from linli.services.cases.rules import guards
from linli.services.cases.rules.deadlines import case_deadlines, when_due
from linli.services.cases.rules.procedure_1 import CASE_1
from linli.services.cases.rules.vocabulary import (
    BEFORE_HANDLING,
    ENDS,
    IN_HANDS,
    IN_RECTIFICATION,
    OPEN,
    RUNNING,
    WITH_HOLDER,
    State,
)

CASE = Procedure(
    kind="case",
    version=2,
    initial=State.RECEIVED,
    ends=ENDS,
    deadlines=case_deadlines,
    steps=(
        # from the door to the holder
        step("file_case", State.RECEIVED, State.FILED),
        step("decline_case", {State.RECEIVED, State.FILED, State.RETURNED}, State.DECLINED),
        step("dispatch_case", {State.FILED, State.RETURNED}, State.DISPATCHED, guards.has_topic),
        step(
            "escalate_case",
            {State.RECEIVED, State.FILED, State.RETURNED},
            State.RECEIVED,
            guards.whole_and_undivided,
        ),
        step("split_case", {State.FILED, State.RETURNED, State.DISPATCHED}, None, guards.may_be_split),
        step("accept_case", State.DISPATCHED, State.ACCEPTED),
        step("return_case", State.DISPATCHED, State.RETURNED, guards.goes_back_to_desk),
        step("return_case", State.DISPATCHED, State.DISPUTED, guards.within_return_time),
        step("recall_case", State.DISPATCHED, State.RETURNED),
        step("hand_over_case", State.ACCEPTED, State.RETURNED, guards.handed_back_to_desk),
        step("hand_over_case", State.ACCEPTED, State.DISPUTED, guards.not_ruled),
        step("rule_holder", State.DISPUTED, State.ACCEPTED, guards.rules_over_both),
        # somebody has told us before
        step("merge_case", {State.RECEIVED, State.FILED, State.RETURNED}, State.MERGED, guards.may_be_merged),
        step("unmerge_case", State.MERGED, State.FILED, guards.has_topic),
        step("unmerge_case", State.MERGED, State.RECEIVED),
        step("release_merged", State.MERGED, State.FILED, guards.has_topic),
        step("release_merged", State.MERGED, State.RECEIVED),
        step("close_merged", State.MERGED, State.CLOSED),
        # in the holder's hands
        step("claim_case", WITH_HOLDER, None, guards.claimable),
        step("release_case", WITH_HOLDER, None, guards.is_own_case),
        step("assign_case", WITH_HOLDER),
        step("ask_supplement", State.ACCEPTED, State.WAITING, guards.not_asked_before),
        step("supply_supplement", State.WAITING, State.ACCEPTED),
        step("lapse_supplement", State.WAITING, State.ACCEPTED, when_due("lapse_supplement")),
        step("request_extension", IN_HANDS - {State.WAITING}, None, guards.extension_possible),
        step("grant_extension", IN_HANDS, None, guards.extension_grantable),
        step("refuse_extension", IN_HANDS, None, guards.extension_asked),
        step("handle_case", State.ACCEPTED, State.HANDLED, guards.has_handler),
        # the reply: drafted, reviewed and signed
        step("draft_reply", State.HANDLED, State.DRAFTED, guards.may_be_drafted),
        step("review_reply", State.DRAFTED, State.REVIEWED, guards.reviewer_is_another_person),
        step("send_back_reply", {State.DRAFTED, State.REVIEWED}, State.HANDLED),
        step("sign_reply", State.REVIEWED, State.REPLIED, guards.signed_for_filer),
        step("sign_reply", State.REVIEWED, State.CLOSED, guards.signer_may_sign),
        step("sign_reply", State.DRAFTED, State.REPLIED, guards.waived_for_filer),
        step("sign_reply", State.DRAFTED, State.CLOSED, guards.second_person_is_waived),
        # is it solved?
        step("call_back_case", {State.REPLIED, State.RECTIFIED}, None, guards.can_be_called),
        step("confirm_solved", {State.REPLIED, State.RECTIFIED}, None, guards.not_solved_yet),
        step("verify_case", State.REPLIED, State.VERIFIED, guards.solution_is_known),
        step("close_case", State.VERIFIED, State.CLOSED),
        step("rate_case", State.CLOSED, None, guards.not_rated),
        # a bad rating is made good
        step("open_rectification", State.CLOSED, State.RECTIFYING, guards.bad_rating_waits),
        step("contact_rater", State.RECTIFYING, None, guards.rater_to_be_contacted),
        step("rectify_case", State.RECTIFYING, State.RECTIFIED, guards.rater_was_heard),
        step("close_rectification", State.RECTIFIED, State.CLOSED, guards.solution_is_known),
        # the rated unit finds a bad rating unfair
        step("appeal_rating", OPEN | {State.CLOSED}, None, guards.appeal_possible),
        step("uphold_rating", OPEN | {State.CLOSED}, None, guards.appeal_decidable),
        step("overrule_rating", IN_RECTIFICATION, State.CLOSED, guards.appeal_decidable),
        step("overrule_rating", (OPEN - IN_RECTIFICATION) | {State.CLOSED}, None, guards.appeal_decidable),
        # not satisfied
        step(
            "reopen_case",
            {State.REPLIED, State.VERIFIED, State.CLOSED} | IN_RECTIFICATION,
            State.ACCEPTED,
            guards.reopening_by_right,
        ),
        step("reopen_for_filer", {State.REPLIED, State.RECTIFIED}, State.ACCEPTED, guards.call_said_unsolved),
        step("request_reopening", State.CLOSED, None, guards.reopening_needs_approval),
        step("grant_reopening", State.CLOSED, State.ACCEPTED, guards.reopening_asked),
        step("refuse_reopening", State.CLOSED, None, guards.reopening_asked),
        # until it is answered; urged only while the office has the move, not the filer
        step(
            "withdraw_case",
            BEFORE_HANDLING | IN_HANDS | {State.MERGED, State.DISPUTED},
            State.WITHDRAWN,
            guards.not_a_part,
        ),
        step("urge_case", RUNNING, None, guards.urge_not_too_often),
        # at any time
        step("supervise_case", OPEN),
        step("instruct_case", OPEN),
        step("add_note", OPEN | ENDS),
        step("renew_code", OPEN | ENDS),
        step(
            "publish_case",
            {State.REPLIED, State.VERIFIED, State.CLOSED} | IN_RECTIFICATION,
            None,
            guards.wants_publication,
        ),
        step("unpublish_case", OPEN | ENDS, None, guards.is_published),
        step("adopt_case", OPEN | ENDS),
        # what time alone does
        step("release_for_leaver", WITH_HOLDER),
        step("follow_reform", OPEN),
        step("join_parts", OPEN),
        step("end_part", OPEN, State.WITHDRAWN),
        step("warn_merged", State.MERGED),
        step("warn_unaccepted", State.DISPATCHED, None, when_due("warn_unaccepted")),
        step("warn_unruled", State.DISPUTED, None, when_due("warn_unruled")),
        step("warn_holder", RUNNING, None, when_due("warn_holder")),
        step("mark_overdue", RUNNING, None, when_due("mark_overdue")),
        step("warn_unverified", {State.REPLIED, State.RECTIFIED}, None, when_due("warn_unverified")),
    ),
)

PROCEDURES = {1: CASE_1, 2: CASE}
