"""The story's own wording: sentences with alternatives, read from the files under `words`, and how one is said.

A line `[a|b]` says one of the two; `{place}`, `{spot}`, `{block}`, `{since}` and `{past}` are filled in. Under a
heading `# name` stand its sentences. Sentences of a topic begin with what they are: T a title, C the trouble itself,
D a detail, E what follows from it, W a wish, H what was done, M what the reply says was done.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

TOPIC_FILES = ("city", "people", "school", "living")
KINDS = "TCDEWHM"
SINCE = ("从上周开始", "最近半个月", "这一个多月来", "从上个月起", "近来", "这段时间", "一连好几天", "这几个月")
PAST = ("上个月", "两个星期前", "前几天", "上周三", "一个月前", "二十天前", "这个月初", "上周末")
SPOTS = (
    "南门", "北门外", "东侧围墙边", "西边巷口", "后门", "正门对面", "菜场旁边", "车棚旁边", "幼儿园对面", "篮球场边上",
)  # fmt: skip
NEWER, OLDER = (
    ("小区", "南苑", "北苑", "东区", "西区", "二期", "家园", "雅居"),
    ("小区", "一期", "二期", "南区", "北区"),
)
ALTERNATIVES = re.compile(r"\[([^\]]*)\]")

Sentence = tuple[tuple[str, ...], ...]
"""Parts of which one alternative each is said."""


@dataclass(frozen=True)
class Setting:
    """Where something happens: the estate, a spot in it, a building."""

    place: str
    spot: str
    block: str


@cache
def wording(file: str) -> dict[str, tuple[Sentence, ...]]:
    """The sentences of a file by heading, and for topics by heading and kind."""
    found: defaultdict[str, list[Sentence]] = defaultdict(list)
    heading = ""
    for line in files("linli.demo").joinpath("words", f"{file}.txt").read_text("utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "#":
            heading = rest
        elif mark:
            found[heading if mark == "-" else f"{heading} {mark}"].append(parsed(rest))
    return {name: tuple(sentences) for name, sentences in found.items()}


@cache
def topic_wording() -> dict[str, tuple[Sentence, ...]]:
    """The sentences of every topic, by its name and their kind."""
    return {name: sentences for file in TOPIC_FILES for name, sentences in wording(file).items()}


def parsed(line: str) -> Sentence:
    """The parts of a line; what stands outside of brackets has one alternative."""
    parts, end = [], 0
    for found in ALTERNATIVES.finditer(line):
        parts += [(line[end : found.start()],), tuple(found[1].split("|"))]
        end = found.end()
    return (*parts, (line[end:],))


def said(sentence: Sentence, setting: Setting, random: Random) -> str:
    """A sentence as somebody says it."""
    text = "".join(part[0] if len(part) == 1 else random.choice(part) for part in sentence)
    if "{" not in text:
        return text
    text = text.replace("{place}", setting.place).replace("{spot}", setting.spot).replace("{block}", setting.block)
    return text.replace("{since}", random.choice(SINCE)).replace("{past}", random.choice(PAST))


def setting_in(community: str, random: Random) -> Setting:
    """Some place in a community, under a name that a neighbourhood of it could bear."""
    name = community.removesuffix("社区")
    endings = OLDER if name.endswith(("新村", "苑", "园")) else NEWER
    number = random.randint(1, 38)
    block = f"{number}号楼" if random.random() < 0.6 else f"{number}幢{random.randint(1, 4)}单元"
    return Setting(name + random.choice(endings), random.choice(SPOTS), block)


def trimmed(text: str, length: int) -> str:
    """As many of the first clauses of a sentence as come nearest to a length."""
    clauses = text.rstrip("。").split("，")
    best = min(range(1, len(clauses) + 1), key=lambda count: abs(len("，".join(clauses[:count])) + 1 - length))
    return "，".join(clauses[:best]) + "。"
