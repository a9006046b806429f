"""Telephones, resident numbers, bank cards, plates, e-mail addresses and accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from linli.kernel.identity import is_resident_number
from linli.kernel.personal.findings import Finding, Kind
from linli.kernel.personal.letterforms import CHINESE_DIGITS, half_width, spoken_digits

_GAP = r"[ \t.\-_·/]{0,3}"

_EMAIL = re.compile(r"[A-Za-z0-9][\w.+\-]{0,63}\s?(?:@|\(at\))\s?[A-Za-z0-9\-]+(?:\s?\.\s?[A-Za-z0-9\-]+)+", re.ASCII)

_RESIDENT = re.compile(rf"(?<![\dA-Za-z])[1-9](?:{_GAP}\d){{16}}{_GAP}[\dXx](?!\d)")
_OLD_RESIDENT = re.compile(
    r"(?<!\d)(?:1[1-5]|2[123]|3[1-7]|4[1-6]|5[0-4]|6[1-5])\d{6}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)"
)
_RESIDENT_CUE = re.compile(r"身份证|证件号|公民身份|身份号码")
_MISCOPIED = re.compile(r"[^\d\n。]{0,8}?(\d[\d ]{13,19}[\dXx])(?!\d)")
_CENTURY = re.compile(r"\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")

_MOBILE = re.compile(rf"(?<![\d.])(?:\(?(?:\+|00)?86\)?{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)")
_LISTED_MOBILE = re.compile(r"(?<!\d)1[3-9]\d[、,]\s?\d{4}[、,]\s?\d{4}(?!\d)")
_SPOKEN_MOBILE = re.compile(r"(?<!\d)1[\s\-,]?[3-9](?:[\s\-,]?\d){9}")
_LANDLINE = re.compile(
    r"(?<!\d)\(?(?:\+?86[ \-]?\(?0?|0)(?:10|2\d|[3-9]\d\d)\)?[ \-./]{0,3}[2-8]\d{2,3}[ \-]?\d{4}"
    r"(?:\s?(?:转|分机|-)\s?\d{1,5})?(?!\d)"
)
_SHORT_LANDLINE = re.compile(
    r"(?<![\d\-])[2-8]\d{2,3}[ \-]?\d{4}(?:\s?(?:转|分机|-)\s?\d{1,5})?(?![\d\-]|[ .]\d|\s?元)"
)
_LONG_PHONE = re.compile(r"(?<!\d)1[3-9]\d{8}(?:\d\d)?(?!\d)")
_PHONE_CUE = re.compile(
    r"(?:电话|座机|固话|手机|号码|热线|来电|致电|拨打|联系方式|tel|phone|传真)[号码为是打:：()（\s\w]{0,6}$",
    re.I,
)

_CARD = re.compile(r"(?<![\dA-Za-z])\d(?:[ .\-]{0,2}\d){14,18}(?![\dA-Za-z])")
_GROUPED_CARD = re.compile(r"\d{4}(?:[ .\-]{1,2}\d{4}){3}(?:[ .\-]{1,2}\d{1,3})?")
_CARD_CUE = re.compile(
    r"银行|[工建农中招交]行|卡号|账号|帐号|账户|帐户|存折|信用卡|储蓄卡|借记卡|社保卡|市民卡|收款|打款|汇款|转账|[卡户][:：为是]"
)
_CARD_AFTER = re.compile(r"\s?[的这]?[张个]?(?:[^\d\s，。,]{0,4}银行|[工建农中招交]行|卡)")
_ACCOUNT_NUMBER = re.compile(r"(?<![\dA-Za-z])\d(?:[ \-]?\d){8,21}(?![\dA-Za-z])")
_REGISTER_CUE = re.compile(
    r"(?:工单|编号|单号|订单|流水|受理|案号|文号|代码|条码|追溯|事项|合同|许可证|证号|备案|批号|号码牌)[号码为是:：\s]{0,4}$"
)

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(
    rf"[{_PROVINCES}]\s?[A-HJ-Za-hj-z]\s?[·.\-:* ]{{0,2}}"
    r"(?=[A-Za-z]{0,5}\s?\d)[A-HJ-NP-Za-hj-np-z0-9](?:[\s·\-]?[A-HJ-NP-Za-hj-np-z0-9]){3,5}\s?[警学挂港澳领]?(?![A-Za-z0-9])"
)
_LOCAL_PLATE = re.compile(
    r"(?:车牌号码?|车牌|车号|牌照|牌号|号牌|尾号)[号为是:：\s]{0,3}"
    r"((?:[A-HJ-Za-hj-z][·.\- ]?)?(?=[A-Za-z]{0,4}\d)[A-HJ-NP-Za-hj-np-z0-9]{4,6})(?![A-Za-z0-9])"
)

_LINK = r"[号码群是为叫搜索加联系账帐户名就的里上找我同微信，,:：()（“\"「@\s]{0,10}"
_QQ = re.compile(rf"(?:[Qq]\s?[Qq]|扣扣|企鹅号?|Q号){_LINK}([1-9]\d{{4,11}})(?!\d)")
_CHAT = re.compile(
    r"(?:微\s?信|薇信|威信|v信|加v(?![A-Za-z])|(?<![A-Za-z])(?:vx|wx|weixin|wechat|weibo|telegram)(?![A-Za-z])|"
    r"支付宝|抖音|快手|小红书|微博|钉钉|淘宝|闲鱼|陌陌)"
    rf"{_LINK}(?:ID)?{_LINK}([A-Za-z0-9][\w\-]{{4,29}})",
    re.IGNORECASE | re.ASCII,
)
_ACCOUNT_OWN = re.compile(r"(?<![A-Za-z0-9])wxid_[A-Za-z0-9]{5,}", re.I)


def find_numbers(text: str) -> list[Finding]:
    """Every number or account of a person, the surest reading first; later ones never overlap earlier ones."""
    plain = half_width(text)
    taken: list[Finding] = []
    for kind, spans in (
        (Kind.EMAIL, _emails(plain)),
        (Kind.ACCOUNT, _accounts(plain)),
        (Kind.RESIDENT_NUMBER, _resident_numbers(plain)),
        (Kind.PLATE, _plates(plain)),
        (Kind.PHONE, _phones(plain)),
        (Kind.RESIDENT_NUMBER, _spoken(plain, _RESIDENT)),
        (Kind.PHONE, _spoken(plain, _SPOKEN_MOBILE)),
        (Kind.PHONE, _spoken(plain, _LANDLINE)),
        (Kind.BANK_CARD, _bank_cards(plain)),
        (Kind.PHONE, _cued_phones(plain)),
    ):
        for start, end in spans:
            finding = Finding(start, end, kind)
            if not any(finding.overlaps(other) for other in taken):
                taken.append(finding)
    return taken


def _emails(plain: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _EMAIL.finditer(plain))


def _accounts(plain: str) -> Iterator[tuple[int, int]]:
    for pattern in (_QQ, _CHAT):
        for match in pattern.finditer(plain):
            # A mobile number given as the account is found as the telephone that it is.
            if not re.fullmatch(r"1[3-9]\d{9}", match[1]):
                yield match.span(1)
    for match in _ACCOUNT_OWN.finditer(plain):
        yield match.span()


def _digits_of(match: re.Match[str]) -> str:
    return re.sub(r"[^0-9Xx]", "", match[0])


def _before(plain: str, position: int, width: int = 14) -> str:
    return plain[max(0, position - width) : position]


def _resident_numbers(plain: str) -> Iterator[tuple[int, int]]:
    for match in _RESIDENT.finditer(plain):
        number = _digits_of(match).upper()
        if (
            is_resident_number(number)
            or _CENTURY.fullmatch(number)
            or _RESIDENT_CUE.search(_before(plain, match.start()))
        ):
            yield match.span()
    for match in _OLD_RESIDENT.finditer(plain):
        if not _REGISTER_CUE.search(_before(plain, match.start())):
            yield match.span()
    for cue in _RESIDENT_CUE.finditer(plain):
        # Miscopied numbers, a digit short or long, still give their holder away.
        if miscopied := _MISCOPIED.match(plain, cue.end()):
            yield miscopied.span(1)


def _plates(plain: str) -> Iterator[tuple[int, int]]:
    for match in _PLATE.finditer(plain):
        letters = [sign for sign in match[0][1:] if sign.isascii() and sign.isalnum()]
        # A plate of a trainer's car or a trailer has the suffix in place of its last sign.
        if 6 - (match[0][-1] in "警学挂港澳领") <= len(letters) <= 7:
            yield match.span()
    for match in _LOCAL_PLATE.finditer(plain):
        yield match.span(1)


def _phones(plain: str) -> Iterator[tuple[int, int]]:
    for pattern in (_MOBILE, _LISTED_MOBILE):
        yield from (match.span() for match in pattern.finditer(plain))
    for match in _LANDLINE.finditer(plain):
        if set(_digits_of(match)) != {"0"}:
            yield match.span()


def _cued_phones(plain: str) -> Iterator[tuple[int, int]]:
    """Numbers too short or too long to be sure of, behind a word for telephone."""
    for pattern in (_SHORT_LANDLINE, _LONG_PHONE):
        for match in pattern.finditer(plain):
            if _PHONE_CUE.search(_before(plain, match.start())):
                yield match.span()


def _spoken(plain: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Numbers written as one says them, at least one digit of them a Chinese numeral."""
    for match in pattern.finditer(spoken_digits(plain)):
        start, end = match.span()
        if any(sign in CHINESE_DIGITS for sign in plain[start:end]) and not plain[end : end + 1].isdigit():
            yield start, end


def _bank_cards(plain: str) -> Iterator[tuple[int, int]]:
    for match in _CARD.finditer(plain):
        before = _before(plain, match.start())
        cued = _CARD_CUE.search(before) or _CARD_AFTER.match(plain, match.end())
        if cued or (
            not _REGISTER_CUE.search(before)
            and (_GROUPED_CARD.fullmatch(match[0]) or _looks_like_card(_digits_of(match)))
        ):
            yield match.span()
    for match in _ACCOUNT_NUMBER.finditer(plain):
        if re.search(r"(?:卡号|账号|帐号|账户|帐户|存折)[号码为是:：\s]{0,3}$", _before(plain, match.start())):
            yield match.span()


def _looks_like_card(digits: str) -> bool:
    """A domestic card by its first two digits and its length, any other by its check digit."""
    if len(digits) in (16, 19) and digits.startswith("62"):
        return True
    if len(digits) < 16 or digits[0] not in "34569":
        return False
    total = 0
    for place, sign in enumerate(reversed(digits)):
        value = int(sign) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
