"""Each guard on both sides of its boundary, and what time alone will do, from plain facts."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from linli.kernel.procedure import Due, Guard, nothing_missing
from linli.services.cases import actions
from linli.services.cases.rules import guards
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.deadlines import case_deadlines
from linli.services.cases.rules.facts import CaseFacts
from linli.services.cases.rules.procedure import CASE
from linli.services.cases.rules.rulebook import rulebook
from linli.services.cases.rules.vocabulary import ENDS, OPEN, RUNNING, State
from linli.services.cases.wording import BLOCKERS, STATES, STEPS, blocker_words

NOW = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
RULES = rulebook().on(NOW.date())
DRAFTER, SOMEBODY = UUID(int=1), UUID(int=2)
TIME = {"lapse_supplement", "warn_unaccepted", "warn_holder", "mark_overdue", "warn_unverified",
        "release_for_leaver", "follow_reform", "adopt_case", "open_rectification", "release_merged", "warn_merged",
        "warn_unruled", "join_parts", "end_part"}  # fmt: skip
INSTANT = timedelta(microseconds=1)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def facts(**changed: Any) -> CaseFacts:
    """A case in the holder's hands of which nothing is remarkable."""
    plain = CaseFacts(
        state=State.ACCEPTED,
        now=NOW,
        actor=SOMEBODY,
        rules=RULES,
        due_at=NOW + hours(72),
        is_complaint=False,
        is_part=False,
        waits_for_parts=False,
        has_topic=True,
        handler=SOMEBODY,
        actor_in_unit=True,
        actor_signs=True,
        actor_above_desk=False,
        actor_above_rated=False,
        actor_of_rated=False,
        actor_at_counter=False,
        identity_shown=True,
        has_contact=True,
        dispatched_at=None,
        returns=0,
        ruling_by=None,
        ruling_warned_at=None,
        ruled_at=None,
        drafted_by=None,
        reviewed_by=None,
        waives_second_person=False,
        supplements_asked=0,
        waits_until=None,
        paused_days_left=None,
        extensions_granted=0,
        extension_asked_days=None,
        extension_asked_by=None,
        warn_at=NOW + hours(48),
        warned_at=None,
        overdue_at=None,
        unaccepted_warned_at=None,
        replied_at=None,
        verify_by=None,
        verification_warned_at=None,
        call_attempts=0,
        called_at=None,
        confirmed_at=None,
        solved=None,
        closed_at=None,
        reopen_until=None,
        reopened=0,
        reopening_asked_at=None,
        rated_at=None,
        rating=None,
        appeal="",
        appeal_until=None,
        rectification_asked_at=None,
        contact_tried_at=None,
        contacted_at=None,
        urged_at=None,
        published_at=None,
        wants_publication=True,
    )
    return replace(plain, **changed)


