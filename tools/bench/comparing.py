"""Our pages and our filing against the floor program, in turns, on the same database behind the same server."""

import json
import re
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from tools.bench.asking import Connection, Request, Visitor
from tools.bench.cutting import TOKEN
from tools.bench.homes import FLOOR, OURS, POSTGRESQL, SQLITE, Home, served
from tools.bench.script import SCRIPT

LIST, INBOX, FILING = "public list", "inbox", "filing"
WANTED = {
    (LIST, SQLITE): 0.35,
    (INBOX, SQLITE): 0.35,
    (FILING, SQLITE): 0.15,
    (LIST, POSTGRESQL): 0.45,
    (INBOX, POSTGRESQL): 0.45,
    (FILING, POSTGRESQL): 0.35,
}
SLICE = 0.4
"""Seconds for which one of the two is asked before it is the other's turn."""
FILINGS_OF_ONE = 25
"""A resident may file thirty demands a day; that is no setting, and so there are many residents."""
OWN_WORDS = re.compile(rb'"(number|code|receipt)":"[^"]*"|"record":\d+')
"""What differs between two receipts of the same demand by nature."""
DEMAND = "小区东门外的路灯坏了三天，晚上老人孩子出行看不清路，物业说不归他们管，请派人来修一修。"


class Unequal(AssertionError):
    """The floor program does not answer what we do: then there is nothing to compare."""


@dataclass
class Turn:
    """Requests of one kind for both programs, and what they took.

    Args:
        ours, floor: requests over the wire, again and again from the first.
    """

    name: str
    status: int
    ours: Iterator[bytes]
    floor: Iterator[bytes]
    spent_ours: list[float] = field(default_factory=list)
    spent_floor: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Ratio:
    """How many requests of ours fit into the time of one by the floor program: 1 would be as fast.

    Args:
        ours, floor: seconds that a request took on the average.
    """

    name: str
    kind: str
    ours: float
    floor: float
    requests: int

    @property
    def ratio(self) -> float:
        """Our requests in a second over the floor's."""
        return self.floor / self.ours

    @property
    def wanted(self) -> float:
        """What it shall be at least."""
        return WANTED[self.name, self.kind]


