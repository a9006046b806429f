"""Runs within an installation: profiles our pages and filing, and says by whom their time is spent."""

import cProfile
import json
import pstats
import re
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.test import Client

ASKED, FILED = 60, 20
KINDS = (
    ("database", re.compile(r"sqlite3\.|psycopg|pq\.|select\.|connection_pool")),
    ("the ORM and statements", re.compile(r"django/db/|ground/record/(prepared|shaped)|psycopg_pool")),
    ("templates and escaping", re.compile(r"jinja2|markupsafe|/templates/|django/template|ground/look")),
    ("words and addresses", re.compile(r"translation|gettext|django/urls|urllib")),
    ("forms and schemas", re.compile(r"django/forms|pydantic|ninja|django/utils/choices|portal_forms|desk_forms")),
    ("framework around the page", re.compile(r"django/|csp|structlog|whitenoise|ipware|asgiref|http|sessions")),
    ("our own rules and reads", re.compile(r"/linli/")),
)


def main() -> None:
    """Read what to ask; print the shares of each kind of work, page by page."""
    asked = json.load(sys.stdin)
    told = [_shares(page["kind"], _page(page)) for page in asked["pages"]]
    told.append(_shares("filing", _filing(asked["tokens"], asked["filing"])))
    print(json.dumps(told))


def _page(page: dict[str, str]) -> Callable[[], None]:
    client = Client(headers={"cookie": page["cookie"], "accept-language": "zh-CN,zh", "host": "127.0.0.1"})

    def ask() -> None:
        for _ in range(ASKED):
            if client.get(page["address"]).status_code != 200:
                raise RuntimeError(page["address"])

    return ask


def _filing(tokens: list[str], body: str) -> Callable[[], None]:
    remaining = iter([token for token in tokens for _ in range(FILED)])

    def ask() -> None:
        for _ in range(FILED):
            client = Client(headers={"authorization": f"Bearer {next(remaining)}", "host": "127.0.0.1"})
            if client.post("/api/v1/cases", body, content_type="application/json").status_code != 201:
                raise RuntimeError("not filed")

    return ask


def _shares(name: str, ask: Callable[[], None]) -> dict[str, Any]:
    """Time of one kind of work over all; what is built in counts with whoever called it."""
    ask()
    profile = cProfile.Profile()
    profile.runcall(ask)
    spent: Counter[str] = Counter()
    stats: Any = pstats.Stats(profile)
    for (file, _, function), (_, _, own, _, callers) in stats.stats.items():
        if file == "~" and not KINDS[0][1].search(function):
            for (caller, _, _), (_, _, through, _) in callers.items():
                spent[_kind(caller)] += through
        else:
            spent[_kind(file if file != "~" else function)] += own
    whole = sum(spent.values())
    return {"name": name, "shares": {kind: time / whole for kind, time in spent.most_common()}}


def _kind(where: str) -> str:
    return next((kind for kind, known in KINDS if known.search(where)), "the rest of Python")
