"""Identity numbers: published examples, every single-digit error, and masked display."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.identity import (
    RESIDENT_CHECKS,
    USCC_ALPHABET,
    Sex,
    birth_date_of,
    canonical_code,
    is_resident_number,
    mask_name,
    mask_phone,
    mask_resident_number,
    normalize_phone,
    resident_number_fault,
    sex_of,
    uscc_fault,
)

RESIDENT = "11010519491231002X"
USCC = "91110000600037341L"


@st.composite
def resident_numbers(draw: st.DrawFn) -> str:
    area = draw(st.integers(100000, 999999))
    born = draw(st.dates(date(1900, 1, 1), date(2026, 12, 31)))
    body = f"{area}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return next(body + check for check in RESIDENT_CHECKS if is_resident_number(body + check))


@st.composite
def usccs(draw: st.DrawFn) -> str:
    body = draw(st.text(USCC_ALPHABET, min_size=17, max_size=17))
    return next(body + check for check in USCC_ALPHABET if uscc_fault(body + check) is None)


def test_the_published_resident_number() -> None:
    assert resident_number_fault(RESIDENT) is None
    assert birth_date_of(RESIDENT) == date(1949, 12, 31)
    assert sex_of(RESIDENT) is Sex.FEMALE


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "length"),
        ("110105491231002", "length"),
        (RESIDENT + "1", "length"),
        ("11010519491231002x", "alphabet"),
        ("1101051949123100X2", "alphabet"),
        ("１1010519491231002X", "alphabet"),  # a full-width digit
        ("11010519490229002X", "date"),
        ("11010519491331002X", "date"),
        ("11010500001231002X", "date"),
        ("110105194912310020", "check"),
    ],
)
def test_a_faulty_resident_number(text: str, fault: str) -> None:
    assert resident_number_fault(text) == fault
    assert not is_resident_number(text)
    for read in (birth_date_of, sex_of):
        with pytest.raises(ValueError, match=fault) as refusal:
            read(text)
        assert not text or text not in str(refusal.value)


@given(resident_numbers())
def test_area_and_sex_of_any_resident_number(number: str) -> None:
    assert is_resident_number(number)
    assert f"{birth_date_of(number):%Y%m%d}" == number[6:14]
    assert (sex_of(number) is Sex.MALE) == (number[16] in "13579")


@given(resident_numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_altered_digit_of_a_resident_number_is_refused(number: str, place: int, digit: str) -> None:
    altered = number[:place] + digit + number[place + 1 :]
    assert is_resident_number(altered) == (altered == number)


def test_the_published_credit_code() -> None:
    assert uscc_fault(USCC) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (USCC[:17], "length"),
        (USCC.lower(), "alphabet"),
        ("91110000600037341I", "alphabet"),
        ("O1110000600037341L", "alphabet"),
        ("91110000600037341M", "check"),
        ("51110000600037341L", "check"),
    ],
)
def test_a_faulty_credit_code(text: str, fault: str) -> None:
    assert uscc_fault(text) == fault


@given(usccs(), st.integers(0, 17), st.sampled_from(USCC_ALPHABET + "IOSVZ"))
def test_any_altered_character_of_a_credit_code_is_refused(code: str, place: int, character: str) -> None:
    altered = code[:place] + character + code[place + 1 :]
    assert (uscc_fault(altered) is None) == (altered == code)


def test_a_typed_code_is_brought_to_its_canonical_form() -> None:
    assert canonical_code(" 110105 19491231 002ｘ\n") == RESIDENT  # a full-width letter


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13812345678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("86 138 1234 5678", "13812345678"),
        ("＋86－138－1234－5678", "13812345678"),  # typed full-width
        ("１９９１２３４５６７８", "19912345678"),  # typed full-width
        ("025-84401234", "025-84401234"),
        ("02584401234", "025-84401234"),
        ("(025) 8440 1234", "025-84401234"),
        ("+86 25 8440 1234", "025-84401234"),
        ("+86 (025) 84401234", "025-84401234"),
        ("86-25-84401234", "025-84401234"),
        ("010—62345678", "010-62345678"),
        ("+861062345678", "010-62345678"),
        ("0511-4401234", "0511-4401234"),
        ("0512 68401234", "0512-68401234"),
        ("", None),
        ("12345", None),
        ("84401234", None),
        ("86401234", None),
        ("2584401234", None),
        ("12812345678", None),
        ("1381234567", None),
        ("138123456789", None),
        ("+1 415 555 0100", None),
        ("025-1440123", None),
        ("025-84401234转8001", None),
        ("+86+8613812345678", None),
    ],
)
def test_a_phone_has_one_form(text: str, phone: str | None) -> None:
    assert normalize_phone(text) == phone
    if phone is not None:
        assert normalize_phone(phone) == phone


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("02584401234", "025-****1234"),
        ("0511-4401234", "0511-***1234"),
        ("secret", "******"),
        ("", ""),
    ],
)
def test_masked_phone(text: str, masked: str) -> None:
    assert mask_phone(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (RESIDENT, "110*************2X"),
        ("11010519491231002x", "110*************2X"),
        ("E12345678", "*********"),
    ],
)
def test_masked_resident_number(text: str, masked: str) -> None:
    assert mask_resident_number(text) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王**"), ("王明", "王*"), (" 李四 ", "李*"), ("欧阳震华", "欧阳**"), ("司马光", "司马*"),
        ("司马", "司*"), ("王", "*"), ("", ""),
        ("阿卜杜拉·买买提", "阿**"), ("John Smith", "J**"), ("𠮷田", "𠮷*"),
    ],
)  # fmt: skip
def test_masked_name(name: str, masked: str) -> None:
    assert mask_name(name) == masked
