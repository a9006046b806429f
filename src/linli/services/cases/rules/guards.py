"""Guards of a case: each says what is missing, and nothing when nothing is."""

from datetime import timedelta

from linli.kernel.procedure import Blocker, missing
from linli.services.cases.rules.facts import CaseFacts
from linli.services.cases.rules.vocabulary import BAD_RATINGS, Appeal


def has_topic(facts: CaseFacts) -> tuple[Blocker, ...]:
    """A filed demand bears a topic, from which holder and limit follow."""
    return () if facts.has_topic else missing("topic_missing")


def may_be_merged(facts: CaseFacts) -> tuple[Blocker, ...]:
    """A complaint of somebody is handled by itself: whoever handles the other case may be the one complained of."""
    return missing("complaint_stands_alone") if facts.is_complaint else whole_and_undivided(facts)


def not_a_part(facts: CaseFacts) -> tuple[Blocker, ...]:
    """What is the filer's to do, they do with the whole demand."""
    return missing("part_of_whole") if facts.is_part else ()


def whole_and_undivided(facts: CaseFacts) -> tuple[Blocker, ...]:
    """Neither a part of another demand, nor one whose parts are still being answered."""
    return missing("parts_open") if facts.waits_for_parts else not_a_part(facts)


def may_be_split(facts: CaseFacts) -> tuple[Blocker, ...]:
    """A demand with a topic is split among several units; a part is not split again."""
    return not_a_part(facts) or has_topic(facts)


def may_be_drafted(facts: CaseFacts) -> tuple[Blocker, ...]:
    """The joint reply is drafted by a handler when every part is answered."""
    return has_handler(facts) or (missing("parts_open") if facts.waits_for_parts else ())


def signed_for_filer(facts: CaseFacts) -> tuple[Blocker, ...]:
    """The reply to a filer waits for verification; the answer to a part is for the leading holder, and ends it."""
    return signer_may_sign(facts) or (missing("not_open") if facts.is_part else ())


def waived_for_filer(facts: CaseFacts) -> tuple[Blocker, ...]:
    """The same where one person may draft and sign."""
    return second_person_is_waived(facts) or (missing("not_open") if facts.is_part else ())


def within_return_time(facts: CaseFacts) -> tuple[Blocker, ...]:
    """A wrongly addressed demand goes back within 24 hours (B7.9; hours count from the moment, B0.2)."""
    hours = facts.rules.integer("return_hours")
    if facts.dispatched_at and facts.now <= facts.dispatched_at + timedelta(hours=hours):
        return ()
    return missing("return_time_over", hours=hours, dispatched_at=facts.dispatched_at)


def goes_back_to_desk(facts: CaseFacts) -> tuple[Blocker, ...]:
    """A return in time goes back to the desk, until units have sent it back so often that a superior has to rule."""
    return within_return_time(facts) or (missing("not_open") if facts.goes_to_superior else ())


def not_ruled(facts: CaseFacts) -> tuple[Blocker, ...]:
    """A unit that was ruled to be responsible keeps the demand."""
    return missing("ruled_before") if facts.ruled_at else ()


def handed_back_to_desk(facts: CaseFacts) -> tuple[Blocker, ...]:
    """What was accepted and is another unit's goes back likewise, and likewise counts as returned."""
    return not_ruled(facts) or (missing("not_open") if facts.goes_to_superior else ())


def rules_over_both(facts: CaseFacts) -> tuple[Blocker, ...]:
    """Whoever stands above all who sent it back rules, not somebody who stands above one of them."""
    return () if facts.actor_above_desk else missing("common_superior_only")


def not_asked_before(facts: CaseFacts) -> tuple[Blocker, ...]:
    """One-time notice (一次性告知, B7.1): whatever is lacking is asked for once."""
    if facts.is_part:
        return missing("part_of_whole")
    return () if facts.supplements_asked < facts.rules.integer("supplements") else missing("supplement_asked_before")


def extension_possible(facts: CaseFacts) -> tuple[Blocker, ...]:
    """One extension, asked for before the due date has passed (B7.9); a part has the time of the whole."""
    if facts.is_part:
        return missing("part_of_whole")
    if facts.extensions_granted >= facts.rules.integer("extensions"):
        return missing("extended_before")
    if facts.extension_asked_days is not None:
        return missing("extension_already_asked")
    return missing("extension_after_due", due_at=facts.due_at) if facts.is_past_due else ()