APPEALABLE = {"rating": 2, "actor_of_rated": True, "appeal_until": NOW + INSTANT}
BOUNDARIES: list[tuple[Guard, dict[str, Any], str]] = [
    (guards.has_topic, {}, ""),
    (guards.has_topic, {"has_topic": False}, "topic_missing"),
    (guards.may_be_merged, {}, ""),
    (guards.may_be_merged, {"is_complaint": True}, "complaint_stands_alone"),
    (guards.may_be_merged, {"waits_for_parts": True}, "parts_open"),
    (guards.not_a_part, {}, ""),
    (guards.not_a_part, {"is_part": True}, "part_of_whole"),
    (guards.whole_and_undivided, {}, ""),
    (guards.whole_and_undivided, {"is_part": True}, "part_of_whole"),
    (guards.whole_and_undivided, {"waits_for_parts": True}, "parts_open"),
    (guards.may_be_split, {"waits_for_parts": True}, ""),
    (guards.may_be_split, {"is_part": True}, "part_of_whole"),
    (guards.may_be_split, {"has_topic": False}, "topic_missing"),
    (guards.may_be_drafted, {}, ""),
    (guards.may_be_drafted, {"waits_for_parts": True}, "parts_open"),
    (guards.may_be_drafted, {"handler": None}, "handler_missing"),
    (guards.signed_for_filer, {"drafted_by": DRAFTER}, ""),
    (guards.signed_for_filer, {"drafted_by": DRAFTER, "is_part": True}, "not_open"),
    (guards.signed_for_filer, {"drafted_by": SOMEBODY, "is_part": True}, "same_person_drafted"),
    (guards.waived_for_filer, {"waives_second_person": True}, ""),
    (guards.waived_for_filer, {"waives_second_person": True, "is_part": True}, "not_open"),
    (guards.waived_for_filer, {}, "review_missing"),
    (guards.not_asked_before, {"is_part": True}, "part_of_whole"),
    (guards.extension_possible, {"is_part": True}, "part_of_whole"),
    (guards.not_rated, {"is_part": True}, "part_of_whole"),
    (guards.reopening_by_right, {"reopen_until": NOW + INSTANT, "is_part": True}, "part_of_whole"),
    (guards.reopening_needs_approval, {"reopen_until": NOW + INSTANT, "reopened": 1, "is_part": True}, "part_of_whole"),
    (guards.within_return_time, {"dispatched_at": NOW}, ""),
    (guards.within_return_time, {"dispatched_at": NOW - hours(24)}, ""),
    (guards.within_return_time, {"dispatched_at": NOW - hours(24) - INSTANT}, "return_time_over"),
    (guards.within_return_time, {"dispatched_at": None}, "return_time_over"),
    (guards.goes_back_to_desk, {"dispatched_at": NOW}, ""),
    (guards.goes_back_to_desk, {"dispatched_at": NOW, "returns": 1}, "not_open"),
    (guards.goes_back_to_desk, {"dispatched_at": None, "returns": 1}, "return_time_over"),
    (guards.not_ruled, {}, ""),
    (guards.not_ruled, {"ruled_at": NOW}, "ruled_before"),
    (guards.handed_back_to_desk, {}, ""),
    (guards.handed_back_to_desk, {"returns": 1}, "not_open"),
    (guards.handed_back_to_desk, {"returns": 1, "ruled_at": NOW}, "ruled_before"),
    (guards.rules_over_both, {"actor_above_desk": True}, ""),
    (guards.rules_over_both, {}, "common_superior_only"),
    (guards.not_asked_before, {"supplements_asked": 0}, ""),
    (guards.not_asked_before, {"supplements_asked": 1}, "supplement_asked_before"),
    (guards.extension_possible, {}, ""),
    (guards.extension_possible, {"due_at": NOW + INSTANT}, ""),
    (guards.extension_possible, {"due_at": NOW}, "extension_after_due"),
    (guards.extension_possible, {"extensions_granted": 1}, "extended_before"),
    (guards.extension_possible, {"extension_asked_days": 3}, "extension_already_asked"),
    (guards.extension_grantable, {"extension_asked_days": 1}, ""),
    (guards.extension_grantable, {"extension_asked_days": None}, "no_extension_asked"),
    (guards.extension_grantable, {"extension_asked_days": 1, "extension_asked_by": DRAFTER}, ""),
    (guards.extension_grantable, {"extension_asked_days": 1, "extension_asked_by": SOMEBODY}, "asked_by_yourself"),
    (guards.extension_grantable, {"extension_asked_days": 1, "due_at": NOW + INSTANT}, ""),
    (guards.extension_grantable, {"extension_asked_days": 1, "due_at": NOW}, "grant_after_due"),
    (guards.extension_grantable, {"extension_asked_days": 1, "due_at": NOW, "paused_days_left": 0}, ""),
    (guards.extension_asked, {"extension_asked_days": 1, "due_at": NOW}, ""),
    (guards.extension_asked, {"extension_asked_days": None}, "no_extension_asked"),
    (guards.has_handler, {}, ""),
    (guards.has_handler, {"handler": None}, "handler_missing"),
    (guards.claimable, {"handler": None}, ""),
    (guards.claimable, {"handler": SOMEBODY}, "already_claimed"),
    (guards.claimable, {"handler": None, "actor_in_unit": False}, "not_in_unit"),
    (guards.is_own_case, {}, ""),
    (guards.is_own_case, {"handler": DRAFTER}, "not_own_case"),
    (guards.is_own_case, {"handler": None}, "not_own_case"),
    (guards.reviewer_is_another_person, {"drafted_by": DRAFTER}, ""),
    (guards.reviewer_is_another_person, {"drafted_by": SOMEBODY}, "same_person_drafted"),
    (guards.signer_may_sign, {"drafted_by": DRAFTER}, ""),
    (guards.signer_may_sign, {"drafted_by": SOMEBODY}, "same_person_drafted"),
    (guards.signer_may_sign, {"drafted_by": DRAFTER, "actor_signs": False}, "signer_only"),
    (guards.signer_may_sign, {"drafted_by": DRAFTER, "actor_signs": False, "waives_second_person": True}, ""),
    (guards.second_person_is_waived, {"waives_second_person": True}, ""),
    (guards.second_person_is_waived, {"waives_second_person": False}, "review_missing"),
    (guards.solution_is_known, {"solved": True}, ""),
    (guards.solution_is_known, {"solved": False, "reopen_until": NOW + INSTANT}, "solved_is_false"),
    (guards.solution_is_known, {"solved": False, "reopen_until": NOW}, ""),
    (guards.solution_is_known, {"solved": False, "reopen_until": NOW + INSTANT, "reopened": 1}, ""),
    (guards.solution_is_known, {"call_attempts": 3}, ""),
    (guards.solution_is_known, {"call_attempts": 2}, "call_back_missing"),
    (guards.solution_is_known, {"has_contact": False}, ""),
    (guards.can_be_called, {}, ""),
    (guards.can_be_called, {"has_contact": False}, "no_contact"),
    (guards.can_be_called, {"solved": True}, ""),
    (guards.can_be_called, {"solved": True, "confirmed_at": NOW}, "confirmed_by_filer"),
    (guards.attempt_counts, {}, ""),
    (guards.attempt_counts, {"called_at": NOW - hours(4)}, ""),
    (guards.attempt_counts, {"called_at": NOW - hours(4) + INSTANT}, "called_recently"),
    (guards.call_said_unsolved, {"solved": False, "reopen_until": NOW + INSTANT}, ""),
    (guards.call_said_unsolved, {"solved": False, "reopen_until": NOW}, "reopening_time_over"),
    (guards.call_said_unsolved, {"solved": False, "reopen_until": NOW + INSTANT, "reopened": 1}, "reopened_before"),
    (guards.call_said_unsolved, {"reopen_until": NOW + INSTANT}, "not_said_unsolved"),
    (guards.call_said_unsolved, {"solved": True, "reopen_until": NOW + INSTANT}, "not_said_unsolved"),
    (guards.not_solved_yet, {"solved": None}, ""),
    (guards.not_solved_yet, {"solved": False}, ""),
    (guards.not_solved_yet, {"solved": True}, "already_confirmed"),
    (guards.not_rated, {}, ""),
    (guards.not_rated, {"rated_at": NOW}, "already_rated"),
    (guards.urge_not_too_often, {}, ""),
    (guards.urge_not_too_often, {"urged_at": NOW - hours(24)}, ""),
    (guards.urge_not_too_often, {"urged_at": NOW - hours(24) + INSTANT}, "urged_recently"),
    (guards.reopening_by_right, {"reopen_until": NOW + INSTANT}, ""),
    (guards.reopening_by_right, {"reopen_until": NOW}, "reopening_time_over"),
    (guards.reopening_by_right, {"reopen_until": NOW + INSTANT, "reopened": 1}, "reopened_before"),
    (guards.within_reopening_time, {"reopen_until": NOW + INSTANT}, ""),
    (guards.within_reopening_time, {"reopen_until": NOW}, "reopening_time_over"),
    (guards.within_reopening_time, {"reopen_until": None}, "reopening_time_over"),
    (guards.reopening_needs_approval, {"reopen_until": NOW + INSTANT, "reopened": 1}, ""),
    (guards.reopening_needs_approval, {"reopen_until": NOW + INSTANT, "reopened": 2}, ""),
    (guards.reopening_needs_approval, {"reopen_until": NOW + INSTANT, "reopened": 0}, "reopen_by_right_first"),
    (guards.reopening_needs_approval, {"reopen_until": NOW, "reopened": 1}, "reopening_time_over"),
    (
        guards.reopening_needs_approval,
        {"reopen_until": NOW + INSTANT, "reopened": 1, "reopening_asked_at": NOW},
        "reopening_already_asked",
    ),
    (guards.reopening_asked, {"reopening_asked_at": NOW}, ""),
    (guards.reopening_asked, {"reopening_asked_at": None}, "no_reopening_asked"),
    (guards.appeal_possible, APPEALABLE, ""),
    (guards.appeal_possible, APPEALABLE | {"rating": 1}, ""),
    (guards.appeal_possible, APPEALABLE | {"rating": 3}, "not_rated_badly"),
    (guards.appeal_possible, {}, "not_rated_badly"),
    (guards.appeal_possible, APPEALABLE | {"appeal": "upheld"}, "appealed_before"),
    (guards.appeal_possible, APPEALABLE | {"actor_of_rated": False}, "rated_unit_only"),
    (guards.appeal_possible, APPEALABLE | {"appeal_until": NOW}, "appeal_time_over"),
    (guards.appeal_decidable, {"appeal": "asked", "actor_above_rated": True}, ""),
    (guards.appeal_decidable, {"appeal": "asked"}, "outside_superior_only"),
    (guards.appeal_decidable, {"appeal": "upheld", "actor_above_rated": True}, "no_appeal"),
    (guards.rater_to_be_contacted, {}, ""),
    (guards.rater_to_be_contacted, {"has_contact": False}, "rater_unreachable"),
    (guards.rater_to_be_contacted, {"contacted_at": NOW}, "rater_contacted"),
    (guards.rater_to_be_contacted, {"identity_shown": False}, "contact_by_counter"),
    (guards.rater_to_be_contacted, {"identity_shown": False, "actor_at_counter": True}, ""),
    (guards.contact_counts, {}, ""),
    (guards.contact_counts, {"contact_tried_at": NOW - hours(4)}, ""),
    (guards.contact_counts, {"contact_tried_at": NOW - hours(4) + INSTANT}, "called_recently"),
    (guards.rater_was_heard, {"contacted_at": NOW}, ""),
    (guards.rater_was_heard, {"has_contact": False}, ""),
    (guards.rater_was_heard, {}, "contact_missing"),
    (guards.rater_was_heard, {"contacted_at": NOW, "handler": None}, "handler_missing"),
    (guards.wants_publication, {}, ""),
    (guards.wants_publication, {"wants_publication": False}, "filer_keeps_private"),
    (guards.wants_publication, {"published_at": NOW}, ""),
    (guards.is_published, {}, "not_published"),
    (guards.is_published, {"published_at": NOW}, ""),
]


