"""The house rules that no linter knows: one write, one file, one name, one test; every door marked; no back rooms."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from linli.ground.matters.action import Action, OpeningAction
from linli.ground.matters.features import FEATURES
from linli.ground.people.doors import PARTY, PROGRAM, PUBLIC, SIGNED_IN, STAFF, door_of
from linli.services.cases.desk_forms import FORMS as DESK_FORMS
from linli.services.cases.feature import CASES
from linli.services.cases.portal_forms import STEP_FORMS as PORTAL_FORMS
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.wording import STEPS

SOURCE = Path(inspect.getfile(Action)).parents[2]
TESTS = Path(__file__).parent
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
ACTIONS = [path for path in MODULES if path.parent.name == "actions" and path.stem != "__init__"]
CASE_ACTIONS = [path for path in ACTIONS if path.parent.parent.name == "cases"]
BACK_ROOMS = {"utils", "util", "helpers", "helper", "common", "misc", "shared_utils", "tools", "lib"}


def named(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def addresses(resolver: Any = None) -> Iterator[URLPattern]:
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from addresses(each)
        else:
            yield each


@pytest.mark.parametrize("path", ACTIONS, ids=named)
def test_an_action_is_a_file_a_function_and_a_name(path: Path) -> None:
    public = [node for node in tree(path).body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    writes = [node.name for node in public if path in CASE_ACTIONS or node.name == path.stem]
    assert writes == [path.stem]
    assert all(ast.get_docstring(node) for node in public)
    assert ast.get_docstring(tree(path))


def test_every_action_of_a_case_is_registered_under_its_name() -> None:
    assert {path.stem for path in CASE_ACTIONS} == set(CASES.actions)
    for name, action in CASES.actions.items():
        assert isinstance(action, Action | OpeningAction)
        assert action.name == name
        assert action.__module__.endswith(f".actions.{name}")


def test_every_action_of_a_case_has_grants_words_and_a_way_in_the_procedure() -> None:
    for name, action in CASES.actions.items():
        assert ACCESS.grants.get(name), name
        assert name in STEPS, name
        if isinstance(action, Action):
            assert CASES.procedures[CASES.newest].named(name), name
    steps = set(CASES.procedures[CASES.newest].names())
    assert steps <= set(CASES.actions)
    assert set(DESK_FORMS) | set(PORTAL_FORMS) <= steps


def test_every_step_of_a_person_has_a_form_and_no_step_of_time_has_one() -> None:
    for name in CASES.procedures[CASES.newest].names():
        by_person = {str(role) for role in ACCESS.grants[name]} != {"system"}
        assert (name in DESK_FORMS or name in PORTAL_FORMS) is by_person, name


def test_every_form_asks_for_what_its_action_takes() -> None:
    asked = {name: set(form.base_fields) for name, form in (DESK_FORMS | PORTAL_FORMS).items()}
    beside = {"photos": "files", "uploads": "files", "checked": ""}
    for name, fields in asked.items():
        taken = set(inspect.signature(CASES.actions[name].run).parameters) - {"move"}
        assert {beside.get(field, field) for field in fields} - {""} <= taken, name


def test_every_action_of_a_case_is_named_by_a_test() -> None:
    written = "\n".join(path.read_text() for path in TESTS.rglob("test_*.py") if path != Path(__file__))
    for path in CASE_ACTIONS:
        effect = rf'def test_\w*{path.stem}\b|act\([^)]*"{path.stem}"|"{path.stem}", "\w+", "\w+_at"|\b{path.stem}\('
        called = re.search(effect, written)
        assert called, f"{path.stem} has no test of its effect"


def test_every_feature_names_its_reads_as_the_ground_asks_for_them() -> None:
    for kind, feature in FEATURES.items():
        assert feature.kind == kind
        assert f"view_{kind}" in feature.access.grants
        assert f"export_{kind}s" in feature.access.grants
        assert set(feature.procedures) == set(range(1, feature.newest + 1)), "an old version stays in the code"


def test_every_view_bears_a_mark() -> None:
    for pattern in addresses():
        if pattern.name == "preferences":
            continue  # reads and writes nothing but the reader's own cookies
        assert door_of(pattern.callback) in {PUBLIC, PARTY, SIGNED_IN, STAFF, PROGRAM}, pattern.name


def test_the_desk_and_the_board_are_for_staff_and_nothing_else_is() -> None:
    staff = {pattern.name for pattern in addresses() if door_of(pattern.callback) == STAFF}
    faces = [each for each in get_resolver().url_patterns if str(each.pattern) in {"desk/", "board/"}]
    assert len(faces) == 2
    assert staff == {pattern.name for face in faces for pattern in addresses(face)}


def test_programs_come_in_at_the_api_and_at_three_addresses_of_open311() -> None:
    api = next(each for each in get_resolver().url_patterns if str(each.pattern) == "api/v1/")
    doors = {pattern.name: door_of(pattern.callback) for pattern in addresses(api)}
    assert {name for name, door in doors.items() if door == PUBLIC} == {
        "api_docs",
        "api_document",
        "api_unknown",
        "api_published_cases",
        "api_published_case",
        "api_look_up_case",
        "api_territory",
        "api_territory_changes",
        "api_territory_outlines",
        "api_check_receipt",
        "api_rates",
    }
    by_token = {pattern.name for pattern in addresses() if door_of(pattern.callback) == PROGRAM}
    by_key = {"open311_requests", "open311_request", "open311_token"}  # the standard has published demands there too
    assert by_token - by_key == {name for name, door in doors.items() if door != PUBLIC}
    assert by_key <= by_token


def test_every_address_has_a_name_of_its_own() -> None:
    names = [pattern.name for pattern in addresses()]
    assert all(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_is_short_and_has_no_back_room_and_no_signals(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 400, "split it"
    assert not BACK_ROOMS & {*path.relative_to(SOURCE).parts[:-1], path.stem}
    for node in ast.walk(tree(path)):
        modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        assert not any("signals" in module or module == "django.dispatch" for module in modules)


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_the_clock_is_read_in_one_place(path: Path) -> None:
    read = re.search(r"\b(datetime|date|dt\.datetime|timezone)\.(now|today|utcnow)\(", path.read_text())
    assert read is None or named(path) == "site/clock.py"


@pytest.mark.parametrize("path", [path for path in MODULES if {"rules", "kernel"} & set(path.parts)], ids=named)
def test_rules_know_no_framework(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            assert not (node.module or "").startswith("django"), named(path)
        if isinstance(node, ast.Import):
            assert not any(alias.name.startswith("django") for alias in node.names), named(path)


def test_tests_are_short_files_too() -> None:
    own = [TESTS / name for name in ("cast.py", "stage.py")] + sorted(TESTS.glob("test_*.py"))
    for path in [*own, *sorted((TESTS / "services").glob("*.py"))]:
        assert path.read_text().count("\n") <= 400, path.name
