"""Access: what a list would hold and what a page would open are the same; every reach means what it says."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.access import (
    STAFF_ROLES,
    SYSTEM,
    VISITOR,
    AccessTable,
    Actor,
    Appointment,
    Reach,
    Role,
    Subject,
)

PERSONS = [UUID(int=number) for number in range(1, 4)]
PATHS = ["", "0001", "00010001", "00010002", "0002", "000100010001"]

subjects = st.builds(
    Subject,
    id=st.integers(1, 4),
    kind=st.just("case"),
    published=st.booleans(),
    withheld=st.booleans(),
    filer=st.sampled_from([None, *PERSONS]),
    holder_path=st.sampled_from(PATHS[1:]),
    desk_path=st.sampled_from(PATHS[1:]),
    place_path=st.sampled_from(PATHS[1:]),
)
appointments = st.builds(
    Appointment,
    role=st.sampled_from(STAFF_ROLES),
    organization_id=st.integers(1, 3),
    organization_path=st.sampled_from(PATHS[1:]),
    area_path=st.sampled_from(PATHS),
)
actors = st.one_of(
    st.sampled_from([SYSTEM, VISITOR]),
    st.builds(
        Actor,
        person=st.sampled_from([None, *PERSONS]),
        appointments=st.lists(appointments, max_size=3).map(tuple),
        keys=st.frozensets(st.integers(1, 4), max_size=2),
    ),
)
tables = st.dictionaries(
    st.sampled_from(["view", "act"]), st.dictionaries(st.sampled_from(Role), st.sampled_from(Reach)), max_size=2
).map(AccessTable)


@given(tables, actors, subjects)
def test_a_row_is_in_the_list_exactly_when_its_page_opens(table: AccessTable, actor: Actor, subject: Subject) -> None:
    in_list = any(clause.holds(subject) for clause in table.clauses(actor, "view"))
    assert table.decide(actor, "view", subject).allowed is in_list


@given(tables, actors, subjects)
def test_nothing_opens_for_a_role_that_was_granted_nothing(table: AccessTable, actor: Actor, subject: Subject) -> None:
    decision = table.decide(actor, "act", subject)
    if not table.is_granted(actor, "act"):
        assert not decision.allowed
        assert decision.reason == "not_granted"
    if not decision.allowed:
        assert decision.reason in {"not_granted", "out_of_scope"}
        anonymous = actor.person is None and not actor.is_system
        assert decision.sign_in_may_help is (anonymous and "act" in table.grants)


@given(tables, actors, subjects)
def test_rows_of_an_unreleased_import_open_for_nobody(table: AccessTable, actor: Actor, subject: Subject) -> None:
    assert not table.decide(actor, "view", replace(subject, withheld=True)).allowed


SUBJECT = Subject(
    id=7,
    kind="case",
    published=False,
    withheld=False,
    filer=PERSONS[0],
    holder_path="00010002",
    desk_path="00010003",
    place_path="00050001",
)


def staff(role: Role, path: str, area: str = "") -> Actor:
    return Actor(person=PERSONS[2], appointments=(Appointment(role, 1, path, area),))


@pytest.mark.parametrize(
    ("reach", "actor", "allowed"),
    [
        (Reach.UNIT, staff(Role.CLERK, "0001"), True),
        (Reach.UNIT, staff(Role.CLERK, "00010002"), True),
        (Reach.UNIT, staff(Role.CLERK, "00010003"), True),
        (Reach.UNIT, staff(Role.CLERK, "00010004"), False),
        (Reach.UNIT, staff(Role.CLERK, "000100020001"), False),
        (Reach.AREA, staff(Role.CLERK, "0009", area="0005"), True),
        (Reach.AREA, staff(Role.CLERK, "0001", area="0006"), False),
        (Reach.AREA, staff(Role.CLERK, "0001", area=""), False),
        (Reach.EVERYTHING, staff(Role.CLERK, "0009"), True),
        (Reach.PUBLISHED, staff(Role.CLERK, "0001"), False),
        (Reach.OWN, staff(Role.CLERK, "0001"), False),
    ],
)
def test_what_each_reach_means(reach: Reach, actor: Actor, allowed: bool) -> None:
    table = AccessTable({"view": {Role.CLERK: reach}})
    assert table.decide(actor, "view", SUBJECT).allowed is allowed


def test_owners_and_keyholders() -> None:
    table = AccessTable({"view": {Role.RESIDENT: Reach.OWN, Role.KEYHOLDER: Reach.KEY}})
    assert table.decide(Actor(person=PERSONS[0]), "view", SUBJECT).allowed
    assert table.decide(Actor(person=PERSONS[1]), "view", SUBJECT).reason == "out_of_scope"
    assert table.decide(Actor(keys=frozenset({7})), "view", SUBJECT).allowed
    assert not table.decide(Actor(keys=frozenset({8})), "view", SUBJECT).allowed
    refused = table.decide(VISITOR, "view", SUBJECT)
    assert (refused.reason, refused.sign_in_may_help) == ("not_granted", True)


def test_the_system_is_nothing_but_the_system() -> None:
    assert SYSTEM.roles == {Role.SYSTEM}
    assert not AccessTable({"view": {Role.VISITOR: Reach.EVERYTHING}}).decide(SYSTEM, "view", SUBJECT).allowed
    assert AccessTable({"tick": {Role.SYSTEM: Reach.EVERYTHING}}).decide(SYSTEM, "tick", SUBJECT).allowed


def test_an_actor_stands_in_every_role_at_once() -> None:
    actor = replace(staff(Role.SIGNER, "0001"), keys=frozenset({1}))
    assert actor.roles == {Role.SIGNER, Role.VISITOR, Role.RESIDENT, Role.KEYHOLDER}
    assert actor.is_staff
    assert actor.holds(Role.CLERK, Role.SIGNER)
    assert actor.office is actor.appointments[0]
    assert VISITOR.office is None