@pytest.mark.parametrize(("guard", "changed", "code"), BOUNDARIES)
def test_a_guard_says_what_is_missing_and_nothing_when_nothing_is(
    guard: Guard, changed: dict[str, Any], code: str
) -> None:
    blockers = guard(facts(**changed))
    assert [blocker.code for blocker in blockers] == ([code] if code else [])
    assert all(blocker_words(blocker) for blocker in blockers)


def test_every_guard_of_the_procedure_is_tried_on_both_sides() -> None:
    tried = {(guard.__name__, bool(code)) for guard, _, code in BOUNDARIES}
    for step in CASE.steps:
        if step.name not in TIME and step.guard is not nothing_missing:
            assert (step.guard.__name__, True) in tried, step.guard.__name__
            assert (step.guard.__name__, False) in tried, step.guard.__name__


def test_every_blocker_that_a_guard_can_name_is_tried() -> None:
    folder = Path(actions.__file__ or "").parent
    written = "\n".join(path.read_text() for path in [*folder.glob("*.py"), folder.with_name("publishing.py")])
    from_actions = set(re.findall(r'(?:refuse|Blocker)\("(\w+)"', written))
    refusals = {"not_found", "not_granted", "out_of_scope", "not_open"}
    assert {code for _, _, code in BOUNDARIES if code} | from_actions | refusals == set(BLOCKERS)


