"""The floor program: the same pages and the same filing with the raw driver, a compiled template and a bare WSGI app.

It is what the machine, the server, the database and the template language cost where nothing else is done: no session
is checked, no form is read, no access is asked, no word is translated.
"""

import base64
import json
import os
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any

import psycopg
from jinja2 import Environment, Template

from tools.bench.script import SCRIPT, FilingScript, FloorScript, PageScript, Statement, read_script

DISTRICT_HOURS = timedelta(hours=8)
PAGE_SIZE = 20
PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
    "PRAGMA mmap_size=268435456; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
)
LIGHTS = {
    "green": ("clock", "时间充裕"),
    "yellow": ("hourglass", "快到期"),
    "red": ("alert-triangle", "已超期"),
    "paused": ("player-pause", "暂停计时"),
    "none": ("circle", "不再计时"),
}
WANTED = {
    "public_list": (
        *("published_at", "id", "number", "public_title", "state", "place__name", "holder__name", "opened_at"),
        *("case__rating", "case__appeal"),
    ),
    "inbox": ("due_at", "id", "number", "title", "state", "place__name", "desk__name", "opened_at", "warn_at"),
    "streets": ("code", "name"),
    "places": ("code", "name", "path"),
    "topics": ("pk", "path", "numchild", "name"),
    "states": ("state", "count"),
}
Rows = list[tuple[Any, ...]]
Start = Callable[[str, list[tuple[str, str]]], object]


class Driver:
    """The raw driver, with the settings of an ordinary installation."""

    def __init__(self, script: FloorScript) -> None:
        self.is_sqlite = script.vendor == "sqlite"
        if self.is_sqlite:
            self._connection: Any = sqlite3.connect(script.database, isolation_level=None, timeout=20)
            self._connection.executescript(PRAGMAS)
        else:
            self._connection = psycopg.connect(script.database, autocommit=True)

    def ask(self, statement: Statement) -> Any:
        """Run a statement; its cursor."""
        return self._connection.execute(statement.sql, statement.params)

    def prepared(self, statement: Statement) -> Statement:
        """The statement with the marks that the driver knows."""
        return Statement(statement.sql.replace("%s", "?"), statement.params) if self.is_sqlite else statement

    def begin(self) -> None:
        """Begin to write."""
        self._connection.execute("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")

    def commit(self) -> None:
        """Have it written."""
        self._connection.execute("COMMIT")


class Page:
    """One page: its statements, and the template compiled once."""

    def __init__(self, script: PageScript, whole: FloorScript, driver: Driver) -> None:
        self._driver, self._whole = driver, whole
        self._statements = [driver.prepared(each) for each in script.statements]
        self._picks = [self._pick(script.kind, each) for each in self._statements]
        self._kind = script.kind
        self._template: Template = Environment(autoescape=True, keep_trailing_newline=True).from_string(script.template)
        self._headers = list(script.headers)
        self._first_street = script.first_street

    def _pick(self, kind: str, statement: Statement) -> tuple[str, Callable[[Any], Any]] | None:
        """Under which name the rows of a statement are drawn, and what of them."""
        name = _name_of(kind, statement)
        if not name:
            return None
        columns = [each[0] for each in self._driver.ask(statement).description]
        wanted = WANTED.get("places" if name in {"communities", "streets"} and kind == "inbox" else name)
        return name, itemgetter(*(columns.index(each) for each in wanted)) if wanted else tuple

    def answer(self, start: Start) -> list[bytes]:
        """Run every statement, draw the rows."""
        found: dict[str, Any] = {}
        for statement, pick in zip(self._statements, self._picks, strict=True):
            rows = self._driver.ask(statement).fetchall()
            if pick is not None:
                found[pick[0]] = list(map(pick[1], rows))
        rows = found[self._kind]
        found["after"] = _cursor(rows[PAGE_SIZE - 1]) if len(rows) > PAGE_SIZE else ""
        found[self._kind] = self._lines(rows[:PAGE_SIZE])
        if self._kind == "inbox":
            found |= _choices(found, self._first_street)
        body = self._template.render(found, token=_token).encode()
        start("200 OK", [*self._headers, ("Content-Length", str(len(body)))])
        return [body]

    def _lines(self, rows: Rows) -> Rows:
        words = self._whole.state_words
        if self._kind == "public_list":
            ratings = self._whole.rating_words
            return [
                (number, title, words[state], place, holder, _day(opened), ratings[rating, appeal])
                for _, _, number, title, state, place, holder, opened, rating, appeal in rows
            ]
        now = datetime.now(UTC)
        lines = []
        for due, key, number, title, state, place, desk, opened, warn in rows:
            light = self._light(state, _moment(due), _moment(warn) if warn else None, now)
            ends = _day(_moment(due) - timedelta(microseconds=1))
            lines.append((key, number, title, words[state], place, desk, _day(opened), ends, light, *LIGHTS[light]))
        return lines

    def _light(self, state: str, due: datetime, warn: datetime | None, now: datetime) -> str:
        if state in self._whole.paused:
            return "paused"
        if state in self._whole.resting:
            return "none"
        if now >= due:
            return "red"
        return "yellow" if warn is not None and now >= warn else "green"


