"""A case under random hands and a moving clock: whatever is tried, what was promised of every case holds."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from linli.ground.matters.action import Refused
from linli.ground.matters.clocks import end_of, local_day
from linli.ground.matters.models import Matter
from linli.ground.matters.steps import offers
from linli.ground.matters.ticking import tick
from linli.ground.record.models import Entry, Record
from linli.ground.record.verifying import verify_database
from linli.kernel.access import SYSTEM, Actor, Role
from linli.kernel.workdays import Workdays
from linli.services.cases.feature import CASES, case_facts
from linli.services.cases.models import Case
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.procedure import CASE
from linli.services.cases.rules.vocabulary import ENDS, RUNNING, CallResult, Rating, State
from linli.services.cases.wording import refusal_words
from linli.site.running import settle
from tests.cast import KINDS, Cast
from tests.services.replaying import check_spans
from tests.world import World

WORKDAYS = Workdays.shipped()
TIME = {"lapse_supplement", "warn_unaccepted", "warn_holder", "mark_overdue", "warn_unverified",
        "release_for_leaver", "follow_reform", "adopt_case", "open_rectification", "release_merged", "warn_merged",
        "warn_unruled", "join_parts", "end_part"}  # fmt: skip
BEGINNINGS = [
    datetime(2026, *at, tzinfo=UTC) for at in ((2, 12, 2), (4, 29, 9), (9, 17, 15, 59), (9, 17, 16), (11, 20))
]
END_OF_TIME = datetime(2027, 6, 1, tzinfo=UTC)
TEXTS: dict[str, dict[str, Any]] = {
    "decline_case": {"reason": "不属于本区。", "right_door": "12345"},
    "escalate_case": {"reason": "街道无力解决。"},
    "return_case": {"reason": "不属于本部门。"},
    "recall_case": {"reason": "派错了单位。"},
    "hand_over_case": {"reason": "不属于本部门。"},
    "ask_supplement": {"question": "请写明灯杆编号。"},
    "supply_supplement": {"text": "灯杆编号 12。"},
    "refuse_extension": {"reason": "请按期办结。"},
    "handle_case": {"work": "已更换灯泡。"},
    "draft_reply": {"reply": "您好,路灯已修好。"},
    "send_back_reply": {"reason": "请写明日期。"},
    "refuse_reopening": {"reason": "没有新情况。"},
    "supervise_case": {"requirement": "三日内办结。"},
    "instruct_case": {"instruction": "请到现场。"},
    "add_note": {"note": "已电话联系。"},
    "unpublish_case": {"reason": "住址没有隐去。"},
    "publish_case": {"title": "路灯", "text": "路灯不亮。", "reply": "已修好。"},
    "reopen_case": {"reason": "又不亮了。"},
    "reopen_for_filer": {"reason": "回访说仍不亮。"},
    "request_reopening": {"reason": "还是不亮。"},
    "renew_code": {"code": "23456789AB"},
    "rectify_case": {"work": "已换镇流器。"},
    "appeal_rating": {"reason": "说的是另一盏灯。"},
    "uphold_rating": {"reason": "灯未亮。"},
    "overrule_rating": {"reason": "说的是另一盏灯。"},
    "unmerge_case": {"reason": "不是同一盏灯。"},
    "close_merged": {"reply": "您好,路灯已修好。"},
}


class CaseMachine(RuleBasedStateMachine):
    """One case, everybody who may touch it, and a model of its clock that knows nothing of the code."""

    world: ClassVar[World]
    cast: ClassVar[Cast]
    lead: ClassVar[Matter]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.marks: list[str] = []  # what the present clock has already said
        self.overdue: datetime | None = None
        self.left: int | None = None
        self.until = date.min

    def teardown(self) -> None:
        try:
            if hasattr(self, "pk"):
                django_settings.LINLI_CLOCK.set(self.now)
                settle()
                check_spans()
                verified = verify_database()
                assert verified.whole, verified.faults
                assert Record.objects.filter(leaf__isnull=True).count() == 0
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    @initialize(
        begins=st.sampled_from(BEGINNINGS), known=st.booleans(), visibility=st.sampled_from(["public", "private"])
    )
    def receive(self, begins: datetime, known: bool, visibility: str) -> None:
        self.now = self.world.now = begins
        filer = self.world.resident_account.person if known else None
        self.pk = self.world.receive(filer=filer, visibility=visibility).matter.pk
        self.actors: dict[str, Actor] = {kind: self.cast.actor(kind, begins, {self.pk}) for kind in KINDS}
        self.actors |= {"system": SYSTEM, "district_centre": self.world.actor(Role.DISPATCHER, "centre")}
        self.clock = (local_day(begins), 5)

    @precondition(lambda self: self.now < END_OF_TIME)
    @rule(minutes=st.one_of(st.integers(1, 240), st.sampled_from([1440, 2880, 5 * 1440, 12 * 1440])))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def clock_ticks(self) -> None:
        newest = self.newest()
        taken = tick(self.now)
        made = list(Record.objects.filter(pk__gt=newest).order_by("pk"))
        assert len(made) <= taken
        for row in made:
            assert row.event in TIME
            assert row.office == "system"
            if row.entry.matter == self.pk:  # and not one of its parts
                self.learn(row.event, row)
        matter = self.case().matter
        assert matter.next_due is None or matter.next_due > self.now
        if matter.state in RUNNING and matter.due_at <= self.now:
            assert "mark_overdue" in self.marks

    @rule(
        kind=st.sampled_from([*KINDS, "district_centre", "system"]),
        name=st.sampled_from(sorted(CASE.names())),
        choice=st.integers(0, 999),
    )
    def anybody_tries_anything(self, kind: str, name: str, choice: int) -> None:
        self.attempt(kind, name, choice)

    @rule(pick=st.integers(0, 9999), choice=st.integers(0, 999))
    def somebody_goes_on(self, pick: int, choice: int) -> None:
        moves = sorted(self.moves())
        if moves:
            self.attempt(*moves[pick % len(moves)], choice)

    @precondition(lambda self: self.case().matter.state not in ENDS)
    @rule(choice=st.integers(0, 999))
    def it_goes_forward(self, choice: int) -> None:
        """The way that most cases go, so that the far states are reached often."""
        way = ("file_case", "dispatch_case", "rule_holder", "accept_case", "supply_supplement", "handle_case",
               "draft_reply", "review_reply", "sign_reply", "call_back_case", "verify_case", "close_case")  # fmt: skip
        forward = sorted((way.index(name), kind) for kind, name in self.moves(still=True) if name in way)
        if forward:
            place, kind = forward[-1] if choice % 3 else forward[0]
            self.attempt(kind, way[place], choice)

    @invariant()
    def what_is_promised_of_every_case(self) -> None:
        if not hasattr(self, "pk"):
            return
        case = self.case()
        matter = case.matter
        assert matter.state in set(State)
        due = CASE.next_due(case_facts(case, SYSTEM, self.now))
        assert matter.next_due == (due.at if due else None)
        start, days = self.clock
        assert (matter.clock_start, matter.clock_days) == (start, days)
        assert matter.due_at == end_of(WORKDAYS.add(start, days))
        assert matter.due_provisional == WORKDAYS.is_provisional(start, WORKDAYS.add(start, days))
        assert (matter.closed_at is not None) == (matter.state in ENDS)
        assert matter.outcome == (matter.state if matter.state in ENDS else "")
        if matter.state != State.WITHDRAWN:
            assert case.paused_days_left == (self.left if matter.state in {State.WAITING, State.MERGED} else None)
        if matter.state == State.WAITING:
            assert matter.next_due == case.waits_until
        if matter.state not in ENDS:
            assert matter.next_due is not None or self.moves(), f"no way on from {matter.state}"

    def attempt(self, kind: str, name: str, choice: int) -> None:
        before, newest, number = self.rows(), self.newest(), Record.objects.count()
        refused: Refused | None = None
        try:
            CASES.actions[name](self.pk, actor=self.actors[kind], now=self.now, **self.inputs(name, choice))
        except Refused as refusal:
            refused = refusal
        if refused is not None:
            assert all(refusal_words(refused.reason, refused.blockers))
            assert self.rows() == before
            assert Record.objects.count() == number
            return
        made = list(Record.objects.filter(pk__gt=newest))
        assert [row.event for row in made] == [*(["open_part"] if name == "split_case" else []), name]
        made = made[-1:]
        assert list(Entry.objects.filter(pk__gte=made[0].pk).values_list("pk", "matter")) == [(made[0].pk, self.pk)]
        assert (made[0].codes["from"], made[0].codes["to"]) == (before[0]["state"], self.case().matter.state)
        assert ACCESS.is_granted(self.actors[kind], name)
        self.learn(name, made[0])

    def learn(self, name: str, row: Record) -> None:
        """Move the model of the clock along with an act."""
        case, today = self.case(), local_day(self.now)
        start, days = self.clock
        if name in {"warn_holder", "mark_overdue"}:
            assert row.codes["from"] in RUNNING
            assert name not in self.marks
            self.marks.append(name)
            if name == "mark_overdue":
                assert self.now >= end_of(WORKDAYS.add(start, days))
                self.overdue = self.now
        elif name in {"ask_supplement", "merge_case"}:
            last = WORKDAYS.add(start, days)
            self.left = WORKDAYS.between(today, last) if today <= last else None
            self.until = WORKDAYS.add(today, 5) if name == "ask_supplement" else date.max
        elif name in {"supply_supplement", "lapse_supplement", "unmerge_case"}:
            self.goes_on(today)
        elif name == "grant_extension" and case.matter.state == State.WAITING:
            self.left = (self.left or 0) + int(row.codes["days"])
        elif name == "grant_extension":
            self.run(start, days + int(row.codes["days"]))
        elif name == "file_case":
            self.file(case, today)
        elif name in {"reopen_case", "reopen_for_filer", "grant_reopening"}:
            assert case.topic is not None
            self.run(today, case.topic.promised_days)
        self.mend(name, case, today)
        if name == "sign_reply" and not case.waives_second_person:
            assert case.signed_by_id != case.drafted_by_id

    def mend(self, name: str, case: Case, today: date) -> None:
        """A rectification has a clock of its own: to contact the rater, then to mend, both from its opening."""
        if name == "open_rectification":
            assert case.rating in {1, 2}
            self.run(today, 1 if case.can_be_contacted else 15)
        elif name == "contact_rater" and case.contacted_at == self.now and case.rectification_opened_at:
            self.run(local_day(case.rectification_opened_at), 15)

    def file(self, case: Case, today: date) -> None:
        """The topic's date, with a day to act and not behind the receipt's, unless the clock was touched before."""
        start, days = self.clock
        receipt, topic = WORKDAYS.add(start, days), WORKDAYS.add(start, case.topic.promised_days if case.topic else 0)
        last = min(max(topic, WORKDAYS.add(today, 1)), receipt) if topic < receipt or today > receipt else topic
        if last != receipt and not case.supplement_asked_at and not case.extended_days:
            self.run(start, WORKDAYS.between(start, last))

    def goes_on(self, today: date) -> None:
        """The days that were left, from today or the end of waiting; nothing is given to a promise broken before."""
        if self.left is not None and today > self.until:
            self.run(self.until, max(self.left, 1))
        elif self.left is not None:
            self.run(today, self.left or int(not WORKDAYS.is_workday(today)))

    def run(self, start: date, days: int) -> None:
        """A clock that has said nothing yet; overdue stays what is not promised anew for later."""
        self.clock, self.left, self.marks = (start, days), None, []
        if self.overdue and self.overdue >= end_of(WORKDAYS.add(start, days)):
            self.marks.append("mark_overdue")
        else:
            self.overdue = None

    def moves(self, *, still: bool = False) -> list[tuple[str, str]]:
        """Who could do what now; `still` also counts acts that leave the state as it is."""
        case = self.case()
        found = []
        for kind, actor in self.actors.items():
            for offer in offers(CASES, case, actor, self.now):
                # To call the filer leaves the state as it is, but opens the way to verification.
                moving = offer.name == "call_back_case" or any(step.target for step in CASE.named(offer.name))
                if offer.is_open and offer.name not in TIME and (moving or still):
                    found.append((kind, offer.name))
        return found

    def inputs(self, name: str, choice: int) -> dict[str, Any]:
        world, accounts = self.world, self.cast.accounts
        match name:
            case "file_case":
                return {"topic": world.simple_topic if choice % 3 == 0 else world.topic}
            case "dispatch_case":
                return {"unit": world.office["social_management A" if choice % 5 == 0 else "urban_management A"]}
            case "request_extension":
                return {"days": choice % 8 - 1, "reason": "等配件。"}
            case "call_back_case":
                return {"result": list(CallResult)[choice % 3]}
            case "rate_case":
                return {"rating": Rating(choice % 5 + 1)}
            case "adopt_case":
                return {"person": accounts["resident_stranger"].person}
            case "assign_case":
                kinds = ("clerk_holder", "clerk_other_street", "resident_stranger")
                return {"person": accounts[kinds[choice % 3]].person}
            case _:
                return self.more_inputs(name, choice)

    def more_inputs(self, name: str, choice: int) -> dict[str, Any]:
        match name:
            case "rule_holder":
                return {"unit": self.world.office["urban_management A"], "reason": "路灯归城管。"}
            case "merge_case":
                return {"leading": self.lead if choice % 4 else self.case().matter}
            case "split_case":  # seldom, for nobody answers the part before it ends
                unit = self.world.office["social_management A"]
                return {"text": "修剪树枝。", "unit": unit, "days": 1 if choice % 9 == 0 else 99}
            case "contact_rater":
                return {"reached": choice % 2 == 0}
            case _:
                return TEXTS.get(name, {})

    def case(self) -> Case:
        return World.case(self.pk)

    def rows(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return Matter.objects.values().get(pk=self.pk), Case.objects.values().get(pk=self.pk)

    @staticmethod
    def newest() -> int:
        return Record.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


@pytest.fixture
def machine(world: World) -> Iterator[type[CaseMachine]]:
    CaseMachine.world, CaseMachine.cast = world, Cast(world)
    CaseMachine.lead = world.case_of(state="closed").matter
    world.account(Role.DISPATCHER, "centre")
    django_settings.LINLI_CLOCK.set(world.now)
    settle()
    yield CaseMachine
    del CaseMachine.world, CaseMachine.cast, CaseMachine.lead


def test_a_case_under_random_hands(machine: type[CaseMachine]) -> None:
    run_state_machine_as_test(machine, settings=settings(max_examples=10, stateful_step_count=25))


@pytest.mark.bar
def test_a_case_under_random_hands_for_long(machine: type[CaseMachine]) -> None:
    run_state_machine_as_test(machine, settings=settings(max_examples=400, stateful_step_count=60))
