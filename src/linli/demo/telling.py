"""What people in the year write and are answered: composed of the story's wording, as long as real messages are."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from linli.demo.grammar import Sentence, Setting, said, setting_in, topic_wording, trimmed, wording
from linli.demo.measured import REPLY_LENGTHS, TEXT_LENGTHS, Quantiles, drawn_length

SLACK = 8
"""Characters by which a text may be longer than it was to be."""
PARAGRAPHS_FROM = 320
LONGEST_TITLE = 60
NOWHERE = Setting("", "", "")

# In this order a message tells, and in that one it grows: what is said first when there is room for little.
TELLS = ("opening", "C", "facts", "D", "history", "E", "feelings", "W", "asking", "closing")
GROWS = ("C", "W", "D", "E")
REPLY_TELLS = ("reply opening", "reply checking", "H", "M", "reply basis", "reply following", "reply closing")
REPLY_GROWS = ("M", "reply opening", "H")
NEW_PARAGRAPH = {"D", "E", "W", "H", "reply basis", "reply following"}
OF_A_TROUBLE = frozenset("CHM")
MOST = {"opening": 1, "closing": 1, "reply opening": 1, "reply closing": 1}
"""Of these no more stand in one text."""
OF_ONE = frozenset(
    {"社会保险", "劳动报酬", "就业服务", "政策咨询", "入学咨询", "生育服务", "消费纠纷", "社区卫生", "社会救助"}
)
"""What one person has trouble with, not a neighbourhood: it is told, and answered, in other words."""


@dataclass(frozen=True)
class Told:
    """A demand as it was written."""

    title: str
    text: str
    place: str
    setting: Setting = NOWHERE
    trouble: int = 0  # which of the topic's troubles it is: title, text, work and reply speak of the same


class Teller:
    """Writes what people write. The same draws give the same words."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._topics, self._common = topic_wording(), wording("common")
        self._spots: dict[str, tuple[Setting, int]] = {}

    def told(self, topic: str, place: str, spot: str = "") -> Told:
        """A demand about a topic in a community; about one hot spot all say the same thing, each in their own words."""
        setting, trouble = self._spot(topic, place, spot) if spot else self._trouble(topic, place)
        text = self._composed(topic, setting, TEXT_LENGTHS, TELLS, GROWS, trouble)
        title = self._said(self._topics[f"{topic} T"][trouble], setting)[:LONGEST_TITLE]
        return Told(title, text, setting.place + setting.spot, setting, trouble)

    def _trouble(self, topic: str, place: str) -> tuple[Setting, int]:
        return setting_in(place, self._random), self._random.randrange(len(self._topics[f"{topic} C"]))

    def _spot(self, topic: str, place: str, spot: str) -> tuple[Setting, int]:
        if spot not in self._spots:
            self._spots[spot] = self._trouble(topic, place)
        return self._spots[spot]

    def reply(self, topic: str, told: Told, *, again: bool = False) -> str:
        """What the unit answers."""
        text = self._composed(topic, told.setting, REPLY_LENGTHS, REPLY_TELLS, REPLY_GROWS, told.trouble)
        if not again:
            return text
        opening = self.phrase("again opening")
        return opening + text.split("：", 1)[-1] if text.startswith("您好") and "：" in text[:60] else opening + text

    def work(self, topic: str, told: Told) -> str:
        """What was done, for the file."""
        return self._said(_fitting(self._topics[f"{topic} H"], told.trouble), told.setting)

    def part_reply(self) -> str:
        """What the unit of a part answers to the leading one."""
        return self.phrase("part reply")

    def phrase(self, kind: str) -> str:
        """One of the set phrases of an office, or of a filer."""
        return self._said(self._random.choice(self._common[kind]), NOWHERE)

    def declining(self) -> dict[str, str]:
        """Why a demand is not taken on, and who would be the right one."""
        reason, _, door = self.phrase("declined").partition("|")
        return {"reason": reason, "right_door": door}

    def _said(self, sentence: Sentence, setting: Setting) -> str:
        return said(sentence, setting, self._random)

    def _sentences(self, topic: str, section: str) -> list[Sentence]:
        if len(section) == 1:
            chosen = list(self._topics[f"{topic} {section}"])
        else:
            of_one = f"{section} of one" if topic in OF_ONE else section
            chosen = list(self._common.get(of_one, self._common[section]))
        self._random.shuffle(chosen)
        return chosen[: MOST.get(section, len(chosen))]

    def _composed(
        self,
        topic: str,
        setting: Setting,
        lengths: Quantiles,
        tells: tuple[str, ...],
        grows: tuple[str, ...],
        trouble: int,
    ) -> str:
        """A text of a length drawn as real ones have it: what must be said, then whatever else fits."""
        length = drawn_length(lengths, self._random)
        sections = {section: self._sentences(topic, section) for section in tells}
        for section in sections.keys() & OF_A_TROUBLE:
            sections[section] = [_fitting(self._topics[f"{topic} {section}"], trouble)]
        chosen: list[tuple[int, str]] = []
        left = length
        for section, sentence in self._by_turns(sections, grows):
            text = self._said(sentence, setting)
            if not chosen:
                text = trimmed(text, length)
            elif len(text) > left + SLACK:
                continue
            chosen.append((tells.index(section), text))
            left -= len(text)
            if left < SLACK:
                break
        return _joined(sorted(chosen, key=lambda each: each[0]), tells, is_long=length >= PARAGRAPHS_FROM)

    def _by_turns(self, sections: dict[str, list[Sentence]], grows: tuple[str, ...]) -> Iterable[tuple[str, Sentence]]:
        """First one of each that must not be missing, then the rest as it comes."""
        for section in grows:
            yield section, sections[section][0]
        rest = [
            (section, sentence)
            for section, sentences in sections.items()
            for sentence in (sentences[1:] if section in grows else sentences)
        ]
        self._random.shuffle(rest)
        yield from rest


def _fitting(sentences: tuple[Sentence, ...], trouble: int) -> Sentence:
    """The sentence about a trouble; they stand in the same order under each topic."""
    return sentences[min(trouble, len(sentences) - 1)]


def _joined(chosen: list[tuple[int, str]], tells: tuple[str, ...], *, is_long: bool) -> str:
    """One text of the sentences; long ones in paragraphs."""
    text, last = "", -1
    for place, sentence in chosen:
        if text and is_long and place != last and tells[place] in NEW_PARAGRAPH:
            text += "\n"
        text += sentence
        last = place
    return text
