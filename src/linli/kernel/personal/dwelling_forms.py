"""How dwellings are written, from the whole address down to the neighbour's room number."""

from __future__ import annotations

import re

from linli.kernel.personal.lexicon import sections

_WORDS = sections("dwelling_words.txt")


def _any_of(section: str) -> str:
    """The words of the section as alternatives, the longest first."""
    return "|".join(sorted(map(re.escape, _WORDS[section]), key=len, reverse=True))


_CHINESE = "一二三四五六七八九十百零〇两"
_GAP = r"[\s,，.。·/]?\s?[\-—]?\s?"
_SHORT = rf"(?:[A-Za-z]?\d{{1,3}}[A-Za-z]?|[{_CHINESE}]{{1,4}})"
_BUILDING = rf"(?:(?:{_SHORT}(?:-\d{{1,2}})?|[A-Za-z]|[东西南北甲乙丙丁])\s?(?:号楼|号栋|号幢|号院|栋楼|栋|幢|座|#楼?))"
_UNIT = rf"(?:{_SHORT}\s?(?:单元|梯|门洞|门栋|门)|[甲乙丙丁东西中A-Za-z]单元)"
# 501楼道 is the stair of 501; 501楼 is no room.
_STOREY = r"楼(?![道梯上下顶板])|门(?!口|前|铃|锁)"
_NOT_ROOM = rf"(?![\d.%:：]|\s?(?:{_STOREY}|{_any_of('not_room')}))"
_ROOM_WORD = rf"(?:室|号房(?!屋|产)|房间|房(?!屋|子|产|东)|号(?!{_STOREY}|{_any_of('not_room_number')}|[a-z]))"
_ROOM = (
    rf"(?:[A-Za-z]?\d{{1,4}}(?:-\d{{1,4}})?[A-Za-z]?\s?{_ROOM_WORD}|[{_CHINESE}]{{1,5}}\s?(?:室|号房)|"
    rf"[A-Za-z]?[1-9]\d{{2,3}}[A-Za-z]?(?!\d){_NOT_ROOM}|[{_CHINESE}]{{3,4}}(?![{_CHINESE}年元户人个]))"
)
_FLOOR = rf"(?:(?:\d{{1,2}}|[{_CHINESE}]{{1,3}})\s?(?:楼|层)(?:[东西中左右]户|[左右]手(?:边)?)?)"
_SIDE = r"(?:[东西中](?:户|边户|侧户)|[左右]手边?)"

# Parts of a dwelling below the building, largest first; each may be left out, one must be there.
_INSIDE = (
    rf"(?:{_GAP}{_UNIT}(?:{_GAP}{_FLOOR})?(?:{_GAP}{_ROOM})?|{_GAP}{_FLOOR}{_GAP}(?:{_ROOM}|{_SIDE})|{_GAP}{_ROOM})"
    rf"(?:{_SIDE})?"
)
IN_BUILDING = re.compile(rf"(?<![\d第])(?:{_BUILDING}\s?)?{_BUILDING}{_INSIDE}")
IN_UNIT = re.compile(rf"(?<![\d第]){_UNIT}{_GAP}(?:{_FLOOR}{_GAP})?(?:{_ROOM}|{_FLOOR}|{_SIDE}){_SIDE}?")
HYPHENED = re.compile(
    r"(?<![\d\-A-Za-z.~/])[A-Za-z]?\d{1,3}(?:栋|幢|号楼|号|#)?\s?[\-—]\s?[A-Za-z\d]{1,2}(?:单元)?"
    r"\s?[\-—]\s?[A-Za-z]?\d{3,4}(?:室|号房|房)?(?![\d\-—])"
)
SHORT_HYPHENED = re.compile(
    r"(?<![\d\-A-Za-z.~/〕\]])[A-Za-z]?\d{1,2}[\-—](?:[1-9]0\d|[1-5]\d0\d)(室|号房|房|(?=的?(?:业主|住户|租户|房东|楼道|违|存在|户主|漏水)))?"
    r"(?![\d\-—.])" + _NOT_ROOM
)
ROOM_ALONE = re.compile(
    rf"(?<![\d\-.第A-Za-z])(?:[A-Za-z]?[1-9]\d{{2,3}}[A-Za-z]?\s?(?:室|号房)|[{_CHINESE}]{{3,4}}室)(?!内设计)"
)
NEIGHBOUR_ROOM = re.compile(
    rf"(?:{_any_of('before_room')})(?:[是为的:：]|的?房?号?[:：])?\s?"
    rf"((?![GSX]\d{{3}})[A-Za-z]?(?:[1-9]|[1-5]\d)(?:0\d|1\d)|[1-9]\d?[\-—]\d{{3,4}}|[{_CHINESE}]零[{_CHINESE}])"
    rf"(?!\d){_NOT_ROOM}"
)
ROOM_OWNER = re.compile(
    rf"(?<![\d\-.第{_CHINESE}年月])((?:[1-9]|[1-4]\d)0[1-9]|[{_CHINESE}]零[{_CHINESE}])"
    rf"(?=的?(?:业主(?!代表)|{_any_of('owner')}))"
)

