"""Faults planted into access, one at a time: each must be found by the checks, or the checks are worth nothing."""

import inspect
import logging
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any

import pytest

from linli.ground.matters import scope as scoping
from linli.kernel import access
from linli.kernel.access import AccessTable, Clause
from tests.stage import Stage
from tests.test_access_table import rows_of, wrong_cells
from tests.test_scope_equals_decide import (
    Population,
    askers,
    check_answers_written_by_hand,
    check_clauses_one_by_one,
    check_lists_equal_pages,
    check_lists_written_by_hand,
    populate,
)
from tests.world import World

UNIT_HOLDS = "subject.holder_path.startswith(self.path) or subject.desk_path.startswith(self.path)"
UNIT_ROWS = 'subtree(f"{prefix}holder_path", clause.path) | subtree(f"{prefix}desk_path", clause.path)'

FAULTS: dict[str, tuple[Any, str, str]] = {
    # one subject
    "withheld rows open": (Clause.holds, "if subject.withheld:", "if False:"),
    "a unit sees everything": (Clause.holds, UNIT_HOLDS, "True"),
    "a unit sees only what it holds": (Clause.holds, UNIT_HOLDS, "subject.holder_path.startswith(self.path)"),
    "a unit sees only its desk": (Clause.holds, UNIT_HOLDS, "subject.desk_path.startswith(self.path)"),
    "a unit does not see the units below it": (
        Clause.holds,
        UNIT_HOLDS,
        "subject.holder_path == self.path or subject.desk_path == self.path",
    ),
    "paths contain instead of begin": (
        Clause.holds,
        UNIT_HOLDS,
        "self.path[-4:] in subject.holder_path or self.path[-4:] in subject.desk_path",
    ),
    "any key opens": (Clause.holds, "subject.id in self.keys", "bool(self.keys)"),
    "a key is not asked for": (Clause.holds, "subject.id in self.keys", "True"),
    "nobody owns what nobody filed": (Clause.holds, "self.person is not None and ", ""),
    "everybody is the owner": (Clause.holds, "subject.filer == self.person", "True"),
    "an area is measured by the holder": (
        Clause.holds,
        "subject.place_path.startswith(self.path)",
        "subject.holder_path.startswith(self.path)",
    ),
    "unpublished rows are public": (Clause.holds, "return subject.published", "return True"),
    # which ways in
    "what is not granted is allowed": (
        AccessTable.decide,
        "if action not in self.grants:\n        return",
        "if action not in self.grants:\n        return Decision(allowed=True) or",
    ),
    "the first way in alone counts": (AccessTable.decide, "for clause in clauses", "for clause in clauses[:1]"),
    "every way is taken for granted": (AccessTable.decide, "if clause.holds(subject)", "if True"),
    "the decision is turned around": (AccessTable.decide, "if held is not None", "if held is None"),
    "everything is granted to everybody": (
        AccessTable.is_granted,
        "bool(actor.roles.intersection(self.grants.get(action, {})))",
        "True",
    ),
    "visitors are residents": (access._clauses, "if role in actor.roles:", "if True:"),
    "several reaches count for none": (access.reaches, "else given", "else ()"),
    "another office is a way around recusal": (access._clauses, "offices=offices", "offices=()"),
    "who keeps out looks in": (Clause.holds, "self._is_recused(subject.recused_path)", "False"),
    "what is below keeps out no longer": (
        Clause._is_recused,
        "office.startswith(recused_path)",
        "office == recused_path",
    ),
    "who stands above keeps out too": (
        Clause._is_recused,
        "office.startswith(recused_path)",
        "recused_path.startswith(office)",
    ),
    "a unit is taken for its area": (
        access._clauses,
        "appointment.area_paths if reach is Reach.AREA else appointment.organization_paths",
        "appointment.area_paths",
    ),
    "an area is taken for its unit": (
        access._clauses,
        "appointment.area_paths if reach is Reach.AREA else appointment.organization_paths",
        "appointment.organization_paths",
    ),
    "who took over does not reach what was before": (
        access._clauses,
        "for path in paths if reach in IN_OFFICE else paths[:1]",
        "for path in paths[:1]",
    ),
    "who took over does not keep out of what was before": (
        access._clauses,
        "for path in appointment.organization_paths)",
        "for path in (appointment.organization_path,))",
    ),
    "former areas are not reached": (
        access._clauses,
        "appointment.area_paths if reach is Reach.AREA else appointment.organization_paths",
        "(appointment.area_path,) if reach is Reach.AREA else appointment.organization_paths",
    ),
    "former offices are not reached": (
        access._clauses,
        "appointment.area_paths if reach is Reach.AREA else appointment.organization_paths",
        "appointment.area_paths if reach is Reach.AREA else (appointment.organization_path,)",
    ),
    "no area is every area": (access._clauses, "if path or reach not in IN_OFFICE:", "if True:"),
    "offices count for nothing": (access._clauses, "for appointment in actor.appointments:", "for appointment in ():"),
    # the lists
    "withheld rows are listed": (scoping.clauses_condition, ' & Q(**{f"{prefix}withheld": False})', ""),
    "no way in lists everything": (
        scoping.clauses_condition,
        'return Q(**{f"{prefix}pk__in": ()})',
        "return Q()",
    ),
    "only what lies in all ways is listed": (scoping.clauses_condition, "any_way |= way", "any_way &= way"),
    "only the first way is listed": (scoping.clauses_condition, "any_way |= way", "pass"),
    "a subtree leaves out its root": (scoping.subtree, "__gte", "__gt"),
    "a subtree is its root": (scoping.subtree, "upper_bound(path)", "path"),
    "a subtree reaches into the next": (scoping.subtree, "upper_bound(path)", "upper_bound(path[:-1])"),
    "a subtree has no end": (scoping.subtree, ', f"{field}__lte": upper_bound(path)', ""),
    "the lists show what one keeps out of": (scoping._not_recused, "return ~Q(", "return Q(pk__gt=0) | ~Q("),
    "the lists keep out the office alone": (scoping.at_or_above, "path[:end]", "path"),
    "the lists forget the desk": (
        scoping._condition,
        UNIT_ROWS,
        'subtree(f"{prefix}holder_path", clause.path)',
    ),
    "the lists take units for areas": (
        scoping._condition,
        'subtree(f"{prefix}place_path", clause.path)',
        'subtree(f"{prefix}holder_path", clause.path)',
    ),
    "the lists hold what is not published": (
        scoping._condition,
        'Q(**{f"{prefix}published_at__isnull": False})',
        'Q(**{f"{prefix}pk__gt": 0})',
    ),
    "the lists take nobody for an owner": (
        scoping._condition,
        'Q(**{f"{prefix}filer": clause.person}) if clause.person else Q(**{f"{prefix}pk__in": ()})',
        'Q(**{f"{prefix}filer": clause.person})',
    ),
    "the lists do not ask for a key": (
        scoping._condition,
        'Q(**{f"{prefix}pk__in": sorted(clause.keys)})',
        'Q(**{f"{prefix}pk__gt": 0})',
    ),
}
# Seen from outside, by requests alone.
SEEN_FROM_OUTSIDE = (
    "withheld rows open",
    "a unit sees everything",
    "everybody is the owner",
    "every way is taken for granted",
    "everything is granted to everybody",
)
KNOCKING = ("keyholder", "resident_stranger", "window_clerk", "clerk_holder", "clerk_other_street", "supervisor_other")
DOORS = {
    ("GET", "desk_case", "", "received"),
    ("GET", "desk_case", "", "accepted"),
    ("GET", "desk_case", "", "withheld"),
    ("GET", "my_case", "", "accepted"),
    ("GET", "my_case", "", "withheld"),
    ("GET", "receive_at_counter", "", ""),
    ("POST", "desk_case_step", "accept_case", "dispatched"),
    ("POST", "desk_case_step", "grant_extension", "extension_asked"),
}


