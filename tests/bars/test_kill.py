"""Bar: all processes are killed again and again during 1,000 filings; every receipt in a filer's hand verifies."""

import re
import threading
import time
from collections.abc import Callable
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

from tests.bars.conftest import Installation

FILINGS, CLIENTS, KILLS = 1000, 4, 4
RECEIPT = re.compile(r'class="slip-receipt"><span>[^<]*</span><code>([A-Za-z0-9_-]+)</code>')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Clerk:
    """A clerk at the counter who takes one demand down after another."""

    def __init__(self, installation: Installation, login: str, password: str) -> None:
        self.base = installation.address
        self.login, self.password = login, password
        self.opener: OpenerDirector | None = None

    def sign_in(self) -> OpenerDirector:
        opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.post(opener, "/sign-in/", {"login": self.login, "password": self.password})
        return opener

    def post(self, opener: OpenerDirector, path: str, fields: dict[str, str]) -> str:
        page = opener.open(self.base + path, timeout=30).read().decode()
        token = TOKEN.search(page)
        assert token, page[:500]
        body = urlencode(fields | {"csrfmiddlewaretoken": token.group(1)}).encode()
        request = Request(self.base + path, body, {"Referer": self.base + path})
        answer: str = opener.open(request, timeout=30).read().decode()
        return answer

    def file(self, number: int) -> str:
        """One demand; its receipt."""
        self.opener = self.opener or self.sign_in()
        title = f"第{number}件"
        page = self.post(self.opener, "/desk/file/", {"channel": "counter", "title": title, "text": f"{title}的内容"})
        receipt = RECEIPT.search(page)
        assert receipt, page[-2000:]
        return receipt.group(1)


def in_threads(work: Callable[[int], None], count: int) -> list[threading.Thread]:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    return threads


@pytest.mark.bar
def test_receipts_survive_kills(installation: Installation) -> None:
    founded: dict[str, Any] = installation.run("init")
    login = next(each["login"] for each in founded["logins"] if each["role"] == "window_clerk")
    installation.start()
    receipts: list[str] = []
    lock, numbers = threading.Lock(), iter(range(FILINGS * 10))

    def work(_: int) -> None:
        clerk = Clerk(installation, login, founded["password"])
        while len(receipts) < FILINGS:
            try:
                receipt = clerk.file(next(numbers))
            except (OSError, HTTPException):  # also an answer cut off in the middle
                clerk.opener = None
                time.sleep(0.2)
                continue
            with lock:
                receipts.append(receipt)

    began = time.monotonic()
    threads = in_threads(work, CLIENTS)
    for kill in range(1, KILLS + 1):
        while len(receipts) < FILINGS * kill // (KILLS + 1):
            time.sleep(0.05)
        installation.kill()
        installation.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - began
    installation.kill()
    installation.run("record", "seal")
    assert installation.run("record", "verify")["whole"]
    failed = installation.unproven(receipts)
    print(f"\n{len(receipts)} receipts, {KILLS} kills, {seconds:.1f} s, {len(failed)} do not verify")
    assert len(receipts) >= FILINGS
    assert len(set(receipts)) == len(receipts)
    assert not failed
