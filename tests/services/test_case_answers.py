"""What each act writes, from the reply to the end and beyond; what time alone does; and every act alike."""

import pytest
from django.utils.translation import override

from linli.ground.matters.action import Action, Refused, code_digest
from linli.ground.matters.models import Matter
from linli.ground.people.actions.open_account import open_account
from linli.ground.record.writing import Audience
from linli.kernel.access import SYSTEM, VISITOR, Actor, Role
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import CallResult, Rating
from tests.services.acting import act, due, in_offices, moved, refused, wrote
from tests.world import Snapshot, World

# The reply.


def test_draft_reply(world: World) -> None:
    case, clerk = world.case_of(state="handled"), world.clerk_of()
    done = act(world, case, "draft_reply", clerk, reply="您好,已修好。")
    moved(case, done, "handled", "drafted")
    assert (case.drafted_by_id, case.reviewed_by_id) == (clerk.person, None)
    wrote(done, Audience.STAFF, {"draft": "您好,已修好。"})


def test_review_reply(world: World) -> None:
    case, reviewer = world.case_of(state="drafted"), world.reviewer_of()
    done = act(world, case, "review_reply", reviewer, note="可发")
    moved(case, done, "drafted", "reviewed")
    assert case.reviewed_by_id == reviewer.person
    wrote(done, Audience.STAFF, {"note": "可发"})


def test_who_drafted_neither_reviews_nor_signs_whatever_their_offices(world: World) -> None:
    case, everything = world.case_of(state="handled"), in_offices(world, Role.CLERK, Role.REVIEWER, Role.SIGNER)
    act(world, case, "draft_reply", everything, reply="您好,已修好。")
    refused(world, case, "review_reply", everything, "same_person_drafted")
    act(world, case, "review_reply", world.reviewer_of())
    refused(world, case, "sign_reply", everything, "same_person_drafted")
    refused(world, case, "sign_reply", world.clerk_of(), "signer_only")


def test_send_back_reply(world: World) -> None:
    case = world.case_of(state="reviewed")
    done = act(world, case, "send_back_reply", world.signer_of(), reason="请写明日期。")
    moved(case, done, "reviewed", "handled")
    assert case.reviewed_by_id is None
    wrote(done, Audience.STAFF, {"reason": "请写明日期。"})


def test_sign_reply(world: World) -> None:
    case, signer = world.case_of(state="reviewed"), world.signer_of()
    done = act(world, case, "sign_reply", signer)
    moved(case, done, "reviewed", "replied")
    assert (case.signed_by_id, case.replied_at) == (signer.person, world.now)
    assert (case.verify_by, case.reopen_until) == (due(world, 5), due(world, 15))
    assert (case.matter.desk, case.matter.holder) == (case.first_contact, world.office["urban_management A"])
    wrote(done, Audience.PARTY, {"reply": "您好,路灯已修好。"})


def test_sign_reply_for_a_simple_topic_takes_one_person(world: World) -> None:
    case, clerk = world.case_of(), world.clerk_of()
    act(world, case, "file_case", world.dispatcher_of(), topic=world.simple_topic)
    act(world, case, "dispatch_case", world.dispatcher_of(), unit=world.office["urban_management A"])
    for name, inputs in (
        ("accept_case", {}),
        ("handle_case", {"work": "已答复"}),
        ("draft_reply", {"reply": "您好。"}),
    ):
        act(world, case, name, clerk, **inputs)
    act(world, case, "sign_reply", clerk)
    assert (case.drafted_by_id, case.signed_by_id, case.matter.state) == (clerk.person, clerk.person, "replied")


def test_sign_reply_without_review_is_refused(world: World) -> None:
    refused(world, world.case_of(state="drafted"), "sign_reply", world.signer_of(), "review_missing")


# Is it solved?


def test_call_back_case(world: World) -> None:
    case, desk = world.case_of(state="replied"), world.dispatcher_of()
    for attempt in (1, 2):
        act(world, case, "call_back_case", desk, result=CallResult.UNREACHED)
        assert (case.call_attempts, case.solved) == (attempt, None)
        refused(world, case, "verify_case", desk, "call_back_missing")
        world.later(hours=4)
    done = act(world, case, "call_back_case", desk, result=CallResult.UNSOLVED, note="仍不亮")
    assert (case.call_attempts, case.solved) == (3, False)
    wrote(done, Audience.PARTY, {"note": "仍不亮"}, result="unsolved", attempt=3)