@dataclass(frozen=True)
class Asked:
    """What is asked for: addresses with the cookie that goes along, by kind, and tokens for filing."""

    pages: dict[str, list[tuple[str, str]]]
    tokens: Sequence[str]
    filing: str

    def told(self) -> dict[str, Any]:
        """What the capturing process has to know."""
        kinds = {LIST: "public_list", INBOX: "inbox"}
        pages = [
            {"kind": kinds[name], "address": address, "cookie": cookie}
            for name, asked in self.pages.items()
            for address, cookie in asked
        ]
        return {"pages": pages, "token": self.tokens[0], "filing": self.filing}

    def page(self, address: str, cookie: str) -> Request:
        """The request for a page."""
        return Request(address, headers={"Cookie": cookie})

    def file(self, token: str) -> Request:
        """The request that files a demand."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return Request("/api/v1/cases", "POST", headers, self.filing.encode())


def compare(of: Home, seconds: float, only: Callable[[str], bool], say: Callable[[str], None]) -> list[Ratio]:
    """The ratios of one database."""
    with tempfile.TemporaryDirectory(prefix="linli-bench-floor-") as folder, served(of, OURS) as ours:
        asked = asked_of(of, ours, residents=max(4, int(seconds * 12)))
        script = Path(folder) / "script"
        of.run("capturing", script, asked=asked.told())
        with served(of, FLOOR, **{SCRIPT: str(script)}) as floor:
            assert_equal(asked, ours, floor)
            turns = [turn for turn in _turns(asked, ours, floor) if only(turn.name)]
            ports = (ours, floor)
            return [_measured(turn, ports, of.kind, seconds, say) for turn in turns]


def asked_of(of: Home, port: int, residents: int, streets: int = 3) -> Asked:
    """What is asked: lists of some streets, or of the whole district; the inbox of who dispatches for all of it."""
    told = json.loads(of.run("people", residents))
    password, logins = of.logins()
    visitor = Visitor(port)
    visitor.get("/cases/")
    places = [f"&place={code}" for code in told["streets"][:streets]] or [""]
    clerk = Visitor(port)
    clerk.sign_in(logins["dispatcher"][-1], password)
    place = told["communities"][0]
    filing = {"text": DEMAND, "street": f"{place[:9]}000", "community": place, "visibility": "public"}
    return Asked(
        {
            LIST: [(f"/cases/?state=closed{place}", visitor.cookie) for place in places],
            INBOX: [("/desk/?reach=all", clerk.cookie)],
        },
        told["tokens"],
        json.dumps(filing | {"identity_shown": "yes"}, ensure_ascii=False),
    )


def assert_equal(asked: Asked, ours: int, floor: int, least_rows: int = 20) -> None:
    """Both programs answer the same bytes, but for what is drawn anew for every answer.

    Raises:
        Unequal: they do not, or a page has fewer rows than it should.
    """
    here, there = Connection(ours), Connection(floor)
    for pages in asked.pages.values():
        for address, cookie in pages:
            answers = [
                (status, TOKEN.sub("", body.decode()))
                for connection, port in ((here, ours), (there, floor))
                for status, body in [connection.ask(asked.page(address, cookie).wire(port))]
            ]
            if answers[0] != answers[1] or answers[0][1].count("<tr data-row") < least_rows:
                raise Unequal(f"{address}: {_first_difference(answers[0][1], answers[1][1])}")
    filed = [
        (status, OWN_WORDS.sub(b"", body))
        for connection, port in ((here, ours), (there, floor))
        for status, body in [connection.ask(asked.file(asked.tokens[0]).wire(port))]
    ]
    if filed[0] != filed[1]:
        raise Unequal(f"filing: {filed}")


def _first_difference(ours: str, floor: str) -> str:
    at = next((at for at, pair in enumerate(zip(ours, floor, strict=False)) if pair[0] != pair[1]), len(ours))
    return f"{ours[max(0, at - 120) : at + 120]!r} is not {floor[max(0, at - 120) : at + 120]!r}"


def _turns(asked: Asked, ours: int, floor: int) -> Iterator[Turn]:
    for name, pages in asked.pages.items():
        requests = [asked.page(address, cookie) for address, cookie in pages]
        here, there = (cycle([each.wire(port) for each in requests]) for port in (ours, floor))
        yield Turn(name, 200, here, there)
    tokens = [token for token in asked.tokens[1:] for _ in range(FILINGS_OF_ONE)]
    wires_of_ours = iter([asked.file(token).wire(ours) for token in tokens])
    yield Turn(FILING, 201, wires_of_ours, cycle([asked.file(asked.tokens[0]).wire(floor)]))


def _measured(turn: Turn, ports: tuple[int, int], kind: str, seconds: float, say: Callable[[str], None]) -> Ratio:
    """Ask ours and the floor in turns, for so many seconds each; what is asked first warms them up."""
    here, there = Connection(ports[0]), Connection(ports[1])
    sides = ((here, turn.ours, turn.spent_ours), (there, turn.floor, turn.spent_floor))
    for connection, wires, _ in sides:
        for _ in range(5):
            connection.took(next(wires), turn.status)
    is_over = False
    while not is_over and sum(turn.spent_ours) < seconds:
        for connection, wires, spent in sides:
            until = sum(spent) + SLICE
            total = until - SLICE
            while total < until:
                wire = next(wires, None)
                if wire is None:
                    is_over = True
                    break
                took = connection.took(wire, turn.status)
                spent.append(took)
                total += took
    here.close()
    there.close()
    found = Ratio(
        turn.name, kind, statistics.mean(turn.spent_ours), statistics.mean(turn.spent_floor), len(turn.spent_ours)
    )
    say(
        f"{kind} {turn.name}: {1 / found.ours:.0f}/s against {1 / found.floor:.0f}/s of the floor, {found.ratio:.2f} "
        f"(wanted {found.wanted:.2f})"
    )
    return found