class Filing:
    """What filing writes, in one transaction, under keys and a number of its own."""

    def __init__(self, script: FilingScript, driver: Driver) -> None:
        self._driver, self._answer, self._headers = driver, script.answer, list(script.headers)
        self._statements = [(_table_of(each), _columns_of(each), driver.prepared(each)) for each in script.statements]

    def answer(self, start: Start) -> list[bytes]:
        """Write, and answer as we do."""
        number = f"{datetime.now(UTC) + DISTRICT_HOURS:%Y%m%d}{secrets.randbelow(10**8):08d}"
        fresh: dict[tuple[str, str], Any] = {
            ("matters_matter", "number"): number,
            ("record_record", "subject"): number,
            ("record_entry", "salt"): secrets.token_bytes(16),
        }
        self._driver.begin()
        for table, columns, statement in self._statements:
            values = [
                fresh.get((table, column), old) for column, old in zip(columns, statement.params, strict=True)
            ] if columns else statement.params  # fmt: skip
            cursor = self._driver.ask(Statement(statement.sql, tuple(values)))
            if table == "matters_matter":
                fresh["cases_case", "matter_id"] = fresh["record_entry", "matter"] = cursor.fetchone()[0]
            elif table == "record_record":
                record = cursor.fetchone()[0]
                fresh["record_entry", "record_id"] = fresh["record_pending", "record_id"] = record
        self._driver.commit()
        told = self._answer | {"number": number, "record": fresh["record_pending", "record_id"]}
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        start("201 Created", [*self._headers, ("Content-Length", str(len(body)))])
        return [body]


class Floor:
    """The WSGI application."""

    def __init__(self, script: FloorScript) -> None:
        driver = Driver(script)
        self._pages = {address: Page(page, script, driver) for address, page in script.pages.items()}
        self._filing = Filing(script.filing, driver)

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer a request."""
        if environ["REQUEST_METHOD"] == "POST":
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            return self._filing.answer(start)
        query = environ.get("QUERY_STRING", "")
        return self._pages[environ["PATH_INFO"] + (f"?{query}" if query else "")].answer(start)


def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """What granian serves; the floor is laid when the first request comes."""
    return _floor()(environ, start)


_laid: list[Floor] = []


def _floor() -> Floor:
    if not _laid:
        _laid.append(Floor(read_script(Path(os.environ[SCRIPT]))))
    return _laid[0]


def _name_of(kind: str, statement: Statement) -> str:
    """What the template calls the rows of a statement; empty for those that it does not draw."""
    names = {
        "public_list": {"public_title": "public_list", '"level" = ': "streets"},
        "inbox": {
            "due_provisional": "inbox",
            "GROUP BY": "states",
            "catalogue_topic": "topics",
            "notices_notice": "unread",
            '"level" = ': "communities" if "community" in statement.params else "streets",
        },
    }[kind]
    return next((name for mark, name in names.items() if mark in statement.sql), "")


def _choices(found: dict[str, Any], first_street: str) -> dict[str, Any]:
    """The topics with the names above them, the streets with their communities, how many matters there are in all."""
    names: dict[str, str] = {}
    topics = []
    for key, path, children, name in found["topics"]:
        above = names.get(path[:-4])
        names[path] = f"{above} / {name}" if above else name
        if not children:
            topics.append((key, f"{name} — {above}" if above else name))
    below: dict[str, list[tuple[str, str]]] = {}
    for code, name, path in found["communities"]:
        below.setdefault(path[:8], []).append((code, name))
    streets = sorted(found["streets"], key=lambda street: (street[1] != first_street, street[0]))
    return {
        "topics": topics,
        "places": [(code, name, below.get(path, ())) for code, name, path in streets],
        "total": sum(each[1] for each in found["states"]),
        "unread": len(found["unread"]),
    }


def _cursor(row: tuple[Any, ...]) -> str:
    """The address of what comes behind a row, which begins with its moment and its key."""
    raw = json.dumps([_moment(row[0]).isoformat(), row[1]]).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _table_of(statement: Statement) -> str:
    found = re.match(r'(?:INSERT INTO|DELETE FROM|UPDATE) "?(\w+)', statement.sql)
    return found[1] if found else ""


def _columns_of(statement: Statement) -> Sequence[str]:
    """The columns that an INSERT fills, in the order of its parameters."""
    if statement.begins != "INSERT":
        return ()
    return [each.strip().strip('"') for each in statement.sql.split("(", 1)[1].split(")", 1)[0].split(",")]


def _token() -> str:
    return secrets.token_hex(32)


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value).replace(tzinfo=UTC)


def _day(value: Any) -> str:
    return (_moment(value).astimezone(UTC) + DISTRICT_HOURS).strftime("%Y-%m-%d")