def dues(**changed: Any) -> list[Due]:
    return list(case_deadlines(facts(**changed)))


def test_a_running_case_is_warned_of_and_then_overdue() -> None:
    plain = facts()
    assert dues() == [Due(NOW + hours(48), "warn_holder"), Due(NOW + hours(72), "mark_overdue")]
    assert CASE.next_due(plain) == Due(NOW + hours(48), "warn_holder")
    assert dues(warned_at=NOW) == [Due(NOW + hours(72), "mark_overdue")]
    assert dues(warned_at=NOW, overdue_at=NOW) == []
    assert dues(warn_at=None) == [Due(NOW + hours(72), "mark_overdue")]


def test_a_waiting_case_has_no_clock_but_that_of_the_supplement() -> None:
    until = NOW + hours(120)
    assert dues(state=State.WAITING, waits_until=until) == [Due(until, "lapse_supplement")]
    assert dues(state=State.WAITING, waits_until=None) == []


def test_a_dispatched_case_is_also_waited_for_by_its_sender() -> None:
    dispatched = {"state": State.DISPATCHED, "dispatched_at": NOW - hours(1)}
    assert dues(**dispatched)[0] == Due(NOW + hours(23), "warn_unaccepted")
    assert [due.step for due in dues(**dispatched, unaccepted_warned_at=NOW)] == ["warn_holder", "mark_overdue"]
    assert [due.step for due in dues(dispatched_at=NOW - hours(1))] == ["warn_holder", "mark_overdue"]