def extension_grantable(facts: CaseFacts) -> tuple[Blocker, ...]:
    """An extension is granted by another person than asked for it, and before the due date has passed.

    Afterwards it can only be refused.
    """
    if facts.extension_asked_days is None:
        return missing("no_extension_asked")
    if facts.actor is not None and facts.extension_asked_by == facts.actor:
        return missing("asked_by_yourself")
    return missing("grant_after_due", due_at=facts.due_at) if facts.is_past_due else ()


def extension_asked(facts: CaseFacts) -> tuple[Blocker, ...]:
    """Only an extension that was asked for is refused."""
    return () if facts.extension_asked_days is not None else missing("no_extension_asked")


def has_handler(facts: CaseFacts) -> tuple[Blocker, ...]:
    """A person, not only a unit, works on the case."""
    return () if facts.has_handler else missing("handler_missing")


def claimable(facts: CaseFacts) -> tuple[Blocker, ...]:
    """Members of the holding unit claim what has no handler; a case with one is not claimed away but assigned."""
    if facts.has_handler:
        return missing("already_claimed")
    return () if facts.actor_in_unit else missing("not_in_unit")


def is_own_case(facts: CaseFacts) -> tuple[Blocker, ...]:
    """Only the handler puts a case back into the unit's pool."""
    return () if facts.handler is not None and facts.handler == facts.actor else missing("not_own_case")


def reviewer_is_another_person(facts: CaseFacts) -> tuple[Blocker, ...]:
    """Whoever drafted a reply does not review it (拟稿、审核分离)."""
    return missing("same_person_drafted") if facts.drafted_by == facts.actor else ()


def signer_may_sign(facts: CaseFacts) -> tuple[Blocker, ...]:
    """A signer signs, and not whoever drafted the reply (拟稿、签发分离); simple topics need no signer."""
    if facts.drafted_by == facts.actor:
        return missing("same_person_drafted")
    return () if facts.actor_signs or facts.waives_second_person else missing("signer_only")


def second_person_is_waived(facts: CaseFacts) -> tuple[Blocker, ...]:
    """For simple topics the rule set lets one person draft and sign."""
    return () if facts.waives_second_person else missing("review_missing")


def solution_is_known(facts: CaseFacts) -> tuple[Blocker, ...]:
    """Verified when the filer or a call-back spoke, when calls were tried in vain, or when nobody can be called.

    What a call-back found unsolved is reopened instead, as long as the filer may by right.
    """
    if facts.solved is False:
        return missing("solved_is_false") if not reopening_by_right(facts) else ()
    if facts.solved or not facts.has_contact:
        return ()
    needed = facts.rules.integer("call_attempts")
    if facts.call_attempts >= needed:
        return ()
    return missing("call_back_missing", needed=needed, tried=facts.call_attempts)


def can_be_called(facts: CaseFacts) -> tuple[Blocker, ...]:
    """A call-back needs somebody to call, and a question: what the filer has confirmed is not asked again."""
    if facts.confirmed_at:
        return missing("confirmed_by_filer")
    return () if facts.has_contact else missing("no_contact")


def attempt_counts(facts: CaseFacts) -> tuple[Blocker, ...]:
    """Calling in vain counts once in some hours: three attempts within minutes are one."""
    pause = timedelta(hours=facts.rules.integer("call_pause_hours"))
    if facts.called_at and facts.now < facts.called_at + pause:
        return missing("called_recently", again_at=facts.called_at + pause)
    return ()


def call_said_unsolved(facts: CaseFacts) -> tuple[Blocker, ...]:
    """The desk reopens for the filer who said on the telephone that it is not solved, and may reopen by right."""
    return reopening_by_right(facts) if facts.solved is False else missing("not_said_unsolved")


def not_solved_yet(facts: CaseFacts) -> tuple[Blocker, ...]:
    """Confirmed once."""
    return missing("already_confirmed") if facts.solved else ()


def not_rated(facts: CaseFacts) -> tuple[Blocker, ...]:
    """One rating per matter (一事一评, B7.13)."""
    return missing("already_rated") if facts.rated_at else not_a_part(facts)


