"""What pages take in a district with ten thousand demands and with a million, asked in turns."""

import json
import statistics
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from random import Random
from urllib.parse import quote

from tools.bench.asking import Connection, Request, Visitor
from tools.bench.homes import OURS, Home, served

LIST, INBOX, CASE, DESK_SEARCH, SEARCH = "public list", "inbox", "case page", "search at the desk", "public search"
BOARD = "board"
MOST_GROWTH, MOST_BOARD = 1.5, 1.0
WORDS = ("路灯", "停车", "噪音", "物业", "电梯", "油烟", "积水", "社保", "垃圾", "公交", "路灯 小区", "停车 消防通道")
ASKED = 60
"""Different addresses of each kind; the same kinds of people and words in both districts."""


@dataclass(frozen=True)
class Growth:
    """The 95th percentile of a page in both districts, in seconds."""

    name: str
    kind: str
    small: float
    large: float
    cases: tuple[int, int]

    @property
    def ratio(self) -> float:
        """How much longer it takes in the large one."""
        return self.large / self.small


@dataclass(frozen=True)
class FirstView:
    """What the board takes to be seen first, at the 95th percentile, in seconds."""

    kind: str
    cases: int
    p95: float


def compare_growth(
    small: Home, large: Home, cases: tuple[int, int], seconds: float, say: Callable[[str], None]
) -> list[Growth]:
    """The growth of each page on one kind of database."""
    with ExitStack() as stack:
        ports = [stack.enter_context(served(each, OURS)) for each in (small, large)]
        wires = [_wires(each, port) for each, port in zip((small, large), ports, strict=True)]
        found = []
        for name in wires[0]:
            p95 = _p95(ports, [each[name] for each in wires], seconds)
            growth = Growth(name, small.kind, *p95, cases)
            say(f"{small.kind} {name}: p95 {p95[0] * 1000:.1f} ms, {p95[1] * 1000:.1f} ms, {growth.ratio:.2f}")
            found.append(growth)
        return found


def first_view(of: Home, cases: int, say: Callable[[str], None]) -> FirstView:
    """The board, asked by people who have not seen it yet, each in a session of their own."""
    password, logins = of.logins()
    spent: list[float] = []
    with served(of, OURS) as port:
        for login in (*logins["supervisor"], *logins["observer"]):
            visitor = Visitor(port)
            visitor.sign_in(login, password)
            wire = Request("/board/", headers={"Cookie": visitor.cookie}).wire(port)
            for _ in range(20):
                connection = Connection(port)
                spent.append(connection.took(wire, 200))
                connection.close()
    found = FirstView(of.kind, cases, percentile(spent))
    say(f"{of.kind} board with {cases} demands: p95 {found.p95 * 1000:.0f} ms")
    return found


def percentile(spent: list[float], share: int = 95) -> float:
    """The 95th percentile, or another one."""
    return statistics.quantiles(spent, n=100, method="inclusive")[share - 1]


def _p95(ports: list[int], wires: list[list[bytes]], seconds: float) -> tuple[float, float]:
    """Ask both in turns, each of them for so many seconds; every address is asked once before it counts."""
    connections = [Connection(port) for port in ports]
    spent: list[list[float]] = [[], []]
    for connection, each in zip(connections, wires, strict=True):
        for wire in each:
            connection.took(wire, 200)
    rounds: list[Iterator[bytes]] = [cycle(each) for each in wires]
    while min(map(sum, spent)) < seconds or min(map(len, spent)) < ASKED:
        for connection, around, known in zip(connections, rounds, spent, strict=True):
            known.append(connection.took(next(around), 200))
    for connection in connections:
        connection.close()
    return percentile(spent[0]), percentile(spent[1])


def _wires(of: Home, port: int) -> dict[str, list[bytes]]:
    """Every request of every kind, as staff and visitors of the district make it."""
    draw = Random(5)  # noqa: S311 -- which addresses are asked, not a secret
    told = json.loads(of.run("people", 1, ASKED))
    password, logins = of.logins()
    visitor = Visitor(port)
    visitor.get("/cases/")
    staff = []
    for login in (*logins["dispatcher"], *logins["clerk"], *logins["supervisor"]):
        clerk = Visitor(port)
        clerk.sign_in(login, password)
        staff.append(clerk.cookie)
    places = [f"&place={code}" for code in told["streets"]]
    district = staff[1]  # who dispatches for the whole district may open every demand

    def wired(addresses: list[tuple[str, str]]) -> list[bytes]:
        return [Request(address, headers={"Cookie": cookie}).wire(port) for address, cookie in addresses]

    lists = [f"/cases/?state={state}{place}" for state in ("closed", "", "replied") for place in ("", *places)]
    inboxes = [f"/desk/{query}" for query in ("", "?reach=all", "?light=red", "?order=received")]
    searches = [quote(word) for word in WORDS]
    return {
        LIST: wired([(draw.choice(lists), visitor.cookie) for _ in range(ASKED)]),
        INBOX: wired([(address, cookie) for address in inboxes for cookie in staff]),
        CASE: wired([(f"/desk/cases/{number}/", district) for number in told["numbers"]]),
        DESK_SEARCH: wired([(f"/desk/?q={word}", cookie) for word in searches for cookie in staff[1:3]]),
        SEARCH: wired([(f"/cases/?q={word}", visitor.cookie) for word in searches]),
    }
