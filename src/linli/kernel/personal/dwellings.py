"""Exact dwellings: building with unit, floor or room, a room alone, the number at a street's door.

A building alone is a public sight and stays, unless somebody lives there (家住3栋). A dwelling found is
stretched to the left over the name of its street or estate, which masking keeps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from linli.kernel.personal.dwelling_forms import (
    BEFORE_HYPHENED,
    DATE_AFTER,
    DAY,
    DOOR,
    ESTATE_END,
    ESTATE_STOPS,
    FLOOR_HOME,
    HOME,
    HOUSE_ROOM,
    HOUSE_UNIT,
    HYPHENED,
    IN_BUILDING,
    IN_UNIT,
    LANE_DOOR,
    LI_NOT_STREET,
    NEIGHBOUR_ROOM,
    OFFICE,
    ROOM_ALONE,
    ROOM_OWNER,
    SHORT_HYPHENED,
    STREET_SIGNS,
    VILLAGE_DOOR,
    WEAK_STREET,
    YEAR,
)
from linli.kernel.personal.findings import Finding, Kind
from linli.kernel.personal.letterforms import half_width
from linli.kernel.personal.words import Words

ESTATE_LONGEST = 18
HAN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+")
NOT_PLACES = frozenset(("p", "c", "uj", "ul", "r", "d"))
PLACES = frozenset(("ns", "nz", "nt"))
"""Parts of speech, as the dictionary calls them."""


def find_dwellings(text: str, words: Words, held: list[Finding]) -> list[Finding]:
    """Dwellings in the text; their stretch to the left stops at what is held already."""
    plain = half_width(text)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(_cores(plain)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    findings: list[Finding] = []
    floor = 0
    for core, end in merged:
        ends_before = [other.end for other in held if other.end <= core]
        start = _stretched(plain, words, core, max([floor, *ends_before]))
        if findings and findings[-1].end >= start:
            start = findings.pop().start
        findings.append(Finding(start, end, Kind.ADDRESS))
        floor = end
    return findings


def _cores(plain: str) -> Iterator[tuple[int, int]]:
    for pattern in (IN_BUILDING, IN_UNIT, HYPHENED, LANE_DOOR, VILLAGE_DOOR):
        for match in pattern.finditer(plain):
            if not DAY.search(plain, max(0, match.start() - 3), match.start()):
                yield match.span()
    for pattern in (HOUSE_ROOM, HOUSE_UNIT):
        yield from (match.span() for match in pattern.finditer(plain))
    for pattern in (NEIGHBOUR_ROOM, ROOM_OWNER, HOME, FLOOR_HOME):
        yield from (match.span(1) for match in pattern.finditer(plain))
    yield from (match.span() for match in DOOR.finditer(plain) if _is_door(plain, match))
    yield from _short_forms(plain)


def _short_forms(plain: str) -> Iterator[tuple[int, int]]:
    """501室 and 3-501: only where the text before does not speak of something else."""
    for match in ROOM_ALONE.finditer(plain):
        # A room of an office is where one goes, not where one lives.
        if not OFFICE.search(plain, max(0, match.start() - 12), match.start()):
            yield match.span()
    for match in SHORT_HYPHENED.finditer(plain):
        if match[1] is not None or plain[match.start() - 1 : match.start()] in BEFORE_HYPHENED:
            yield match.span()


def _is_door(plain: str, match: re.Match[str]) -> bool:
    """A number at a door; not a day of the month after a village or estate, and not a bus line."""
    street = plain[match.start() : match.start(1)].strip()
    before = plain[match.start() - 1]
    weak = street[-1] in WEAK_STREET
    if before.isdigit() or YEAR.match(match[1]):
        return False
    if (street[0] == "里" and before in LI_NOT_STREET) or (street[0] in "社队" and before in "旅报公合会部军车乐团球"):
        return False
    # 公园一号: an estate that calls itself by a number.
    if weak and not match[1].lstrip("甲乙丙丁 ")[0].isdigit():
        return False
    day = DATE_AFTER.match(plain, match.end())
    return not (day and (weak or day[0].strip() not in ("就", "发", "至", "起", "停")))


def _stretched(plain: str, words: Words, start: int, floor: int) -> int:
    """The start moved left over the name of the street or estate that the dwelling belongs to."""
    reached = start
    while reached > floor and start - reached < ESTATE_LONGEST:
        begin = words.covering[reached - 1]
        word = plain[begin:reached]
        speech = words.speech_at(begin)
        verb = speech == "v" and len(word) > 1 and word[-1] not in ESTATE_END
        if begin < floor or word in ESTATE_STOPS or verb or speech in NOT_PLACES or not HAN.fullmatch(word):
            break
        reached = begin
    if reached == start:
        return start
    # The core of a door number begins inside the street's name; any other core needs a place before it.
    within = plain[start] in STREET_SIGNS
    place = words.speech_at(words.covering[start - 1]) in PLACES
    return reached if within or place or plain[start - 1] in ESTATE_END else start