def urge_not_too_often(facts: CaseFacts) -> tuple[Blocker, ...]:
    """One reminder a day is heard; more would bury the others."""
    pause = timedelta(hours=facts.rules.integer("urge_pause_hours"))
    if facts.urged_at and facts.now < facts.urged_at + pause:
        return missing("urged_recently", again_at=facts.urged_at + pause)
    return ()


def reopening_by_right(facts: CaseFacts) -> tuple[Blocker, ...]:
    """The filer who is not satisfied reopens once by right, within the time of the rule set."""
    if facts.is_part:
        return missing("part_of_whole")
    if facts.reopened >= facts.rules.integer("reopenings_by_right"):
        return missing("reopened_before")
    return within_reopening_time(facts)


def within_reopening_time(facts: CaseFacts) -> tuple[Blocker, ...]:
    """Reopening has an end, so that a closed case can be relied on."""
    if facts.reopen_until and facts.now < facts.reopen_until:
        return ()
    return missing("reopening_time_over", until=facts.reopen_until)


def reopening_needs_approval(facts: CaseFacts) -> tuple[Blocker, ...]:
    """A further reopening is asked for, once at a time."""
    if facts.is_part:
        return missing("part_of_whole")
    if facts.reopened < facts.rules.integer("reopenings_by_right"):
        return missing("reopen_by_right_first")
    if facts.reopening_asked_at:
        return missing("reopening_already_asked")
    return within_reopening_time(facts)


def reopening_asked(facts: CaseFacts) -> tuple[Blocker, ...]:
    """Only a reopening that was asked for is granted or refused."""
    return () if facts.reopening_asked_at else missing("no_reopening_asked")


def appeal_possible(facts: CaseFacts) -> tuple[Blocker, ...]:
    """The rated unit appeals against a bad rating once, within the time of the rule set."""
    if facts.rating not in BAD_RATINGS:
        return missing("not_rated_badly")
    if facts.appeal:
        return missing("appealed_before")
    if not facts.actor_of_rated:
        return missing("rated_unit_only")
    in_time = facts.appeal_until is not None and facts.now < facts.appeal_until
    return () if in_time else missing("appeal_time_over", until=facts.appeal_until)


def appeal_decidable(facts: CaseFacts) -> tuple[Blocker, ...]:
    """A superior who is none of the rated unit decides; nobody judges the rating of their own work."""
    if facts.appeal != Appeal.ASKED:
        return missing("no_appeal")
    return () if facts.actor_above_rated else missing("outside_superior_only")


def bad_rating_waits(facts: CaseFacts) -> tuple[Blocker, ...]:
    """A bad rating is taken up once; a demand that was reopened meanwhile is handled anew instead."""
    return () if facts.rectification_asked_at else missing("not_open")


def rater_to_be_contacted(facts: CaseFacts) -> tuple[Blocker, ...]:
    """Whoever rated badly and can be reached is contacted (B7.11); who hides from the unit, by the counter."""
    if not facts.has_contact:
        return missing("rater_unreachable")
    if facts.contacted_at:
        return missing("rater_contacted")
    return () if facts.identity_shown or facts.actor_at_counter else missing("contact_by_counter")


def contact_counts(facts: CaseFacts) -> tuple[Blocker, ...]:
    """Trying in vain counts once in some hours, as with call-backs."""
    pause = timedelta(hours=facts.rules.integer("call_pause_hours"))
    if facts.contact_tried_at and facts.now < facts.contact_tried_at + pause:
        return missing("called_recently", again_at=facts.contact_tried_at + pause)
    return ()


def rater_was_heard(facts: CaseFacts) -> tuple[Blocker, ...]:
    """A handler mends what is wrong after asking what it is, of whoever can be asked."""
    if not facts.has_handler:
        return missing("handler_missing")
    return () if facts.contacted_at or not facts.has_contact else missing("contact_missing")


def wants_publication(facts: CaseFacts) -> tuple[Blocker, ...]:
    """What the filer kept private is not published; what is published may be corrected at any time."""
    return () if facts.wants_publication else missing("filer_keeps_private")


def is_published(facts: CaseFacts) -> tuple[Blocker, ...]:
    """Only what is published is taken back."""
    return () if facts.published_at else missing("not_published")
