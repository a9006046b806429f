"""Exact dwellings: building with unit, floor or room, a room alone, the number at a street's door.

A building alone is a public sight and stays, unless somebody lives there (家住3栋). A dwelling found is
stretched to the left over the name of its street or estate, which masking keeps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from linli.kernel.personal.findings import Finding, Kind
from linli.kernel.personal.letterforms import half_width
from linli.kernel.personal.words import Words

_CHINESE = "一二三四五六七八九十百零〇两"
_GAP = r"[\s,，.。·/]?\s?[\-—]?\s?"
_SHORT = rf"(?:[A-Za-z]?\d{{1,3}}[A-Za-z]?|[{_CHINESE}]{{1,4}})"
_BUILDING = (
    rf"(?:(?:{_SHORT}(?:-\d{{1,2}})?|[A-Za-z]|[东西南北甲乙丙丁])\s?(?:号楼|号栋|号幢|号院|栋楼|栋|幢|座|号房|#楼?|楼))"
)
_UNIT = rf"(?:{_SHORT}\s?(?:单元|梯|门洞|门栋|门)|[东西中]单元)"
_NOT_ROOM = (
    r"(?![\d.%:：]|\s?(?:户|人|米|平|㎡|m|元|块|个|多|万|余|辆|家|套|台|次|吨|盏|部|天|小时|度|间|把|月|日|年|号楼|栋|幢|名|位|路|线|座|单元|层|楼|岁|公里|亩|起|件|株|棵|条|分|级))"
)
_ROOM = (
    rf"(?:[A-Za-z]?\d{{1,4}}(?:-\d{{1,4}})?[A-Za-z]?\s?(?:室|号房|房间|房(?!屋|子|产|东))|[{_CHINESE}]{{1,5}}\s?(?:室|号房)|"
    rf"[A-Za-z]?[1-9]\d{{2,3}}[A-Za-z]?(?!\d){_NOT_ROOM}|[{_CHINESE}]{{3,4}}(?![{_CHINESE}年元户人个]))"
)
_FLOOR = rf"(?:(?:\d{{1,2}}|[{_CHINESE}]{{1,3}})\s?(?:楼|层)(?:[东西中左右]户|[左右]手(?:边)?)?)"
_SIDE = r"(?:[东西中](?:户|边户|侧户)|[左右]手边?)"

# Parts of a dwelling below the building, largest first; each may be left out, one must be there.
_INSIDE = (
    rf"(?:{_GAP}{_UNIT}(?:{_GAP}{_FLOOR})?(?:{_GAP}{_ROOM})?|{_GAP}{_FLOOR}{_GAP}(?:{_ROOM}|{_SIDE})|{_GAP}{_ROOM}|{_GAP}{_FLOOR})"
    rf"(?:{_SIDE})?"
)
_IN_BUILDING = re.compile(rf"(?<![\d第]){_BUILDING}{_INSIDE}")
_IN_UNIT = re.compile(rf"(?<![\d第]){_UNIT}{_GAP}(?:{_FLOOR}{_GAP})?(?:{_ROOM}|{_FLOOR}|{_SIDE}){_SIDE}?")
_HYPHENED = re.compile(
    r"(?<![\d\-A-Za-z.~:：/])[A-Za-z]?\d{1,3}(?:栋|幢|号楼|号|#)?\s?[\-—]\s?[A-Za-z\d]{1,2}(?:单元)?\s?[\-—]\s?[A-Za-z]?\d{3,4}(?:室|号房|房)?(?![\d\-—])"
)
_SHORT_HYPHENED = re.compile(r"(?<![\d\-A-Za-z.~:：/〕\]])[A-Za-z]?\d{1,3}[\-—](?:[1-9]|[1-5]\d)0\d(室|号房|房)?(?![\d\-—.])" + _NOT_ROOM)
_ROOM_ALONE = re.compile(
    rf"(?<![\d\-.第A-Za-z])(?:[A-Za-z]?[1-9]\d{{2,3}}[A-Za-z]?\s?(?:室|号房)|[{_CHINESE}]{{3,4}}室)(?!内设计)"
)
_NEIGHBOUR_ROOM = re.compile(
    r"(?:楼上|楼下|隔壁|对门|对面|邻居|业主|住户|租户|房号|门牌号?码?|室号|房间号|家住|住在|房东)(?:[是为的:：]|的?房?号?[:：])?\s?"
    rf"([A-Za-z]?(?:[1-9]|[1-5]\d)(?:0\d|1\d)|[1-9]\d?[\-—]\d{{3,4}}|[{_CHINESE}]零[{_CHINESE}])(?!\d){_NOT_ROOM}"
)
_ROOM_OWNER = re.compile(rf"(?<![\d\-.第{_CHINESE}年月])((?:[1-9]|[1-4]\d)0[1-9]|[{_CHINESE}]零[{_CHINESE}])(?=的?(?:业主|住户|房东|租户|租客|邻居|家的?[^具电庭长]|那家|这家|人家))")

_STREET = r"(?:大街|大道|胡同|[路街巷弄里村苑园庭坊庄组队社屯寓城湾埂圩塘营浜厦府居]|(?<![管通渠街报知轨])道|新村|小区|桥|岗|庵|廊|头|坡|浦)"
_DOOR = re.compile(
    rf"(?<=[\u4e00-\u9fff]){_STREET}(?:[东西南北中](?:[一二三]?[路街段])?|[一二三四五六七八九十]段)?\s?"
    rf"((?:\d{{1,4}}|[{_CHINESE}]{{1,4}})(?:[\-—之]\s?\d{{1,3}})?\s?号(?:[\-—之]\s?(?:\d{{1,3}}|[{_CHINESE}]))?"
    rf"(?:附\s?\d{{1,3}}号?)?)"
    r"(?!线|地块|文|令|公告|信箱|站|井|闸|桩|灯|出口|口|车|厅|窗|馆|塔|通道|电梯|泵|机|停车|地铁|标段|配电|变电|充电|岗亭|门(?!口|牌|前|面|店|头|市)|入口|点位)"
    rf"((?:(?:院|大院)?{_GAP}(?:{_BUILDING})?{_INSIDE})|{_GAP}{_BUILDING}|院|大院)?"
)
_LANE_DOOR = re.compile(rf"(?:\d{{1,4}}|[{_CHINESE}]{{1,3}})[弄巷里]\s?\d{{1,4}}\s?号(?:[\-—之]\s?\d{{1,3}})?(?:{_INSIDE})?")
_VILLAGE_DOOR = re.compile(rf"(?:第?(?:\d{{1,2}}|[{_CHINESE}]{{1,3}})(?:村民小)?[组队社])\s?\d{{1,4}}\s?号(?!文|线)")
_HOME = re.compile(
    rf"(?:(?<!居)(?<!入)(?<!停)住在?|家在|家是|租住|居住在?|房子在|门牌号?码?[是为:：]?|地址[是为:：]\s?)(?:我们|小区|本小区|的|于|了|是)?"
    rf"({_BUILDING}|(?:\d{{1,4}}|[{_CHINESE}]{{1,4}})号)(?!线|门(?!牌|口)|院墙|[楼栋幢]?[下前后]面?|\s?[、和至到])"
)
_LEASED_DATE = re.compile(r"\s?(?:上午|下午|晚|早|中午|凌晨|夜|那天|当天|左右|之前|以前|开始|至|起|停|就|才|又|给|再次|发)")
_DAY = re.compile(r"月\s?$")
_WEAK_STREET = frozenset("村苑园庭坊庄组队社屯寓城湾埂圩塘营浜厦府居里桥岗庵廊头坡浦区")
_LI_NOT_STREET = frozenset("区家村楼园院屋城县市镇校店群这那哪房公夜心车河水手眼嘴路街巷子年")

_ESTATE_END = frozenset("路街道巷弄里村苑园庭坊庄城寓厦府湾居邸轩阁墅区期组院郡都岸洲台园寓庐筑场厂校队楼镇乡市县省桥门营岗")
_ESTATE_STOPS = frozenset(
    "住 住在 家住 家 位于 在 我 我们 我家 本人 地址 居民 业主 住址 是 家庭 户主 邻居 租客 租户 房东 住户 现 现住 反映 关于 来自 有 楼上 楼下 隔壁 对面 附近 请 到 从 至 由 及 和 与 或 的 了 该 本 "
    "本市 本小区 本村 贵 你 您 他 她 其 这个 那个 我们小区 电话 联系 投诉 举报 女士 先生 网友 市民 群众 物业 就是 一个 租 买 购买 租住 居住 坐落 坐落于 建议 尤其 包括".split()
)
_ESTATE_LONGEST = 18
_HAN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+")


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
    for start, end in merged:
        names = [name.end for name in held if name.end <= start]
        start = _stretched(plain, words, start, max([floor, *names]))
        if findings and findings[-1].end >= start:
            start = findings.pop().start
        findings.append(Finding(start, end, Kind.ADDRESS))
        floor = end
    return findings


def _cores(plain: str) -> Iterator[tuple[int, int]]:
    for pattern in (_IN_BUILDING, _IN_UNIT, _HYPHENED, _ROOM_ALONE, _LANE_DOOR, _VILLAGE_DOOR):
        for match in pattern.finditer(plain):
            if not _DAY.search(plain, max(0, match.start() - 3), match.start()):
                yield match.span()
    for pattern in (_NEIGHBOUR_ROOM, _ROOM_OWNER, _HOME):
        for match in pattern.finditer(plain):
            yield match.span(1)
    for match in _SHORT_HYPHENED.finditer(plain):
        if match[1] or re.search(r"[\u4e00-\u9fff号]$", plain[: match.start()][-1:]):
            yield match.span()
    for match in _DOOR.finditer(plain):
        if _is_door(plain, match):
            yield match.span()
    yield from _house_rooms(plain)


def _house_rooms(plain: str) -> Iterator[tuple[int, int]]:
    """12号401: a building called by its number alone, then the room."""
    for match in re.finditer(rf"(?<![\d月第.])\d{{1,3}}号[\-—]?{_ROOM}", plain):
        yield match.span()
    for match in re.finditer(rf"(?<![\d月第.])(?:\d{{1,3}}|[{_CHINESE}]{{1,3}})号{_UNIT}", plain):
        yield match.span()


def _is_door(plain: str, match: re.Match[str]) -> bool:
    """A number at a door, not a day of the month after a village or estate, and not a bus line."""
    street = plain[match.start() : match.start(1)].strip()
    before = plain[match.start() - 1]
    if street[0] == "里" and before in _LI_NOT_STREET:
        return False
    if street[0] in "社队" and before in "旅报公合会会部军车乐团球":
        return False
    day = _LEASED_DATE.match(plain, match.end())
    return not (day and (street[-1] in _WEAK_STREET or day[0].strip() not in ("就", "发", "至", "起", "停")))


def _stretched(plain: str, words: Words, start: int, floor: int) -> int:
    """The start moved left over the name of the street or estate that the dwelling belongs to."""
    position = start
    reached = start
    while position > floor and start - position < _ESTATE_LONGEST:
        begin = words.covering[position - 1]
        word = plain[begin:position]
        speech = words.speech_at(begin)
        if begin < floor or word in _ESTATE_STOPS or not _HAN.fullmatch(word) or speech in ("p", "c", "uj", "ul", "r", "d"):
            break
        if speech == "v" and len(word) > 1 and word[-1] not in _ESTATE_END:
            break
        position = begin
        # Only a stretch that is bounded on the left, or is made of place names, counts as the name.
        reached = begin
    if reached < start and plain[start - 1] not in _ESTATE_END and not _place_word(words, start):
        # A door number's core already begins inside the street's name.
        return reached if plain[start] in "路街道巷弄里村苑园庭坊庄城大胡新小" else start
    return reached


def _place_word(words: Words, start: int) -> bool:
    return words.speech_at(words.covering[start - 1]) in ("ns", "nz", "nt")
