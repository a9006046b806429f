"""Runs within an installation: asks our pages, notes their statements, and writes the script of the floor."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import translation
from psycopg.types.json import Jsonb

from linli.services.cases.feature import CASES
from linli.services.cases.rules.vocabulary import Appeal, Rating, State
from linli.services.cases.wording import rating_words
from tools.bench.cutting import template_of
from tools.bench.script import FilingScript, FloorScript, PageScript, Statement

PICTURES = {
    "new": "circle-dot",
    "moving": "refresh",
    "waiting": "hourglass",
    "done": "circle-check",
    "stopped": "ban",
    "neutral": "circle",
}
FIRST_STREET = re.compile(r'<optgroup label="([^"]+)"')
WRITES = frozenset({"INSERT", "UPDATE", "DELETE"})
OWN_HEADERS = frozenset({"content-length"})


def watched(ask: Callable[[], Any]) -> tuple[Any, tuple[Statement, ...]]:
    """The answer to a request that was asked before, and every statement that it took."""
    found: list[Statement] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        found.append(Statement(sql, tuple(_plain(each) for each in params or ())))
        return execute(sql, params, many, context)

    ask()
    with connection.execute_wrapper(note):
        answer = ask()
    return answer, tuple(found)


def page_script(kind: str, address: str, cookie: str) -> PageScript:
    """The script of one page, as who holds the cookie is shown it."""
    client = Client(headers={"cookie": cookie, "accept-language": "zh-CN,zh", "host": "127.0.0.1"})
    answer, statements = watched(lambda: client.get(address))
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    page = answer.content.decode()
    chosen = re.search(r"place=(\d+)", address)
    first = FIRST_STREET.search(page)
    return PageScript(
        kind=kind,
        statements=statements,
        template=template_of(kind, page, chosen[1] if chosen else ""),
        headers=_headers(answer),
        first_street=first[1] if first else "",
    )


def filing_script(token: str, body: str) -> FilingScript:
    """The script of filing by a token: what it writes, in the order in which it does."""
    client = Client(headers={"authorization": f"Bearer {token}", "accept-language": "zh-CN,zh", "host": "127.0.0.1"})
    answer, statements = watched(lambda: client.post("/api/v1/cases", body, content_type="application/json"))
    if answer.status_code != 201:
        raise RuntimeError(f"{answer.status_code} {answer.content.decode()}")
    writes = tuple(each for each in statements if each.begins in WRITES)
    return FilingScript(writes, json.loads(answer.content), _headers(answer))


def floor_script(pages: Mapping[str, PageScript], filing: FilingScript, database: str) -> FloorScript:
    """Everything together, with the words that our pages take from tables of the program."""
    return FloorScript(
        vendor=connection.vendor,
        database=database,
        pages=dict(pages),
        filing=filing,
        **_words(),
    )


def _words() -> dict[str, Any]:
    with translation.override("zh-hans"):
        states = {str(state): (str(CASES.words(state)), CASES.tones.get(state, "moving")) for state in State}
        ratings = {
            (rating, str(appeal)): str(rating_words(rating, appeal) or "—")
            for rating in (None, *map(int, Rating))
            for appeal in Appeal
        }
    return {
        "state_words": {state: (words, tone, PICTURES[tone]) for state, (words, tone) in states.items()},
        "rating_words": ratings,
        "paused": frozenset(map(str, CASES.paused)),
        "resting": frozenset(map(str, CASES.resting)),
    }


def _plain(value: Any) -> Any:
    """A parameter as the raw driver takes it, without a type of ours."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, memoryview):
        return bytes(value)
    return Jsonb(value.obj) if isinstance(value, Jsonb) else value


def _headers(answer: HttpResponse) -> tuple[tuple[str, str], ...]:
    given = [(name, value) for name, value in answer.items() if name.lower() not in OWN_HEADERS]
    cookies = [("Set-Cookie", morsel.OutputString()) for morsel in answer.cookies.values()]
    return tuple(given + cookies)


def database_address() -> str:
    """Where the raw driver finds the database of this installation."""
    known = settings.DATABASES["default"]
    if connection.vendor == "sqlite":
        return str(known["NAME"])
    address = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    given = {name: value for name, value in address.items() if value} | {"dbname": known["NAME"]}
    options = {name: known["OPTIONS"][name] for name in ("host", "port") if name in known["OPTIONS"]}
    return " ".join(f"{name}={value}" for name, value in (given | options).items())


def capture(asked: Mapping[str, Any]) -> FloorScript:
    """The script for what is asked: pages (`kind`, `address`, `cookie`) and the filing of a token."""
    pages: Iterable[Mapping[str, str]] = asked["pages"]
    scripts = {each["address"]: page_script(each["kind"], each["address"], each["cookie"]) for each in pages}
    return floor_script(scripts, filing_script(asked["token"], asked["filing"]), database_address())


def main(path: str) -> None:
    """Read what is asked, write the script to a file."""
    capture(json.load(sys.stdin)).write(Path(path))
