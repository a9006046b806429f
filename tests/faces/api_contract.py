"""The API against its own document: random requests, by five roles, and what must never come back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from schemathesis.specs.openapi import checks

from linli.ground.matters.models import Matter
from linli.ground.people.actions.open_account import open_account
from linli.ground.people.actions.suspend_account import suspend_account
from linli.kernel.access import SYSTEM
from linli.services.cases.feature import CASES
from linli.site.running import settle
from tests.faces.program import Program
from tests.stage import Stage
from tests.world import World

CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
ADMINISTRATORS = ("system_administrator", "security_administrator", "audit_administrator")
ROLES = ("clerk_holder", "resident_filer", *ADMINISTRATORS)
WHY = "CANARYWHY"


def canaries(world: World) -> list[str]:
    """Strings in private fields that neither role may ever read: of the other street, and of a filer who hides."""
    strings = [f"CANARY{name}" for name in ("TITLE", "TEXT", "PLACE", "NAME", "NOTE", "SUPPLEMENT", "HIDDEN")]
    title, text, place, name, note, supplement, hidden = strings
    filer = open_account(login="bird", name=name, phone="13611112222", actor=SYSTEM, now=world.now).person
    case = world.case_of("B", "accepted", title=title, text=text, place_text=place, filer=filer)
    clerk = world.clerk_of("B")
    CASES.actions["add_note"](case.pk, actor=clerk, now=world.now, note=note)
    CASES.actions["ask_supplement"](case.pk, actor=clerk, now=world.now, question=supplement)
    shy = open_account(login="shy", name=hidden, phone="13633334444", actor=SYSTEM, now=world.now).person
    world.case_of("A", "accepted", filer=shy, identity_shown=False)
    return [*strings, "13611112222", "13633334444", "136****2222", "136****4444"]


def breaches(world: World, *, examples: int) -> int:
    """Send so many requests, drawn over all operations, and check each answer; returns how many were answered well."""
    django_settings.LINLI_CLOCK.set(world.now)
    forbidden = [each.encode() for each in canaries(world)]
    stage = Stage(world)
    suspended = stage.cast.accounts["clerk_other_street"]
    suspend_account(suspended, why=WHY, actor=stage.cast.actor("security_administrator", world.now), now=world.now)
    settle()
    fixed = _fixed(stage)
    tokens = {kind: Program(world, stage.cast.accounts[kind]).text for kind in ROLES}
    with _one_connection():
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    operations = [each.ok() for each in schema.get_all_operations()]
    answered = [0]

    @given(some.data())
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(data: Any) -> None:
        operation = data.draw(some.sampled_from(operations))
        named = [name for name in fixed if f"{{{name}}}" in operation.path]
        parts = {name: data.draw(some.sampled_from(fixed[name])) for name in named}
        case = data.draw(operation.as_strategy(path_parameters=parts or None))
        role = data.draw(some.sampled_from(ROLES))
        response = case.call(headers={"Authorization": f"Bearer {tokens[role]}"})
        case.validate_response(response, checks=CHECKS)
        never = forbidden if role in ADMINISTRATORS else [*forbidden, WHY.encode()]
        assert not [each for each in never if each in response.content]
        answered[0] += response.status_code < 300

    with _one_connection():
        ask()
    return answered[0]


def _fixed(stage: Stage) -> dict[str, list[Any]]:
    """What really stands in addresses. Nobody who asks is among the accounts, so that nobody is suspended half-way."""
    numbers = Matter.objects.order_by("pk").values_list("number", flat=True)
    return {
        "number": list(numbers),
        "account": [str(account.pk) for kind, account in stage.cast.accounts.items() if kind not in ROLES],
        "purpose": ["demands", "households", "public_name", "progress_mail", "account"],
        "reform": [1, 2, 3],
        "source": [stage.upload],
        "level": ["district", "street", "community", "grid"],
    }


@contextmanager
def _one_connection() -> Iterator[None]:
    """Requests stay in the transaction of the test, as those of Django's own test client do."""
    for moment in (request_started, request_finished):
        moment.disconnect(close_old_connections)
    try:
        yield
    finally:
        for moment in (request_started, request_finished):
            moment.connect(close_old_connections)
