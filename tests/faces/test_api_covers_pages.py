"""What the pages can do: each address has its operations, or stands in docs/api.md with the reason why not."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from linli.faces.api.mounting import api
from linli.services.cases.desk_forms import BULK_STEPS, FORMS
from linli.services.cases.portal_forms import STEP_FORMS

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
READING = ("case", "case_timeline", "case_spans", "case_steps")
FILING = ("filing_fields", "file_demand", "upload_file")
REFORM = (
    "administered_reform",
    "confirm_administered_reform",
    "preview_administered_reform_again",
    "discard_administered_reform",
)
IMPORT = ("case_import", "map_case_import", "confirm_case_import", "discard_case_import")

# The address of a page, and the operations that do what it does.
OPERATIONS: dict[str, tuple[str, ...]] = {
    # demands
    "inbox": ("cases",),
    "desk_case": READING,
    "desk_case_step": ("case_step", *FORMS),
    "bulk_cases": tuple(BULK_STEPS),
    "unmask_filer": ("unmask_filer",),
    "receive_at_counter": ("counter_fields", "take_demand_down"),
    "earlier_cases": ("earlier_cases",),
    "difficulties": ("difficulty_tickets", "report_community_difficulty"),
    "case_imports": ("case_imports", "upload_case_import"),
    "case_import": IMPORT,
    "file_case": FILING,
    "file_where": FILING,
    "file_contact": FILING,
    "file_review": FILING,
    "filed": ("file_demand",),
    "filed_receipt": ("file_demand",),
    "counter_slip": ("take_demand_down",),
    "file_emergency": ("file_demand",),
    "look_up_case": ("look_up_case",),
    "public_cases": ("published_cases",),
    "public_case": ("published_case",),
    "home": ("published_cases",),
    "my_matters": ("cases",),
    "my_case": READING,
    "my_case_step": ("case_step", *STEP_FORMS),
    "matter_file": ("case_file",),
    # the board
    "board": ("figures", "hot_topics"),
    "board_rows": ("figures_rows",),
    "board_points": ("figures",),
    "board_hot_topic": ("hot_topic_rows",),
    "briefing": ("figures", "hot_topics"),
    # everybody's
    "territory": ("territory", "territory_changes"),
    "territory_outlines": ("territory_outlines",),
    "rates": ("rates",),
    "rates_of": ("rates",),
    "check_receipt": ("check_receipt",),
    # one's own account
    "notices": ("my_notices",),
    "my_notices": ("my_notices",),
    "read_notices": ("read_my_notices",),
    "read_my_notices": ("read_my_notices",),
    "my_profile": ("my_profile", "change_my_profile"),
    "my_data": ("my_data",),
    "my_data_copy": ("my_data_copy",),
    "my_consents": ("my_consents",),
    "give_my_consent": ("give_my_consent",),
    "withdraw_my_consent": ("withdraw_my_consent",),
    # administration
    "administered_offices": ("administered_offices",),
    "administered_accounts": ("administered_accounts",),
    "administered_account": ("administered_account",),
    "suspend_account": ("suspend_account",),
    "readmit_account": ("readmit_account",),
    "end_account_sessions": ("end_account_sessions",),
    "reset_second_factor": ("reset_second_factor",),
    "link_sign_on": ("link_sign_on",),
    "administered_retention": ("administered_retention",),
    "administered_assessments": ("administered_assessments",),
    "administered_assessment": ("administered_assessment", "enter_administered_assessment"),
    "administered_reforms": ("administered_reforms", "past_administered_reforms", "upload_administered_reform"),
    "administered_reform": REFORM,
    "administration_log": ("administration_log",),
    "export_log": ("export_log",),
}


def without_operation() -> set[str]:
    """The pages that docs/api.md names under "What stays in the browser": every name in the first column."""
    section = DOCUMENT.read_text().partition("## What stays in the browser")[2].partition("\n## ")[0]
    rows = [line.split("|") for line in section.splitlines() if line.startswith("| `")]
    assert all(row[2].strip() for row in rows), "a reason is missing"
    return {name for row in rows for name in re.findall(r"`(\w+)`", row[1])}


def pages(resolver: Any = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from pages(each, route)
        elif not route.startswith("api/"):
            yield route, each


def operations() -> set[str]:
    document = api.get_openapi_schema()
    return {operation["operationId"] for methods in document["paths"].values() for operation in methods.values()}


def test_every_page_has_an_operation_or_a_reason_why_not() -> None:
    there = {str(pattern.name) for _, pattern in pages()}
    stays = without_operation()
    assert there - set(OPERATIONS) - stays == set(), "give it an operation, or docs/api.md the reason why not"
    assert (set(OPERATIONS) | stays) - there == set(), "no such page"
    assert not set(OPERATIONS) & stays


def test_every_operation_that_is_named_is_mounted() -> None:
    named = {name for names in OPERATIONS.values() for name in names}
    assert named - operations() == set()


def test_no_operation_raises_the_rights_of_a_token() -> None:
    """Signing in, passwords, second factors, tokens and one's own sessions are for the owner in a browser."""
    forbidden = re.compile(r"password|sign_in|sign_out|register|second_factor|token|my_sessions|my_phone|close_my")
    assert {name for name in operations() if forbidden.search(name)} == {"reset_second_factor"}


def test_the_document_names_every_operation_of_administration_and_of_ones_own_account() -> None:
    text = DOCUMENT.read_text()
    paths = [path.removeprefix("/api/v1") for path in api.get_openapi_schema()["paths"]]
    assert [path for path in paths if path.startswith(("/administration", "/own")) and f"{path}`" not in text] == []