def test_a_replied_case_waits_only_for_verification() -> None:
    replied = {"state": State.REPLIED, "verify_by": NOW + hours(5)}
    assert dues(**replied) == [Due(NOW + hours(5), "warn_unverified")]
    assert dues(**replied, verification_warned_at=NOW) == []
    assert dues(state=State.REPLIED) == []
    assert dues(**replied | {"state": State.RECTIFIED}) == [Due(NOW + hours(5), "warn_unverified")]


@pytest.mark.parametrize("state", sorted(ENDS | {State.VERIFIED}))
def test_nothing_is_due_where_nobody_owes_anything(state: State) -> None:
    assert dues(state=state, verify_by=NOW, waits_until=NOW, dispatched_at=NOW) == []


@pytest.mark.parametrize("state", sorted(RUNNING))
def test_the_promise_runs_in_every_state_before_the_reply(state: State) -> None:
    assert Due(NOW + hours(72), "mark_overdue") in dues(state=state)


# The procedure as a value.


def reached_from(state: State) -> set[State]:
    found, grown = {state}, True
    while grown:
        targets = {State(step.target) for step in CASE.steps if step.target and step.sources & found}
        grown = not targets <= found
        found |= targets
    return found


def test_every_state_is_reachable() -> None:
    assert reached_from(State(CASE.initial)) == set(State)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_state_has_a_way_to_an_end(state: State) -> None:
    assert reached_from(state) & ENDS


def test_the_only_ways_out_of_an_end_are_the_reopenings() -> None:
    leaving = {(step.name, source) for step in CASE.steps if step.target for source in step.sources & ENDS}
    ways = {"reopen_case", "grant_reopening", "open_rectification"}
    assert leaving == {(name, State.CLOSED) for name in ways}


def test_the_states_are_parted_without_a_gap() -> None:
    assert set(State) == ENDS | OPEN
    assert not ENDS & OPEN
    assert {State.MERGED, State.WAITING, State.REPLIED, State.VERIFIED, State.RECTIFIED} == OPEN - RUNNING
    assert CASE.ends == ENDS


def test_every_step_has_its_words_and_somebody_who_may_take_it() -> None:
    for name in CASE.names():
        assert name in STEPS
        assert ACCESS.grants.get(name), name
    assert set(STATES) == set(State)
    no_step = {"view_case", "view_public_case", "view_figures", "unmask_filer", "export_cases", "view_import"}
    assert set(ACCESS.grants) - no_step - {"receive_case_for_somebody"} == set(STEPS)


def test_only_the_system_takes_the_steps_of_time_and_only_those() -> None:
    for name in CASE.names():
        roles = {str(role) for role in ACCESS.grants[name]}
        assert ("system" in roles) == (name in TIME)
        assert roles == {"system"} or "system" not in roles


@pytest.mark.parametrize(
    ("name", "state", "moment", "done"),
    [
        ("lapse_supplement", State.WAITING, "waits_until", None),
        ("warn_unaccepted", State.DISPATCHED, "dispatched_at", "unaccepted_warned_at"),
        ("warn_holder", State.ACCEPTED, "warn_at", "warned_at"),
        ("mark_overdue", State.ACCEPTED, "due_at", "overdue_at"),
        ("warn_unverified", State.REPLIED, "verify_by", "verification_warned_at"),
        ("warn_unruled", State.DISPUTED, "ruling_by", "ruling_warned_at"),
    ],
)
def test_time_takes_its_step_when_it_is_due_and_once(name: str, state: State, moment: str, done: str | None) -> None:
    late = hours(24) if name == "warn_unaccepted" else hours(0)
    come, early = {moment: NOW - late}, {moment: NOW - late + INSTANT}
    assert CASE.take(name, state, facts(state=state, **come))[1] == ()
    assert [each.code for each in CASE.take(name, state, facts(state=state, **early))[1]] == ["not_open"]
    if done:
        assert CASE.take(name, state, facts(state=state, **come, **{done: NOW}))[1]


def test_every_due_step_can_be_taken_in_the_state_that_yields_it() -> None:
    for state in State:
        everything = {"waits_until": NOW, "dispatched_at": NOW, "verify_by": NOW, "warn_at": NOW, "ruling_by": NOW}
        for due in dues(state=state, **everything):
            assert state in {source for step in CASE.named(due.step) for source in step.sources}


def test_the_picture_has_every_state_and_every_move() -> None:
    drawn = CASE.mermaid(lambda code: str(STATES[code] if code in STATES else STEPS[code][0]))
    for state in State:
        assert str(STATES[state]) in drawn
    assert drawn.count(" --> ") == 1 + len(ENDS) + sum(len(step.sources) for step in CASE.steps if step.target)