def test_calls_in_vain_within_minutes_are_one_attempt(world: World) -> None:
    case, desk = world.case_of(state="replied"), world.dispatcher_of()
    act(world, case, "call_back_case", desk, result=CallResult.UNREACHED)
    world.later(hours=4, microseconds=-1)
    refused(world, case, "call_back_case", desk, "called_recently", result=CallResult.UNREACHED)
    act(world, case, "call_back_case", desk, result=CallResult.SOLVED)
    assert (case.call_attempts, case.solved, case.called_at) == (2, True, world.now)


def test_a_call_does_not_overwrite_what_the_filer_confirmed(world: World) -> None:
    case, desk = world.case_of(state="replied"), world.dispatcher_of()
    act(world, case, "confirm_solved", world.resident)
    assert case.confirmed_at == world.now
    refused(world, case, "call_back_case", desk, "confirmed_by_filer", result=CallResult.UNSOLVED)
    called = world.case_of(state="replied")
    act(world, called, "call_back_case", desk, result=CallResult.SOLVED)
    act(world, called, "call_back_case", desk, result=CallResult.UNSOLVED, note="打错了，更正")
    assert called.solved is False


def test_reopen_for_filer(world: World) -> None:
    case, desk = world.case_of(state="replied"), world.dispatcher_of()
    refused(world, case, "reopen_for_filer", desk, "not_said_unsolved", reason="仍不亮")
    act(world, case, "call_back_case", desk, result=CallResult.UNSOLVED)
    refused(world, case, "verify_case", desk, "solved_is_false")
    refused(world, case, "reopen_for_filer", world.dispatcher_of("B"), "out_of_scope", reason="仍不亮")
    world.later(days=1)
    done = act(world, case, "reopen_for_filer", desk, reason="回访说仍不亮。")
    moved(case, done, "replied", "accepted")
    assert case.matter.desk == case.matter.holder == world.office["urban_management A"]
    assert (case.reopened, case.solved, case.call_attempts, case.called_at) == (1, None, 0, None)
    assert case.matter.due_at == due(world, 5)
    wrote(done, Audience.PARTY, {"reason": "回访说仍不亮。"}, days=5, due=due(world, 5))


def test_unsolved_is_verified_when_the_right_to_reopen_is_used_up(world: World) -> None:
    case, desk = world.case_of(state="replied"), world.dispatcher_of()
    act(world, case, "reopen_case", world.resident, reason="又不亮了。")
    for name, inputs, actor, _ in world.way("A"):
        if name in {"handle_case", "draft_reply", "review_reply", "sign_reply"}:
            act(world, case, name, actor, **inputs)
    act(world, case, "call_back_case", desk, result=CallResult.UNSOLVED)
    refused(world, case, "reopen_for_filer", desk, "reopened_before", reason="仍不亮")
    done = act(world, case, "verify_case", desk)
    wrote(done, Audience.PARTY, {}, solved=False, call_attempts=1)


def test_call_back_case_needs_somebody_to_call(world: World) -> None:
    case, desk = world.case_of(state="replied", filer=None), world.dispatcher_of()
    refused(world, case, "call_back_case", desk, "no_contact", result=CallResult.SOLVED)
    act(world, case, "verify_case", desk)


@pytest.mark.parametrize(
    ("phone", "email", "reached"), [("", "", False), ("13900001234", "", True), ("", "a@example.org", True)]
)
def test_only_who_left_a_telephone_or_an_address_is_called_back(
    world: World, phone: str, email: str, reached: bool
) -> None:
    account = open_account(login="other", name="居民丙", phone=phone, email=email, actor=SYSTEM, now=world.now)
    case, desk = world.case_of(state="replied", filer=account.person), world.dispatcher_of()
    assert case.wants_feedback is reached
    if reached:
        act(world, case, "call_back_case", desk, result=CallResult.SOLVED)
    else:
        refused(world, case, "call_back_case", desk, "no_contact", result=CallResult.SOLVED)
    act(world, case, "verify_case", desk)


def test_confirm_solved(world: World) -> None:
    case = world.case_of(state="replied")
    refused(world, case, "confirm_solved", world.clerk_of(), "out_of_scope")
    done = act(world, case, "confirm_solved", world.resident)
    assert case.solved is True
    wrote(done, Audience.PARTY, {})
    refused(world, case, "confirm_solved", world.resident, "already_confirmed")


def test_verify_case(world: World) -> None:
    case = world.case_of(state="replied")
    act(world, case, "confirm_solved", Actor(keys=frozenset({case.pk})))
    done = act(world, case, "verify_case", world.dispatcher_of(), note="属实")
    moved(case, done, "replied", "verified")
    wrote(done, Audience.PARTY, {"note": "属实"}, solved=True, call_attempts=0)


