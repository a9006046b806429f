"""The expected table of access, written by hand, against what the pages really answer.

Each cell is a request. `302>name` is a redirect to the page of that name; `*` says that the request wrote something.
A cell without it, whatever the answer, leaves every table as it was.
"""

import csv
import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from linli.services.cases.desk_forms import FORMS as DESK_FORMS
from linli.services.cases.portal_forms import STEP_FORMS as PORTAL_FORMS
from tests.cast import KINDS
from tests.stage import API, Row, Stage
from tests.world import Snapshot, World

pytestmark = pytest.mark.once
TABLE = Path(__file__).with_name("access.csv")


Kinds = Callable[[Row, int], Iterable[str]]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Two thousand refusals are not worth two thousand lines of log, nor a wrong password a slow digest."""
    logging.disable(logging.ERROR)
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield
    logging.disable(logging.NOTSET)


def table() -> list[Row]:
    with TABLE.open(newline="") as file:
        lines = list(csv.DictReader(file))
    return [
        Row(line.pop("url_name"), line.pop("method"), line.pop("step"), line.pop("state"), dict(line)) for line in lines
    ]


def wrong_cells(stage: Stage, rows: Iterable[Row], kinds: Kinds) -> Iterator[str]:
    """Every cell whose request was answered, or wrote, otherwise than the table says; `kinds` are asked of a row."""
    snapshot = Snapshot()
    for turn, row in enumerate(rows):
        for kind in kinds(row, turn):
            expected = row.cells[kind]
            with stage.knock(kind, row) as answer:
                wrote = "*" if stage.writes and not snapshot.unchanged() else ""
            if answer + wrote != expected:
                yield f"{row.title}: {kind} gets {answer + wrote}, the table says {expected}"


def everybody(row: Row, turn: int) -> Iterable[str]:
    return KINDS


def some(row: Row, turn: int, most: int = 2) -> Iterable[str]:
    """Two kinds for each answer that a row has, others from row to row; the long bar asks everybody."""
    answers: dict[str, list[str]] = {}
    for kind in KINDS:
        answers.setdefault(row.cells[kind], []).append(kind)
    for kinds in answers.values():
        first = most * turn % len(kinds)
        yield from (kinds * 2)[first : first + min(most, len(kinds))]


def one_each(row: Row, turn: int) -> Iterable[str]:
    """One for each answer: the doors of the API are those of the pages, with a token in front."""
    return some(row, turn, most=1)


def rows_of(*, desk: bool) -> list[Row]:
    names = {pattern.name for route, pattern in addresses() if route.startswith("desk/")}
    return [row for row in table() if (row.url_name in names) is desk and not row.url_name.startswith(API)]


def api_rows() -> list[Row]:
    return [row for row in table() if row.url_name.startswith(API)]


def addresses(resolver: Any = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each, route)
        else:
            yield route, each


def test_the_desk_answers_as_the_table_says(world: World) -> None:
    rows = [row for row in rows_of(desk=True) if row.url_name != "bulk_cases"]
    wrong = list(wrong_cells(Stage(world), rows, some))
    assert not wrong, "\n".join(wrong)


def test_many_cases_at_once_answer_as_the_table_says(world: World) -> None:
    rows = [row for row in rows_of(desk=True) if row.url_name == "bulk_cases"]
    wrong = list(wrong_cells(Stage(world), rows, some))
    assert not wrong, "\n".join(wrong)


def test_the_residents_face_answers_as_the_table_says(world: World) -> None:
    wrong = list(wrong_cells(Stage(world), rows_of(desk=False), some))
    assert not wrong, "\n".join(wrong)


def test_the_api_answers_as_the_table_says(world: World) -> None:
    wrong = list(wrong_cells(Stage(world), api_rows(), one_each))
    assert not wrong, "\n".join(wrong)


@pytest.mark.bar
def test_every_single_cell_is_as_the_table_says(world: World) -> None:
    wrong = list(wrong_cells(Stage(world), table(), everybody))
    assert not wrong, "\n".join(wrong)


def test_the_table_has_a_row_for_every_address() -> None:
    written = {row.url_name for row in table()}
    there = {pattern.name for _, pattern in addresses()}
    assert there - written == set(), "addresses without a row in access.csv"
    assert written - there == set(), "rows of access.csv without an address"


def test_the_table_has_a_row_for_every_step_that_a_page_offers() -> None:
    written = {(row.url_name, row.step) for row in table() if row.method == "POST"}
    for step in DESK_FORMS:
        assert ("desk_case_step", step) in written, step
    for step in PORTAL_FORMS:
        assert ("my_case_step", step) in written, step
    asked = {row.url_name for row in table() if row.method == "POST" and "200*" in row.cells.values()}
    assert {f"api_{step}" for step in (*DESK_FORMS, *PORTAL_FORMS)} <= asked


def test_the_table_has_a_value_in_every_cell() -> None:
    for row in table():
        assert tuple(row.cells) == KINDS
        assert all(row.cells.values()), row.title
