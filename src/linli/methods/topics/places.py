"""Places and characteristic phrases, found by how names of places end and by what a group of messages repeats.

No list of names is needed: a name is whatever ends like a place and is repeated. So a name with a misprint, or one that
no dictionary holds, is found as well.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import rjieba

from linli.methods.segmenting import SILENT

ENDINGS = (
    "小区", "新城", "花园", "家园", "花苑", "公寓", "广场", "大厦", "国际城", "商城", "新村", "社区", "街道", "大道",
    "公园", "工业园", "产业园", "开发区", "学校", "小学", "中学", "大学", "学院", "幼儿园", "医院", "市场", "车站",
    "地铁站", "高铁站", "大桥", "立交桥", "水库", "家苑", "雅苑", "嘉园", "名城", "名苑", "豪庭", "华府", "华庭",
    "御苑", "星城", "世家", "公馆", "山庄", "别墅", "苑", "园", "路", "街", "巷", "村", "镇", "乡", "桥", "河", "湖",
    "山", "岛", "府", "城", "湾", "庭", "郡",
)  # fmt: skip
"""How names of places end in Chinese; the area codes of masked data (`A7县`) end like districts and say too little."""

ENDING = re.compile("|".join(sorted(ENDINGS, key=len, reverse=True)))
PIECE = re.compile(r"[\w·.]+")
DOT = re.compile(r"(?<=[一-鿿])[·.](?=[一-鿿])")
AREA_CODE = re.compile(r"[A-Z][0-9]*[市区县]|西地省")
LINKING = re.compile(r"[的在是和与及了被由从到对把位于]|附近|旁边|投诉|反映|关于|举报|咨询|建议|希望|请问|居民|业主")
SHORTEST, LONGEST = 3, 9
LEAST_SHARE, NEARLY = 0.4, 0.8


def plain(text: str) -> str:
    """A text without area codes and without the dot inside a name: 伊景园·滨河苑 and 伊景园滨河苑 are one name."""
    return AREA_CODE.sub(" ", DOT.sub("", text))


def place_candidates(text: str) -> set[str]:
    """All runs of 3 to 9 characters that end like a place and hold no linking word; which one is a name, use tells."""
    found: set[str] = set()
    for piece in PIECE.findall(plain(text)):
        for ending in ENDING.finditer(piece):
            stop = ending.end()
            for start in range(max(0, stop - LONGEST), stop - SHORTEST + 1):
                if start < ending.start() and not LINKING.search(piece, start, stop):
                    found.add(piece[start:stop])
    return found


def common_place(titles: Sequence[str], texts: Sequence[str], spread: Mapping[str, int]) -> tuple[str, float]:
    """The place that most of a group's messages name, and the share of them that do; ("", 0) where there is none.

    A title names the place of the matter, a text names places on the way; so texts are asked where titles have none.

    Args:
        titles: of the group's messages.
        texts: of the same messages.
        spread: in how many texts of the whole period each candidate stands; the share of its mentions that falls into
            the group speaks for a candidate.
    """
    name = _most_named(titles, spread) or _most_named(texts, spread)
    if not name:
        return "", 0.0
    return name, sum(name in plain(f"{title} {text}") for title, text in zip(titles, texts, strict=True)) / len(titles)


def _most_named(texts: Sequence[str], spread: Mapping[str, int]) -> str:
    counts = Counter(name for text in texts for name in place_candidates(text) if begins_a_word(name, text))
    least = max(2, LEAST_SHARE * len(texts))
    often = {name: count for name, count in counts.items() if count >= least}
    if not often:
        return ""
    weight = {name: count * (0.5 + count / max(spread.get(name, count), count)) for name, count in often.items()}
    best = max(weight, key=lambda name: (weight[name], len(name), name))
    longer = [name for name in often if best in name and often[name] >= NEARLY * often[best]]
    return max(longer, key=lambda name: (len(name), often[name], name))


def begins_a_word(name: str, text: str) -> bool:
    """Whether a name, where it first stands in a text, begins with a word: the 近学校 of 附近学校 does not."""
    before, found, _ = plain(text).partition(name)
    place = 0
    for word in rjieba.cut(before + found):
        if place >= len(before):
            return place == len(before)
        place += len(word)
    return False


def phrases(title: str) -> Iterator[str]:
    """Runs of whole words of a title, 2 to 9 characters; none begins or ends with one that says nothing."""
    for piece in PIECE.findall(plain(title)):
        words = rjieba.cut(piece)
        for start, first in enumerate(words):
            run = ""
            for word in words[start:]:
                run += word
                if len(run) > LONGEST or first in SILENT:
                    break
                if len(run) > 1 and word not in SILENT:
                    yield run


def characteristic_phrase(titles: Sequence[str], spread: Mapping[str, int], besides: str) -> str:
    """What the titles of a group say most often and other titles do not: the longest of the best runs of characters.

    Args:
        titles: of the group.
        spread: in how many titles of the whole period each phrase stands.
        besides: the place, which is not told twice.
    """
    stripped = [title.replace(besides, " ") if besides else title for title in titles]
    counts = Counter(phrase for title in stripped for phrase in set(phrases(title)))
    least = max(2, len(titles) // 5)
    weight = {
        phrase: count * (count / max(spread.get(phrase, count), count)) * (len(phrase) - 1) ** 0.5
        for phrase, count in counts.items()
        if count >= least and not LINKING.match(phrase)
    }
    if not weight:
        return ""
    return max(weight, key=lambda phrase: (weight[phrase], len(phrase), phrase))