_STREET = (
    r"(?:大街|大道|胡同|[路街巷弄里村苑园庭坊庄组队社屯寓城湾埂圩塘营浜厦]|"
    r"(?<![管通渠街报知轨])道|新村|小区|桥|岗|庵|廊|头|坡|浦)"
)
DOOR = re.compile(
    rf"(?<=[\u4e00-\u9fff]){_STREET}(?:[东西南北中](?:[一二三]?[路街段])?|[一二三四五六七八九十]段)?\s?"
    rf"([甲乙丙丁]?\s?(?:\d{{1,4}}|[{_CHINESE}]{{1,4}})(?:[\-—之]\s?\d{{1,3}})?\s?号(?:[\-—之]\s?(?:\d{{1,3}}|[{_CHINESE}]))?"
    rf"(?:附\s?\d{{1,3}}号?)?)"
    rf"(?!楼(?![道梯上下顶板])|{_any_of('not_door')}|门(?!口|牌|前|面|店|头|市))"
    rf"((?:(?:院|大院)?{_GAP}(?:{_BUILDING})?{_INSIDE})|{_GAP}{_BUILDING}|院|大院)?"
)
LANE_DOOR = re.compile(
    rf"(?:\d{{1,4}}|[{_CHINESE}]{{1,3}})[弄巷里]\s?\d{{1,4}}\s?号(?:[\-—之]\s?\d{{1,3}})?(?:{_INSIDE})?"
)
VILLAGE_DOOR = re.compile(rf"(?:第?(?:\d{{1,2}}|[{_CHINESE}]{{1,3}})(?:村民小)?[组队社])\s?\d{{1,4}}\s?号(?!文|线)")
HOME = re.compile(
    rf"(?:(?<!居)(?<!入)(?<!停)住在?|家在|家是|租住|居住在?|房子在|门牌号?码?[是为:：]?|地址[是为:：]\s?)"
    rf"(?:我们|小区|本小区|的|于|了|是)?"
    rf"({_BUILDING}|(?:\d{{1,4}}|[{_CHINESE}]{{1,4}})号)(?!线|门(?!牌|口)|院墙|[楼栋幢]?[下前后]面?|\s?[、和至到])"
)
FLOOR_HOME = re.compile(
    rf"(?:住在?|家在|租住|居住在?)[^，。,;；\d]{{0,12}}?({_BUILDING}{_GAP}{_FLOOR})(?!门面|商铺|以)"
)
DATE_AFTER = re.compile(
    r"\s?(?:上午|下午|晚|早|中午|凌晨|夜|那天|当天|左右|之前|以前|开始|至|起|停|就|才|又|给|再次|发)"
)
DAY = re.compile(r"月\s?$")
WEAK_STREET = frozenset("村苑园庭坊庄组队社屯寓城湾埂圩塘营浜厦府居里桥岗庵廊头坡浦区")
LI_NOT_STREET = frozenset("区家村楼园院屋城县市镇校店群这那哪房公夜心车河水手眼嘴路街巷子年")

ESTATE_END = frozenset(
    "路街道巷弄里村苑园庭坊庄城寓厦府湾居邸轩阁墅区期组院郡都岸洲台园寓庐筑场厂校队楼镇乡市县省桥门营岗舍"
)
STREET_SIGNS = frozenset("路街道巷弄里村苑园庭坊庄城大胡新小组队社屯寓桥岗庵廊头坡浦塘营湾埂圩")
ESTATE_STOPS = frozenset(_WORDS["not_estate"])
BEFORE_HYPHENED = ESTATE_END | frozenset("住在是家址牌号室为主户栋幢座")
OFFICE = re.compile(rf"(?:{_any_of('office')}|[一二三四五六七八九十\d]楼)[^，。,;；:：]{{0,5}}$")
HOUSE_ROOM = re.compile(rf"(?<![\d月第.])\d{{1,3}}号[\-—]?(?=[A-Za-z]?\d{{3}}){_ROOM}")
HOUSE_UNIT = re.compile(rf"(?<![\d月第.])(?:\d{{1,3}}|[{_CHINESE}]{{1,3}})号{_UNIT}")
YEAR = re.compile(r"(?:19|20)\d\d\s?[\-—]")
