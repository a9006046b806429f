"""What people in the year write and are answered: composed of the story's wording, as long as real messages are."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from linli.demo.grammar import Sentence, Setting, said, setting_in, topic_wording, trimmed, wording
from linli.demo.measured import REPLY_LENGTHS, TEXT_LENGTHS, Quantiles, drawn_length
from linli.ground.territory.facade import Unit

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
ONCE = {"opening", "closing", "C", "reply opening", "reply closing", "H"}


@dataclass(frozen=True)
class Told:
    """A demand as it was written."""

    title: str
    text: str
    place: str
    setting: Setting = NOWHERE


class Teller:
    """Writes what people write. The same draws give the same words."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._topics, self._common = topic_wording(), wording("common")
        self._spots: dict[str, tuple[Setting, Sentence, Sentence]] = {}

    def told(self, topic: str, place: Unit, spot: str = "") -> Told:
        """A demand about a topic; about one hot spot all say the same thing, each in their own words."""
        setting, title, core = self._spot(topic, place, spot) if spot else self._trouble(topic, place)
        text = self._composed(topic, setting, TEXT_LENGTHS, TELLS, GROWS, core)
        return Told(self._said(title, setting)[:LONGEST_TITLE], text, setting.place + setting.spot, setting)

    def _trouble(self, topic: str, place: Unit) -> tuple[Setting, Sentence, Sentence]:
        choose = self._random.choice
        return setting_in(place.name, self._random), choose(self._topics[f"{topic} T"]), choose(self._topics[f"{topic} C"])

    def _spot(self, topic: str, place: Unit, spot: str) -> tuple[Setting, Sentence, Sentence]:
        if spot not in self._spots:
            self._spots[spot] = self._trouble(topic, place)
        return self._spots[spot]

    def reply(self, topic: str, told: Told, *, again: bool = False) -> str:
        """What the unit answers."""
        text = self._composed(topic, told.setting, REPLY_LENGTHS, REPLY_TELLS, REPLY_GROWS, None)
        if not again:
            return text
        opening = self.phrase("again opening")
        return opening + text.split("：", 1)[-1] if text.startswith("您好") and "：" in text[:60] else opening + text

    def work(self, topic: str) -> str:
        """What was done, for the file."""
        return self._said(self._random.choice(self._topics[f"{topic} H"]), NOWHERE)

    def part_reply(self, topic: str) -> str:
        """What the unit of a part answers to the leading one."""
        return f"{self.phrase('part reply')}{self.work(topic)}"

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
        found = self._topics[f"{topic} {section}"] if len(section) == 1 else self._common[section]
        chosen = list(found)
        self._random.shuffle(chosen)
        return chosen[:1] if section in ONCE else chosen

    def _composed(
        self,
        topic: str,
        setting: Setting,
        lengths: Quantiles,
        tells: tuple[str, ...],
        grows: tuple[str, ...],
        core: Sentence | None,
    ) -> str:
        """A text of a length drawn as real ones have it: what must be said, then whatever else fits."""
        length = drawn_length(lengths, self._random)
        sections = {section: self._sentences(topic, section) for section in tells}
        if core is not None:
            sections["C"] = [core]
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


def _joined(chosen: list[tuple[int, str]], tells: tuple[str, ...], *, is_long: bool) -> str:
    """One text of the sentences; long ones in paragraphs."""
    text, last = "", -1
    for place, sentence in chosen:
        if text and is_long and place != last and tells[place] in NEW_PARAGRAPH:
            text += "\n"
        text += sentence
        last = place
    return text