def test_close_case(world: World) -> None:
    case = world.case_of(state="verified")
    world.later(days=1)
    done = act(world, case, "close_case", world.dispatcher_of())
    moved(case, done, "verified", "closed")
    assert (case.matter.closed_at, case.matter.outcome, case.reopen_until) == (world.now, "closed", due(world, 15))
    wrote(done, Audience.PARTY, {}, solved=True)


def test_rate_case(world: World) -> None:
    case = world.case_of(state="closed")
    done = act(world, case, "rate_case", world.resident, rating=Rating.SATISFIED, comment="谢谢")
    assert (case.rating, case.rated_at, case.matter.state) == (4, world.now, "closed")
    wrote(done, Audience.PARTY, {"comment": "谢谢"}, rating=4)
    refused(world, case, "rate_case", world.resident, "already_rated", rating=Rating.VERY_SATISFIED)


# Not satisfied.


def closed_again(world: World) -> Case:
    case = world.case_of(state="closed")
    act(world, case, "reopen_case", world.resident, reason="又不亮了。")
    for name, inputs, actor, _ in world.way("A"):
        if name not in {"file_case", "dispatch_case", "accept_case"}:
            act(world, case, name, actor, **inputs)
    return case


def test_reopen_case(world: World) -> None:
    case = world.case_of(state="closed")
    world.later(days=3)
    done = act(world, case, "reopen_case", world.resident, reason="又不亮了。")
    moved(case, done, "closed", "accepted")
    assert (case.reopened, case.matter.closed_at, case.matter.outcome) == (1, None, "")
    assert case.matter.desk == case.matter.holder == world.office["urban_management A"]
    assert (case.drafted_by, case.replied_at, case.solved, case.matter.due_at) == (None, None, None, due(world, 5))
    wrote(done, Audience.PARTY, {"reason": "又不亮了。"}, days=5, due=due(world, 5))


def test_a_reopened_case_does_not_inherit_an_extension_that_was_never_answered(world: World) -> None:
    case = world.case_of(state="reviewed")
    act(world, case, "request_extension", world.clerk_of(), days=3, reason="等配件")
    act(world, case, "sign_reply", world.signer_of())
    assert case.extension_asked_days is None, "a signed reply needs no more time"
    act(world, case, "reopen_case", world.resident, reason="又不亮了。")
    refused(world, case, "grant_extension", world.supervisor_of(), "no_extension_asked")


def test_request_reopening(world: World) -> None:
    refused(
        world, world.case_of(state="closed"), "request_reopening", world.resident, "reopen_by_right_first", reason="x"
    )
    case = closed_again(world)
    refused(world, case, "reopen_case", world.resident, "reopened_before", reason="还是不亮。")
    done = act(world, case, "request_reopening", world.resident, reason="还是不亮。")
    assert (case.reopening_asked_at, case.matter.state) == (world.now, "closed")
    wrote(done, Audience.PARTY, {"reason": "还是不亮。"})
    refused(world, case, "request_reopening", world.resident, "reopening_already_asked", reason="再说一次")


def test_grant_reopening(world: World) -> None:
    case = closed_again(world)
    act(world, case, "request_reopening", world.resident, reason="还是不亮。")
    done = act(world, case, "grant_reopening", world.supervisor_of(), note="同意")
    moved(case, done, "closed", "accepted")
    assert (case.reopened, case.reopening_asked_at, case.matter.due_at) == (2, None, due(world, 5))
    wrote(done, Audience.PARTY, {"note": "同意"}, days=5, due=due(world, 5))


def test_refuse_reopening(world: World) -> None:
    case = closed_again(world)
    act(world, case, "request_reopening", world.resident, reason="还是不亮。")
    done = act(world, case, "refuse_reopening", world.supervisor_of(), reason="没有新情况。")
    assert (case.reopening_asked_at, case.matter.state, case.reopened) == (None, "closed", 1)
    wrote(done, Audience.PARTY, {"reason": "没有新情况。"})


# At any time.


def test_withdraw_case(world: World) -> None:
    case = world.case_of(state="accepted")
    done = act(world, case, "withdraw_case", world.resident, reason="自己修了")
    moved(case, done, "accepted", "withdrawn")
    assert (case.matter.closed_at, case.matter.next_due) == (world.now, None)
    wrote(done, Audience.PARTY, {"reason": "自己修了"})
    refused(world, world.case_of(state="replied"), "withdraw_case", world.resident, "not_open")


