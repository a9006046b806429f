"""Numbers that identify a resident, an organization or a telephone, and their masked display.

Faults are short codes; the page turns them into words. A number is judged in its canonical form, which
`canonical_code` gives: half-width, upper-case, without spaces.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import StrEnum, auto

DIGITS = frozenset("0123456789")

RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_CHECKS = "10X98765432"

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

# Without a sign the country prefix shows in the length: no domestic number as long starts with 86.
COUNTRY_PREFIX = re.compile(r"\+86|0086|86(?=.{10,12}$)")
MOBILE = re.compile(r"1[3-9][0-9]{9}")
LANDLINE = re.compile(r"(010|02[0-9])([2-8][0-9]{7})|(0[3-9][0-9]{2})([2-8][0-9]{6,7})")
SEPARATORS = re.compile(r"[\s()\-\u2010-\u2015\u2212]+")

CHINESE_NAME = re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]+")
COMPOUND_SURNAME = re.compile(
    "欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|司徒|司空|长孙|宇文|轩辕|南宫|西门|独孤|端木|东方|"
    "东郭|百里|呼延|赫连|澹台|公冶|宗政|濮阳|淳于|单于|太叔|申屠|仲孙|钟离|鲜于|闾丘|拓跋|谷梁|公羊|左丘|"
    "梁丘|第五|万俟|闻人|贺兰|纳兰|完颜|耶律|叶赫|那拉"
)


class Sex(StrEnum):
    """Sex as recorded in the resident number."""

    MALE = auto()
    FEMALE = auto()


def canonical_code(text: str) -> str:
    """A typed code in the form in which it is judged and stored: half-width, upper-case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def resident_number_fault(text: str) -> str | None:
    """What is wrong with a citizen identity number (公民身份号码), or nothing.

    Neither the area nor the age is judged: areas are renumbered, and the reader of the clock compares
    `birth_date_of` with its own day.

    Returns:
        "length", "alphabet", "date" or "check"; None for a valid number of 18 characters.

    Source:
        GB 11643-1999; 11010519491231002X is valid.
    """
    if len(text) != 18:
        return "length"
    if not DIGITS.issuperset(text[:17]) or text[17] not in RESIDENT_CHECKS:
        return "alphabet"
    try:
        _birth_date(text)
    except ValueError:
        return "date"
    weighted = sum(weight * int(digit) for weight, digit in zip(RESIDENT_WEIGHTS, text[:17], strict=True))
    return None if text[17] == RESIDENT_CHECKS[weighted % 11] else "check"


def is_resident_number(text: str) -> bool:
    """Whether the text is a valid citizen identity number in canonical form."""
    return resident_number_fault(text) is None


def birth_date_of(number: str) -> date:
    """Date of birth in a citizen identity number.

    Raises:
        ValueError: the number is not valid; the message is its fault and never repeats the number.
    """
    return _birth_date(_valid_resident_number(number))


def sex_of(number: str) -> Sex:
    """Sex in a citizen identity number: digit 17 is odd for men and even for women.

    Raises:
        ValueError: the number is not valid; the message is its fault and never repeats the number.
    """
    return Sex.MALE if int(_valid_resident_number(number)[16]) % 2 else Sex.FEMALE


def uscc_fault(text: str) -> str | None:
    """What is wrong with a unified social credit code (统一社会信用代码), or nothing.

    The prefix is not judged: which registrar issues which is settled outside the standard.

    Returns:
        "length", "alphabet" or "check"; None for a valid code of 18 characters.

    Source:
        GB 32100-2015; 91110000600037341L is valid.
    """
    if len(text) != 18:
        return "length"
    if not frozenset(USCC_ALPHABET).issuperset(text):
        return "alphabet"
    return None if text == with_check_digit(text[:17]) else "check"


def with_check_digit(first: str) -> str:
    """The unified social credit code whose first 17 characters are given (GB 32100-2015)."""
    weighted = sum(weight * USCC_ALPHABET.index(sign) for weight, sign in zip(USCC_WEIGHTS, first, strict=True))
    return first + USCC_ALPHABET[-weighted % 31]


def normalize_phone(text: str) -> str | None:
    """A mainland telephone number in one form, so that two ways of writing it are found equal.

    Country prefix, spaces, brackets and dashes are tolerated, and so is a missing trunk zero after the
    country prefix.

    Returns:
        "13812345678" for a mobile, "025-84401234" for a landline with its area code; None for anything else,
        also for a landline without area code.
    """
    written = SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    bare = COUNTRY_PREFIX.sub("", written, count=1) if COUNTRY_PREFIX.match(written) else written
    if MOBILE.fullmatch(bare):
        return bare
    if bare != written and not bare.startswith("0"):
        bare = "0" + bare
    landline = LANDLINE.fullmatch(bare)
    if landline is None:
        return None
    return "-".join(part for part in landline.groups() if part)


def mask_phone(text: str) -> str:
    """A telephone number for display: "138****5678", "025-****1234"; all stars if it is no such number."""
    phone = normalize_phone(text)
    if phone is None:
        return "*" * len(text)
    head = phone[: phone.index("-") + 1] if "-" in phone else phone[:3]
    return head + "*" * (len(phone) - len(head) - 4) + phone[-4:]


def mask_resident_number(text: str) -> str:
    """A citizen identity number for display, the first three and last two kept: "110*************2X".

    Anything of another length is all stars: what was typed in its place may be just as personal.
    """
    number = canonical_code(text)
    if len(number) != 18:
        return "*" * len(text)
    return number[:3] + "*" * 13 + number[-2:]


def mask_name(name: str) -> str:
    """A person's name for display: "王**", "欧阳**".

    A compound surname is kept whole if a given name follows it. Of a name not written in Chinese characters
    alone, only the first letter stays.
    """
    name = name.strip()
    if len(name) < 2:
        return "*" * len(name)
    if not CHINESE_NAME.fullmatch(name):
        return name[0] + "**"
    kept = 2 if len(name) > 2 and COMPOUND_SURNAME.match(name) else 1
    return name[:kept] + "*" * (len(name) - kept)


def _birth_date(number: str) -> date:
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def _valid_resident_number(number: str) -> str:
    fault = resident_number_fault(number)
    if fault is not None:
        raise ValueError(f"not a citizen identity number: {fault}")
    return number
