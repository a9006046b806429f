"""A script written into every free text that a form takes, and looked for on the pages that show it."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from linli.ground.matters.models import Matter
from tests.stage import API, Row, Stage
from tests.test_access_table import table
from tests.world import World

SCRIPT = "\"><script>x()</script>'"
ESCAPED = "&lt;script&gt;x()"
READERS = {
    "desk_case": ("clerk_holder", "dispatcher_own", "supervisor_own"),
    "my_case": ("resident_filer",),
    "public_case": ("visitor",),
}
LISTS = {
    "inbox": "dispatcher_own",
    "my_matters": "resident_filer",
    "my_profile": "resident_filer",
    "own_tokens_page": "resident_filer",
    "public_cases": "visitor",
    "administered_accounts": "system_administrator",
    "administration_log": "audit_administrator",
}


def stored_scripts(world: World) -> bool:
    """Whether any page shows the script as one. That the texts are shown at all is asserted."""
    stage = Stage(world)
    shown = 0
    for row in table():
        writers = [kind for kind, answer in row.cells.items() if answer.endswith("*")]
        if row.method != "POST" or row.url_name.startswith(API) or not writers:
            continue
        form = {name: SCRIPT if is_free(value) else value for name, value in stage.form(row).items()}
        if SCRIPT not in form.values():
            continue
        with transaction.atomic():
            answer = ask(stage, writers[0], stage.address(row, writers[0]), form)
            pages = list(pages_after(stage, row)) if answer.status_code == 302 else [answer.content.decode()]
            transaction.set_rollback(True)
        if any(SCRIPT in page or "<script>x()" in page for page in pages):
            return True
        shown += any(ESCAPED in page for page in pages)
    assert shown > 40, f"the script was shown as text after {shown} forms"
    return False


def is_free(value: Any) -> bool:
    """Words of a person, not a choice, a number or an id."""
    return isinstance(value, str) and not value.isascii()


def pages_after(stage: Stage, row: Row) -> Iterator[str]:
    if row.state:
        number = Matter.objects.values_list("number", flat=True).get(pk=stage.positions[row.state])
        addresses = [
            (kind, reverse(name, kwargs={"number": number})) for name, kinds in READERS.items() for kind in kinds
        ]
    else:
        addresses = [(kind, reverse(name)) for name, kind in LISTS.items()]
    for kind, address in addresses:
        yield ask(stage, kind, address).content.decode()


def ask(stage: Stage, kind: str, address: str, form: dict[str, Any] | None = None) -> Any:
    client = stage.client
    client.cookies.clear()
    if stage.sessions[kind]:
        client.cookies[settings.SESSION_COOKIE_NAME] = stage.sessions[kind]
    return client.get(address) if form is None else client.post(address, form)
