"""The gate before sending: free for a few, then a plain question instead of a picture puzzle, then the telephone."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.ground.people.memory import forget, recall, remember
from linli.ground.people.throttle import count, note, visitor_address

FILING, WRONG_ANSWERS = "file_case", "filing_question"
FREE_IN_AN_HOUR, MOST_IN_A_DAY, MOST_WRONG_ANSWERS = 5, 30, 10
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUESTION = "filing_question"
NUMBERS = [
    gettext_lazy("一"),
    gettext_lazy("二"),
    gettext_lazy("三"),
    gettext_lazy("四"),
    gettext_lazy("五"),
    gettext_lazy("六"),
    gettext_lazy("七"),
    gettext_lazy("八"),
    gettext_lazy("九"),
]
FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


class Gate(StrEnum):
    """How the gate stands for an address."""

    OPEN = "open"
    QUESTION = "question"
    CLOSED = "closed"


@dataclass(frozen=True)
class Question:
    """A plain question; its answer stays on the server."""

    text: str
    answer: int


def gate_for(address: str, now: datetime) -> Gate:
    """Whether this address may send now, after a question, or not today."""
    if count(FILING, address, DAY, now) >= MOST_IN_A_DAY:
        return Gate.CLOSED
    if count(WRONG_ANSWERS, address, HOUR, now) >= MOST_WRONG_ANSWERS:
        return Gate.CLOSED
    return Gate.OPEN if count(FILING, address, HOUR, now) < FREE_IN_AN_HOUR else Gate.QUESTION


def passed(address: str, now: datetime) -> None:
    """Note one demand sent."""
    note(FILING, address, now)


def question(request: HttpRequest) -> Question:
    """The question put to this visitor, the same until it is answered."""
    kept = recall(request, QUESTION)
    if not kept:
        kept = {"a": secrets.randbelow(9) + 1, "b": secrets.randbelow(9) + 1}
        remember(request, QUESTION, kept)
    first, second = int(kept["a"]), int(kept["b"])
    words = {"first": NUMBERS[first - 1], "second": NUMBERS[second - 1]}
    return Question(_("请把 %(first)s 和 %(second)s 加起来，用数字写出结果") % words, first + second)


def answered(request: HttpRequest, given: str, address: str, now: datetime) -> bool:
    """Whether the answer is right. Right or wrong, the next question is another one."""
    right = given.strip().translate(FULL_WIDTH) == str(question(request).answer)
    forget(request, QUESTION)
    if not right:
        note(WRONG_ANSWERS, address, now)
    return right


def address_of(request: HttpRequest) -> str:
    """The network address that the limits count by."""
    return visitor_address(request, settings.TRUSTED_PROXIES)
