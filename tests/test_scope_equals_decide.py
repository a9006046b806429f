"""A row is in the list exactly when its page opens: the database's answer against the one of the access table.

The checks are plain functions, so that `test_planted_faults` can see each of them fail.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.ground.matters.action import subject_of
from linli.ground.matters.inbox import visible
from linli.ground.matters.models import Matter
from linli.ground.matters.scope import clauses_condition, scope
from linli.ground.organizations.models import Organization
from linli.ground.people.models import Person
from linli.ground.territory.models import Unit
from linli.kernel.access import (
    ADMINISTRATORS,
    STAFF_ROLES,
    SYSTEM,
    VISITOR,
    AccessTable,
    Actor,
    Appointment,
    Clause,
    Decision,
    Reach,
    Role,
    Subject,
)
from linli.services.cases.rules.access import ACCESS
from tests.world import World

READS = ("view_case", "view_public_case", "unmask_filer", "export_cases")
STARTED = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)


@dataclass
class Population:
    """Matters in every position that matters to access, and who asks for them."""

    world: World
    persons: list[Person]
    matters: list[Matter]

    def office(self, role: Role, name: str) -> Actor:
        return Actor(person=UUID(int=9), appointments=(appointment(role, self.world.office[name]),))

    def rows(self, holds: Callable[[Matter], bool]) -> set[int]:
        return {matter.pk for matter in self.matters if not matter.withheld and holds(matter)}


def appointment(role: Role, office: Organization) -> Appointment:
    return Appointment(role, office.pk, office.path, office.area.path if office.area else "")


def heir_of(world: World, role: Role, office: str, gone: str) -> Actor:
    """Whoever is in an office that took over from another one, as did its area."""
    held, before = appointment(role, world.office[office]), appointment(role, world.office[gone])
    taken = {"former_organizations": (before.organization_path,), "former_areas": (before.area_path,)}
    return Actor(person=UUID(int=9), appointments=(replace(held, **taken),))


def matter_at(
    number: int,
    holder: Organization,
    desk: Organization,
    place: Unit,
    filer: Person | None,
    *,
    published: bool,
    withheld: bool,
    recused: Organization | None = None,
) -> Matter:
    return Matter(
        number=f"M{number:010d}",
        kind="case",
        title="路灯",
        place=place,
        place_path=place.path,
        holder=holder,
        holder_path=holder.path,
        desk=desk,
        desk_path=desk.path,
        recused_path=recused.path if recused else "",
        filer=filer,
        state="accepted",
        procedure_version=1,
        visibility="public",
        published_at=STARTED if published else None,
        withheld=withheld,
        opened_at=STARTED,
        clock_start=STARTED.date(),
        clock_days=5,
        due_at=STARTED,
    )


def populate(world: World) -> Population:
    office, community = world.office, world.community
    persons = [Person.objects.create(name=name) for name in ("甲", "乙")]
    positions = [
        (office[holder], office[desk], place)
        for holder, desk, place in (
            ("citizen_service_center A", "citizen_service_center A", community["A1"]),
            ("citizen_service_center A", "urban_management A", community["A2"]),
            ("urban_management A", "urban_management A", community["A1"]),
            ("urban_management A", "citizen_service_center A", world.street["A"]),
            ("urban_management B", "citizen_service_center B", community["B1"]),
            ("committee A1", "committee A1", community["A1"]),
            ("department", "department", community["B2"]),
            ("centre", "centre", world.district),
            ("urban_management B", "urban_management B", community["A1"]),
        )
    ]
    flags = ((False, False), (True, False), (True, True), (False, True))
    rows = [
        matter_at(number, *position, filer, published=published, withheld=withheld)
        for number, (position, filer, (published, withheld)) in enumerate(product(positions, [*persons, None], flags))
    ]
    unit, whole_street = office["urban_management A"], office["street A"]
    rows += [
        matter_at(len(rows) + each, unit, unit, community["A1"], None, published=False, withheld=False, recused=out)
        for each, out in enumerate((unit, whole_street, office["department"]))
    ]
    Matter.objects.bulk_create(rows)
    return Population(world, persons, list(Matter.objects.order_by("pk")))


def askers(population: Population) -> list[Actor]:
    first, second = (person.pk for person in population.persons)
    keys = frozenset(matter.pk for matter in population.matters[::7])
    offices = population.world.office
    staff = [
        Actor(person=UUID(int=9), appointments=(appointment(role, offices[name]),))
        for role in STAFF_ROLES
        for name in ("urban_management A", "street A", "citizen_service_center B", "committee A1", "district")
    ]
    return [
        SYSTEM,
        VISITOR,
        Actor(keys=keys),
        Actor(person=first),
        Actor(person=second, keys=keys),
        replace(staff[0], person=None),
        Actor(person=first, appointments=(staff[1].appointments[0], staff[-2].appointments[0])),
        Actor(person=second, appointments=(Appointment(Role.AUDITOR, 1, offices["district"].path, ""),)),
        heir_of(population.world, Role.CLERK, "urban_management B", "urban_management A"),
        heir_of(population.world, Role.SUPERVISOR, "street B", "street A"),
        *staff,
    ]


def check_lists_equal_pages(matters: Sequence[Matter], actors: Iterable[Actor]) -> None:
    """The scope of every read, and the inbox, hold exactly the rows whose page would open."""
    subjects = [subject_of(matter) for matter in matters]
    for actor in actors:
        for action in READS:
            listed = set(Matter.objects.filter(scope(ACCESS, actor, action)).values_list("pk", flat=True))
            opening = {subject.id for subject in subjects if ACCESS.decide(actor, action, subject).allowed}
            assert listed == opening, (action, actor, listed ^ opening)
            if action == "view_case":
                inbox = set(Matter.objects.filter(visible(actor)).values_list("pk", flat=True))
                assert inbox == opening, (actor, inbox ^ opening)


def check_clauses_one_by_one(population: Population) -> None:
    """Each reach, also from nothing: an owner who is nobody owns nothing, no key opens nothing."""
    world, matters = population.world, population.matters
    clauses = [
        Clause(Reach.PUBLISHED),
        Clause(Reach.KEY, keys=frozenset({matters[3].pk, matters[4].pk})),
        Clause(Reach.KEY),
        Clause(Reach.OWN, person=population.persons[0].pk),
        Clause(Reach.OWN, person=None),
        Clause(Reach.UNIT, path=world.office["urban_management A"].path),
        Clause(Reach.UNIT, path=world.office["street A"].path),
        Clause(Reach.AREA, path=world.community["A1"].path),
        Clause(Reach.AREA, path=world.street["B"].path),
        Clause(Reach.EVERYTHING),
    ]
    for clause in clauses:
        listed = set(Matter.objects.filter(clauses_condition([clause])).values_list("pk", flat=True))
        assert listed == {matter.pk for matter in matters if clause.holds(subject_of(matter))}, clause
    assert not Matter.objects.filter(clauses_condition([clauses[4]])).exists()
    assert not Matter.objects.filter(clauses_condition([])).exists()


def check_lists_written_by_hand(population: Population) -> None:
    """What each office sees, said by names of organizations and places, not by paths."""
    world, office = population.world, population.world.office
    in_street_a = {world.street["A"].pk, world.community["A1"].pk, world.community["A2"].pk}
    first = population.persons[0]
    key = next(matter for matter in population.matters if not matter.withheld)
    withheld_key = next(matter for matter in population.matters if matter.withheld)
    units_of_a = {each.pk for name, each in office.items() if name.endswith((" A", " A1", " A2"))}

    kept_from_unit, kept_from_street = (
        next(matter.pk for matter in population.matters if matter.recused_path == office[name].path)
        for name in ("urban_management A", "street A")
    )
    # Who keeps out, by the office asking: the unit out of both, the rest of the street out of the street's.
    kept_from = {office[name].pk: {kept_from_street} for name in office if name.endswith((" A", " A1", " A2"))}
    kept_from[office["urban_management A"].pk] = {kept_from_unit, kept_from_street}

    def lies_with(*names: str) -> Callable[[Matter], bool]:
        ids = {office[name].pk for name in names}
        return lambda matter: bool(ids & {matter.holder_id, matter.desk_id})

    expected: list[tuple[Actor, str, Callable[[Matter], bool]]] = [
        (population.office(Role.CLERK, "urban_management A"), "view_case", lies_with("urban_management A")),
        (population.office(Role.REVIEWER, "urban_management B"), "view_case", lies_with("urban_management B")),
        (population.office(Role.WINDOW_CLERK, "citizen_service_center A"), "view_case",
         lambda matter: matter.place_id in in_street_a),
        (population.office(Role.CLERK, "street A"), "view_case",
         lambda matter: bool(units_of_a & {matter.holder_id, matter.desk_id})),
        (population.office(Role.DISPATCHER, "citizen_service_center A"), "view_case",
         lambda matter: matter.place_id in in_street_a),
        (population.office(Role.SUPERVISOR, "street A"), "view_case", lambda matter: matter.place_id in in_street_a),
        (population.office(Role.OBSERVER, "committee A1"), "view_case",
         lambda matter: matter.place_id == world.community["A1"].pk),
        (population.office(Role.AUDITOR, "district"), "view_case", lambda matter: True),
        *((population.office(role, "district"), "view_case", lambda matter: False) for role in sorted(ADMINISTRATORS)),
        (population.office(Role.OBSERVER, "district"), "export_cases", lambda matter: False),
        (population.office(Role.SUPERVISOR, "street A"), "unmask_filer", lambda matter: False),
        (Actor(person=first.pk), "view_case", lambda matter: matter.filer_id == first.pk),
        (Actor(keys=frozenset({key.pk, withheld_key.pk})), "view_case", lambda matter: matter.pk == key.pk),
        (VISITOR, "view_case", lambda matter: False),
        (VISITOR, "view_public_case", lambda matter: matter.published_at is not None),
        (SYSTEM, "view_case", lambda matter: False),
        (SYSTEM, "mark_overdue", lambda matter: True),
        (Actor(person=UUID(int=9), appointments=(Appointment(Role.AUDITOR, 1, office["district"].path, ""),)),
         "view_case", lambda matter: False),
    ]  # fmt: skip
    heirs = (
        heir_of(world, Role.CLERK, "urban_management B", "urban_management A"),
        heir_of(world, Role.OBSERVER, "committee B1", "committee A1"),
    )
    expected += [
        (heirs[0], "view_case", lies_with("urban_management A", "urban_management B")),
        (heirs[1], "view_case", lambda matter: matter.place_id in {world.community[key].pk for key in ("A1", "B1")}),
    ]
    # Whoever took over from a unit keeps out of what that one kept out of.
    kept_from[office["urban_management B"].pk] = {kept_from_unit, kept_from_street}
    kept_from[office["committee B1"].pk] = {kept_from_street}
    for actor, action, holds in expected:
        wanted = population.rows(holds)
        for held in actor.appointments:
            wanted -= kept_from.get(held.organization_id, set())
        listed = set(Matter.objects.filter(scope(ACCESS, actor, action)).values_list("pk", flat=True))
        opening = {
            matter.pk for matter in population.matters if ACCESS.decide(actor, action, subject_of(matter)).allowed
        }
        assert listed == wanted, (actor, action)
        assert opening == wanted, (actor, action)


def check_answers_written_by_hand() -> None:
    """Single answers of the table with their reasons."""
    subject = Subject(
        id=7,
        kind="case",
        published=False,
        withheld=False,
        filer=UUID(int=1),
        holder_path="00010002",
        desk_path="00010003",
        place_path="00050001",
    )
    clerk = Actor(person=UUID(int=2), appointments=(Appointment(Role.CLERK, 1, "00010002", "0005"),))
    nobodys = replace(subject, filer=None)
    answers: list[tuple[Actor, str, Subject, Decision]] = [
        (clerk, "accept_case", subject, Decision(True)),
        (clerk, "accept_case", replace(subject, holder_path="0009", desk_path="00010002"), Decision(True)),
        (clerk, "accept_case", replace(subject, holder_path="00010004"), Decision(False, "out_of_scope")),
        (clerk, "accept_case", replace(subject, withheld=True), Decision(False, "out_of_scope")),
        (clerk, "sign_reply", subject, Decision(True)),
        (clerk, "grant_extension", subject, Decision(False, "not_granted")),
        (clerk, "no_such_step", subject, Decision(False, "not_granted")),
        (clerk, "mark_overdue", subject, Decision(False, "not_granted")),
        (SYSTEM, "mark_overdue", subject, Decision(True)),
        (SYSTEM, "accept_case", subject, Decision(False, "not_granted")),
        (Actor(person=UUID(int=1)), "withdraw_case", subject, Decision(True)),
        (Actor(person=UUID(int=3)), "withdraw_case", subject, Decision(False, "out_of_scope")),
        (Actor(person=UUID(int=3)), "withdraw_case", nobodys, Decision(False, "out_of_scope")),
        (Actor(keys=frozenset({7})), "withdraw_case", subject, Decision(True)),
        (Actor(keys=frozenset({8})), "withdraw_case", subject, Decision(False, "out_of_scope", sign_in_may_help=True)),
        (VISITOR, "withdraw_case", nobodys, Decision(False, "not_granted", sign_in_may_help=True)),
        (VISITOR, "view_public_case", subject, Decision(False, "out_of_scope", sign_in_may_help=True)),
        (VISITOR, "view_public_case", replace(subject, published=True), Decision(True)),
    ]
    for actor, action, asked, answer in answers:
        assert ACCESS.decide(actor, action, asked) == answer, (actor, action, asked)
    for name in ("accept_case", "grant_extension", "withdraw_case", "no_such_step"):
        held = {"accept_case": True, "withdraw_case": True}.get(name, False)
        assert ACCESS.is_granted(clerk, name) is held
    everybody = AccessTable({"view": {Role.VISITOR: Reach.EVERYTHING}})
    assert not everybody.decide(VISITOR, "act", subject).allowed


@pytest.fixture
def population(world: World) -> Population:
    return populate(world)


def test_lists_equal_pages(population: Population) -> None:
    check_lists_equal_pages(population.matters, askers(population))


def test_clauses_one_by_one(population: Population) -> None:
    check_clauses_one_by_one(population)


def test_lists_written_by_hand(population: Population) -> None:
    check_lists_written_by_hand(population)


def test_answers_written_by_hand() -> None:
    check_answers_written_by_hand()


def random_lists(world: World, examples: int) -> None:
    """Random matters, random actors."""
    offices, units = list(world.office.values()), list(Unit.objects.all())
    persons = [Person.objects.create(name=name) for name in ("甲", "乙")]
    ones = st.sampled_from(offices)
    matters = st.lists(
        st.builds(
            matter_at,
            st.integers(0, 10**9),
            ones,
            ones,
            st.sampled_from(units),
            st.sampled_from([*persons, None]),
            published=st.booleans(),
            withheld=st.booleans(),
        ),
        max_size=5,
        unique_by=lambda matter: matter.number,
    )
    actors = st.builds(
        Actor,
        person=st.sampled_from([None, *(person.pk for person in persons)]),
        appointments=st.lists(st.builds(appointment, st.sampled_from(STAFF_ROLES), ones), max_size=3).map(tuple),
    )

    @settings(max_examples=examples, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(matters, actors, st.sets(st.integers(0, 4)))
    def holds(rows: list[Matter], actor: Actor, keys: set[int]) -> None:
        with transaction.atomic():
            Matter.objects.bulk_create(rows)
            stored = list(Matter.objects.order_by("pk"))
            held = frozenset(stored[place].pk for place in keys if place < len(stored))
            check_lists_equal_pages(stored, [replace(actor, keys=held)])
            transaction.set_rollback(True)

    holds()


def test_lists_equal_pages_whoever_asks_for_whatever(world: World) -> None:
    random_lists(world, 60)


@pytest.mark.bar
def test_lists_equal_pages_whoever_asks_for_whatever_for_long(world: World) -> None:
    random_lists(world, 3000)
