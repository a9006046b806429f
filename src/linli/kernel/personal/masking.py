"""The readable mask of each kind of detail.

A mask keeps what a reader needs to follow the matter and no more: the surname (王建国 and 王阿姨 both become
王某) with the post if one was named (王某主任), the street or estate without its numbers, a word in place of every
telephone, document, card or plate number. The text stays one sentence; who exactly is meant no longer shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from linli.kernel.personal.findings import Finding, Kind
from linli.kernel.personal.letterforms import half_width
from linli.kernel.personal.lexicon import lexicon

HIDDEN_NUMBER = "※"

_CHINESE_NUMBER = "零〇一二三四五六七八九十百两"
_DWELLING_NUMBER = re.compile(
    rf"[A-Za-z]?\d+[A-Za-z]?(?:\s?[\-—之]\s?[A-Za-z]?\d+)*|[A-Za-z](?=座|栋|幢|单元)|"
    rf"[{_CHINESE_NUMBER}]+(?=号|栋|幢|座|单元|楼|层|室|门|组|队)|(?<=[元层楼])[{_CHINESE_NUMBER}]+$"
)


def mask(text: str, findings: Iterable[Finding]) -> str:
    """The text with every finding replaced by the mask of its kind."""
    parts: list[str] = []
    done = 0
    for finding in sorted(findings):
        if finding.start < done:
            raise ValueError("findings overlap")
        parts.append(text[done : finding.start])
        parts.append(_masked(text[finding.start : finding.end], finding.kind))
        done = finding.end
    parts.append(text[done:])
    return "".join(parts)


# Numbers say nothing to the public, so no digit of them stays.
_WORDS = {
    Kind.PHONE: "〔电话〕",
    Kind.RESIDENT_NUMBER: "〔证件号〕",
    Kind.BANK_CARD: "〔卡号〕",
    Kind.PLATE: "〔车牌〕",
    Kind.EMAIL: "〔邮箱〕",
    Kind.ACCOUNT: "〔账号〕",
}


def _masked(detail: str, kind: Kind) -> str:
    match kind:
        case Kind.NAME:
            return _masked_name(detail)
        case Kind.ADDRESS:
            return _masked_dwelling(detail)
        case _:
            return _WORDS[kind]


def _masked_name(name: str) -> str:
    known = lexicon()
    if name.startswith("姓"):
        return "姓某"
    title = next((name[at:] for at in range(1, len(name)) if name[at:] in known.post_titles), "")
    if len(name) > 1 and name[0] in "老小" and name[1] in known.surnames:
        name = name[1:]
    surname = name[:2] if name[:2] in known.compound_surnames else name[:1]
    return surname + "某" + ("" if title.startswith("姓") else title)


def _masked_dwelling(dwelling: str) -> str:
    return _DWELLING_NUMBER.sub(HIDDEN_NUMBER, half_width(dwelling))