@contextmanager
def planted(function: Any, right: str, wrong: str) -> Iterator[None]:
    """Run with one piece of a function's text replaced, wherever the function has been imported to."""
    assert isinstance(function, FunctionType)
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(right) == 1, f"{right!r} does not stand in {function.__qualname__} once"
    changed: dict[str, Any] = {}
    code = compile(source.replace(right, wrong), function.__code__.co_filename, "exec")
    exec(code, dict(function.__globals__), changed)  # noqa: S102 -- the text is the project's own
    whole = function.__code__
    function.__code__ = changed[function.__name__].__code__
    try:
        yield
    finally:
        function.__code__ = whole


def checks(population: Population) -> list[Callable[[], None]]:
    return [
        check_answers_written_by_hand,
        lambda: check_clauses_one_by_one(population),
        lambda: check_lists_written_by_hand(population),
        lambda: check_lists_equal_pages(population.matters, askers(population)),
    ]


def is_found(check: Callable[[], None]) -> bool:
    try:
        check()
    except AssertionError:
        return True
    return False


def test_every_planted_fault_is_found(world: World) -> None:
    run = checks(populate(world))
    assert not any(is_found(check) for check in run), "without a fault the checks are silent"
    missed = []
    for name, fault in FAULTS.items():
        with planted(*fault):
            if not any(is_found(check) for check in run):
                missed.append(name)
    assert missed == []
    assert not any(is_found(check) for check in run), "and silent again afterwards"


@pytest.fixture
def _quiet() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.once
@pytest.mark.usefixtures("_quiet")
def test_faults_show_at_the_doors(world: World) -> None:
    stage = Stage(world)
    rows = [
        row
        for row in (*rows_of(desk=True), *rows_of(desk=False))
        if (row.method, row.url_name, row.step, row.state) in DOORS
    ]
    assert len(rows) == len(DOORS)
    assert list(wrong_cells(stage, rows, lambda *_: KNOCKING)) == []
    missed = []
    for name in SEEN_FROM_OUTSIDE:
        with planted(*FAULTS[name]):
            if next(wrong_cells(stage, rows, lambda *_: KNOCKING), None) is None:
                missed.append(name)
    assert missed == []


def test_there_are_faults_enough() -> None:
    assert len(FAULTS) >= 10
    touched = {fault[0].__qualname__ for fault in FAULTS.values()}
    assert touched == {
        "Clause.holds",
        "AccessTable.decide",
        "AccessTable.is_granted",
        "_clauses",
        "clauses_condition",
        "subtree",
        "_condition",
        "_not_recused",
        "at_or_above",
        "reaches",
        "Clause._is_recused",
    }
