"""One letter form for each digit and letter, position by position, so that a match keeps its place."""

from __future__ import annotations

_HALF_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0x00A0: " ",
    0x2022: "·",
    0x30FB: "·",
    0x2010: "-",
    0x2011: "-",
    0x2012: "-",
    0x2013: "-",
    0x2014: "-",
    0x2015: "-",
    0x2212: "-",
}

CHINESE_DIGITS = "零一二三四五六七八九〇○幺壹贰叁肆伍陆柒捌玖"
_DIGIT_VALUES = "01234567890011" + "23456789"
_SPOKEN = {ord(sign): digit for sign, digit in zip(CHINESE_DIGITS, _DIGIT_VALUES, strict=True)}


def half_width(text: str) -> str:
    """The text with full-width letters, digits and signs made half-width; no character moves."""
    return text.translate(_HALF_WIDTH)


def spoken_digits(text: str) -> str:
    """The text with Chinese numerals read digit by digit, as one says a telephone number."""
    return text.translate(_SPOKEN)