def test_urge_case(world: World) -> None:
    case = world.case_of()
    done = act(world, case, "urge_case", world.resident, note="请快些")
    assert (case.urged, case.urged_at) == (1, world.now)
    wrote(done, Audience.PARTY, {"note": "请快些"})
    world.later(hours=24, microseconds=-1)
    refused(world, case, "urge_case", world.resident, "urged_recently")
    world.later(microseconds=1)
    act(world, case, "urge_case", world.resident)


def test_supervise_case(world: World) -> None:
    case = world.case_of(state="accepted")
    done = act(world, case, "supervise_case", world.supervisor_of(), requirement="三日内办结。")
    assert case.supervised == 1
    wrote(done, Audience.PARTY, {"requirement": "三日内办结。"})
    refused(world, case, "supervise_case", world.clerk_of(), "not_granted", requirement="快")


def test_instruct_case(world: World) -> None:
    done = act(world, world.case_of(), "instruct_case", world.supervisor_of(), instruction="请到现场。")
    wrote(done, Audience.STAFF, {"instruction": "请到现场。"})


def test_add_note(world: World) -> None:
    done = act(world, world.case_of(), "add_note", world.dispatcher_of(), note="已电话联系。")
    wrote(done, Audience.STAFF, {"note": "已电话联系。"})
    refused(world, done.row, "add_note", world.resident, "not_granted", note="x")


def test_publish_case(world: World) -> None:
    texts = {"title": "路灯", "text": "某小区路灯不亮。", "reply": "已修好。"}
    private = world.case_of(state="closed", visibility="private")
    refused(world, private, "publish_case", world.clerk_of(), "filer_keeps_private", **texts)
    case = world.case_of(state="closed")
    done = act(world, case, "publish_case", world.clerk_of(), **texts)
    assert (case.matter.published_at, case.matter.public_title) == (world.now, "路灯")
    wrote(done, Audience.PUBLIC, {f"public_{name}": text for name, text in texts.items()}, said_not_personal=0)


def test_renew_code(world: World) -> None:
    case = world.case_of()
    done = act(world, case, "renew_code", Actor(keys=frozenset({case.pk})), code="abcd-efgh 23")
    assert case.matter.code_digest == code_digest("ABCDEFGH23")
    wrote(done, Audience.PARTY, {})
    refused(world, case, "renew_code", Actor(keys=frozenset({case.pk + 1})), "out_of_scope", code="x")


# What time alone does.


@pytest.mark.parametrize(
    ("name", "state", "column", "audience"),
    [
        ("warn_unaccepted", "dispatched", "unaccepted_warned_at", Audience.STAFF),
        ("warn_holder", "accepted", "warned_at", Audience.STAFF),
        ("mark_overdue", "accepted", "overdue_at", Audience.PARTY),
        ("warn_unverified", "replied", "verification_warned_at", Audience.STAFF),
    ],
)
def test_what_time_alone_notes(world: World, name: str, state: str, column: str, audience: Audience) -> None:
    case = world.case_of(state=state)
    for actor in (world.clerk_of(), world.supervisor_of(), world.resident, VISITOR):
        refused(world, case, name, actor, "not_granted")
    refused(world, case, name, SYSTEM, "not_open")
    world.later(days=20)
    done = act(world, case, name, SYSTEM)
    assert getattr(case, column) == world.now
    assert case.matter.state == state
    assert done.record.office == "system"
    wrote(done, audience, {})
    refused(world, case, name, SYSTEM, "not_open")


# Every act alike.


def test_no_act_is_open_to_a_visitor_or_on_a_withheld_case(world: World) -> None:
    case = world.case_of(state="accepted")
    everybody = (world.clerk_of(), world.dispatcher_of(), world.supervisor_of(), world.resident, SYSTEM)
    names = [name for name, action in sorted(CASES.actions.items()) if isinstance(action, Action)]
    for name in names:
        refused(world, case, name, VISITOR, "not_granted")
    Matter.objects.filter(pk=case.pk).update(withheld=True)
    snapshot = Snapshot()
    for name in names:
        for actor in everybody:
            with pytest.raises(Refused, match=r"not_granted|out_of_scope"):
                CASES.actions[name](case.pk, actor=actor, now=world.now)
    assert snapshot.unchanged()


def test_an_act_on_no_case_is_refused(world: World) -> None:
    clerk, snapshot = world.clerk_of(), Snapshot()
    with pytest.raises(Refused, match="not_found"):
        CASES.actions["accept_case"](10**9, actor=clerk, now=world.now)
    assert snapshot.unchanged()


def test_words_of_every_event_exist_in_both_languages(world: World) -> None:
    for name in CASES.actions:
        assert CASES.words(name)
        with override("en"):
            assert CASES.words(name)
