"""A lean client: one open connection, requests made beforehand, answers read and counted."""

import http.client
import re
import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Unanswered(Exception):
    """The server did not answer as it should."""


@dataclass(frozen=True)
class Request:
    """A request as it goes over the wire."""

    address: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def wire(self, port: int) -> bytes:
        """All bytes of it."""
        headers = {"Host": f"127.0.0.1:{port}", "Accept-Language": "zh-CN,zh", **self.headers}
        if self.body:
            headers["Content-Length"] = str(len(self.body))
        lines = [f"{self.method} {self.address} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


class Connection:
    """A connection that stays open."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, wire: bytes) -> tuple[int, bytes]:
        """Send a request; the status and the body of the answer."""
        self._socket.sendall(wire)
        head, found = b"", -1
        while found < 0:
            head += self._received()
            found = head.find(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head[:found].lower())
        if length is None:
            raise Unanswered(head[:200])
        body, wanted = head[found + 4 :], int(length[1])
        while len(body) < wanted:
            body += self._received()
        return int(head[9:12]), body

    def took(self, wire: bytes, status: int) -> float:
        """How many seconds an answer with this status took.

        Raises:
            Unanswered: it had another one.
        """
        began = time.perf_counter()
        got, body = self.ask(wire)
        spent = time.perf_counter() - began
        if got != status:
            raise Unanswered(f"{wire.splitlines()[0]!r}: {got} {body[:400]!r}")
        return spent

    def close(self) -> None:
        """End it."""
        self._socket.close()

    def _received(self) -> bytes:
        part = self._socket.recv(262_144)
        if not part:
            raise Unanswered("the server closed the connection")
        return part


class Visitor:
    """Somebody with a browser's cookies, who signs in as everybody does."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.cookies: dict[str, str] = {}

    def get(self, address: str) -> str:
        """A page."""
        status, body = self._ask("GET", address)
        if status != http.client.OK:
            raise Unanswered(f"{address}: {status}")
        return body

    def sign_in(self, login: str, password: str) -> None:
        """Sign in with a password."""
        token = CSRF.search(self.get("/sign-in/"))
        form = {"csrfmiddlewaretoken": token[1] if token else "", "login": login, "password": password}
        status, body = self._ask("POST", "/sign-in/", urlencode(form))
        if status != http.client.FOUND:
            raise Unanswered(f"{login} cannot sign in: {status} {body[:200]}")

    @property
    def cookie(self) -> str:
        """What the browser sends along."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _ask(self, method: str, address: str, body: str | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, address, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        self._keep(answer.headers.get_all("Set-Cookie") or ())
        connection.close()
        return answer.status, text

    def _keep(self, cookies: Iterable[str]) -> None:
        for each in cookies:
            name, _, value = each.split(";", 1)[0].partition("=")
            self.cookies[name] = value
