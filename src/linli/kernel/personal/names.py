"""Names of persons, weighed by surname, given name, word boundaries and what stands before and after.

Every surname character opens candidates: with a title (王阿姨), with 老 or 小 before it, with 某 or crosses in
place of the given name, or with a given name of one or two characters. Evidence adds up; a candidate that
reaches the threshold is a name. Names joined by 和 or 、 to a name, and repeats of a name, need less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from linli.kernel.personal.findings import Finding, Kind
from linli.kernel.personal.lexicon import COMPOUND_WEIGHT, PAIR_WEIGHT, PLAIN_SURNAME, Lexicon, lexicon
from linli.kernel.personal.words import CLOSING, OPENING, SENTENCE_STARTS, Words, longest_before, longest_from

THRESHOLD = 2.1
JOINED_THRESHOLD = 1.2
USUAL_SURNAME = 0.9
FUNCTION_SURNAME = -1.0

NAMING, ROLE, VERB, EDGE = 3.0, 2.0, 0.8, 0.5
TITLE, LONG_TITLE, TITLE_AFTER_NAME, AFTER, NUMBER_AFTER = 3.0, 3.7, 2.5, 0.9, 1.5
CUTS_WORD, IS_WORD, PLACE = -4.0, -3.0, -4.0
HOPELESS = -4.0

_HIDDEN = re.compile(
    r"某某某?|某(?![些个种日天时地处年月部单小公物人位方栋楼市区县街社路工企门机学医]|家[公企店酒单医银])|[XxＸｘ×*＊○〇_]{1,3}(?![A-Za-z0-9*])"
)
_JOINT = re.compile(r"[、，,和与跟及同]|以及|/|\s+")
_NUMBER_AFTER = re.compile(r"[\s(（,，:：]{0,2}(?:电话|手机|联系电话|身份证|男|女|先生|女士|[(（]?1[3-9]\d|\d{4,})")
_PLACEHOLDER = re.compile(r"张三|李四|王五|赵六|王二麻子")
_SURNAME_ONLY = re.compile(r"姓([\u4e00-\u9fff])(?=[的，,。、男女\s]|$)")
_DOTTED = re.compile(r"[\u4e00-\u9fff]{2,6}·[\u4e00-\u9fff]{2,7}")
_OLD_THINGS = frozenset("龙牛汤毛皮沙车衣金")
_PLACE_TAILS = frozenset("湾岗岭潭墩嘴冲渡沟坝塘坳坪圩埠镇屯村湖洞")
_ESTATE_TAILS = frozenset("苑庭园轩阁府城湾居里村墅邸坊寓庄郡都")
_BUILDING_AFTER = re.compile(r"\s?(?:[A-Za-z]?\d{1,3}|[一二三四五六七八九十]{1,3})\s?(?:号楼|栋|幢|座|期|#)")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_SHORT_TITLE_ENDS = frozenset("说讲的也就，,。、和在家来去")


@dataclass(frozen=True)
class Candidate:
    """A stretch that may be a name, and the evidence for it."""

    start: int
    end: int
    score: float
    bare_end: int
    """Where the name ends and a title after it begins."""
    names_place: bool = False
    """Whether a word for a place or a firm follows."""

    @property
    def length(self) -> int:
        """How many characters it covers."""
        return self.end - self.start


def find_names(text: str, words: Words) -> list[Finding]:
    """Names of persons in the text."""
    return _NameFinder(text, words, lexicon()).findings()


class _NameFinder:
    def __init__(self, text: str, words: Words, known: Lexicon) -> None:
        self.text = text
        self.words = words
        self.known = known

    @cached_property
    def _all(self) -> list[Candidate]:
        found: list[Candidate] = []
        for start, sign in enumerate(self.text):
            if sign in "老小":
                found.extend(self._familiar(start))
            compound = self.text[start : start + 2] in self.known.compound_surnames
            if compound:
                found.extend(self._from_surname(start, start + 2, COMPOUND_WEIGHT))
            weight = self.known.surnames.get(sign)
            if weight is not None and not (compound and self.words.begins(start + 2)):
                found.extend(self._from_surname(start, start + 1, weight))
        found.extend(self._fixed())
        return found

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Every candidate worth a second look, the best evidence first."""
        return sorted(
            (candidate for candidate in self._all if candidate.score >= JOINED_THRESHOLD),
            key=lambda candidate: (-candidate.score, -candidate.length, candidate.start),
        )

    def findings(self) -> list[Finding]:
        """The accepted candidates."""
        taken = [False] * len(self.text)
        accepted: list[Candidate] = []
        places = {self.text[candidate.start : candidate.end] for candidate in self._all if candidate.names_place}

        def accept(candidate: Candidate) -> bool:
            if any(taken[candidate.start : candidate.end]):
                return False
            taken[candidate.start : candidate.end] = [True] * candidate.length
            accepted.append(candidate)
            return True

        for candidate in self.candidates:
            # What names a street elsewhere in the text (咸嘉 beside 咸嘉村) needs more to be a person.
            doubt = 1.5 if self.text[candidate.start : candidate.end] in places else 0.0
            if candidate.score >= THRESHOLD + doubt:
                accept(candidate)
        starts = {name.start for name in accepted}
        ends = {name.end for name in accepted}
        for candidate in self.candidates:
            if candidate.score < THRESHOLD and self._joins(candidate, starts, ends):
                accept(candidate)
        for candidate in accepted:
            for repeat in self._repeats(candidate):
                accept(repeat)
        return [Finding(candidate.start, candidate.end, Kind.NAME) for candidate in accepted]

    # Candidates

    def _from_surname(self, start: int, after: int, weight: float) -> Iterator[Candidate]:
        yield from self._hidden(start, after, weight)
        titled = self._titled(start, after, weight)
        if titled:
            yield titled
            return
        before: float | None = None
        for length in (2, 1):
            end = after + length
            if end > len(self.text) or not _HAN.fullmatch(self.text, after, end):
                continue
            given = self._given(self.text[after:end])
            if given <= HOPELESS:
                continue
            before = self._before(start) if before is None else before
            yield self._full(start, after, end, weight + given + before, before)

    def _fixed(self) -> Iterator[Candidate]:
        for match in _PLACEHOLDER.finditer(self.text):
            yield Candidate(match.start(), match.end(), 9.0, match.end())
        for match in _SURNAME_ONLY.finditer(self.text):
            if match[1] in self.known.surnames and self.words.begins(match.start(1)):
                yield Candidate(match.start(), match.end(), 4.0, match.end())
        for match in _DOTTED.finditer(self.text):
            if self._before(match.start()) >= VERB:
                yield Candidate(match.start(), match.end(), 4.0, match.end())

    def _hidden(self, start: int, after: int, weight: float) -> Iterator[Candidate]:
        match = _HIDDEN.match(self.text, after)
        if match is None or weight < FUNCTION_SURNAME or self._broken(start):
            return
        end = match.end()
        if match[0] == "某" and self.text[end : end + 1] in ("姓", "氏"):
            return
        # 李某平: the one character left of the given name.
        rest = self.words.word_at(end)
        if (
            match[0] in ("某", "*", "x", "X")
            and len(rest) == 1
            and self.known.given.get(rest, 0) > 0
            and rest not in self.known.after
        ):
            end += 1
        title = longest_from(self.text, end, self.known.titles, 5)
        if len(title) < 2:
            title = ""
        yield Candidate(start, end + len(title), 5.0 + weight, end)

    def _titled(self, start: int, after: int, weight: float) -> Candidate | None:
        title = longest_from(self.text, after, self.known.titles, 5)
        if not title:
            return None
        end = after + len(title)
        if self.text[start:end] in self.known.turns or self.text[start - 1 : start] == self.text[start:after]:
            return None
        if len(title) == 1 and not self._short_title_holds(title, after, end, weight):
            return None
        first = self.text[start - 1 : start]
        familiar = first in ("老", "小") and self.words.word_at(start - 1) in (
            first,
            self.text[start - 1 : after],
        )
        before = self._before(start - familiar)
        if weight < FUNCTION_SURNAME and before < NAMING:
            return None
        broken = self._broken(start) and not familiar
        word = self.words.word_at(start)
        if after - start == 1 and len(word) > 1 and not self.text.startswith(word, start, end):
            broken = True
        if after - start == 1 and 1 < len(word) < 1 + len(title) and word[1:] != title[: len(word) - 1]:
            broken = True
        sure = LONG_TITLE if len(title) > 1 and weight > FUNCTION_SURNAME else TITLE
        score = weight + sure + min(before, NAMING) + (CUTS_WORD if broken else 0.0)
        if longest_from(self.text, end, self.known.places, 4) in ("律师事务所", "诊所", "公司"):
            score += PLACE
        return Candidate(start - familiar, end, score, after)

    def _short_title_holds(self, title: str, after: int, end: int, weight: float) -> bool:
        if weight < FUNCTION_SURNAME or not self.words.begins(end):
            return False
        if not self.words.begins(after) and not self.words.begins(after - 1):
            return False
        if title in "所队母父氏妈爸爷工":
            return weight >= USUAL_SURNAME and (end >= len(self.text) or self.text[end] in _SHORT_TITLE_ENDS)
        return True

    def _familiar(self, start: int) -> Iterator[Candidate]:
        surname = self.text[start + 1 : start + 2]
        weight = self.known.surnames.get(surname, -9.0)
        end = start + 2
        if weight < FUNCTION_SURNAME or self._broken(start) or self.text[start - 1 : start] in ("养", "古", "大"):
            return
        # The dictionary may join the surname to what follows it: 陈说, 韩家.
        joined = self.words.word_at(start + 1)
        if not self.words.begins(end) and not (len(joined) == 2 and joined[1] in self.known.after):
            return
        score = weight + 1.0 + self._before(start) + (self._after(end) if self.words.begins(end) else AFTER)
        word = self.words.word_at(start)
        if self.text[start:end] in self.known.turns or (self.text[start] == "老" and surname in _OLD_THINGS):
            score -= 2.0
        elif len(word) > 1 and weight < PLAIN_SURNAME and not self.words.speech_at(start).startswith("nr"):
            score -= 0.5
        if self.text[end : end + 1] == "头":
            end += 1
        yield Candidate(start, end, score, end)

    def _full(self, start: int, after: int, end: int, score: float, before: float) -> Candidate:
        text, known = self.text, self.known
        given = text[after:end]
        name = text[start:end]
        named = before >= NAMING
        # Behind 我叫 or 业主 even a word of the dictionary, or a cut through one, can be a name.
        shape = max(self._shape(start, after, end), -1.5 if named else -2.5 if before >= ROLE else CUTS_WORD)
        score += shape
        if name in known.figures or (name in known.firms and not named):
            return Candidate(start, end, -9.0, end)
        if name in known.turns or (len(given) == 2 and given[-1] in _PLACE_TAILS):
            score += -1.0 if named else IS_WORD
        elif text[start : start + 2] in known.turns:
            score -= 1.5
        elif text[start : start + 2] in known.firms and before < ROLE:
            score -= 2.5
        title = longest_from(text, end, known.titles, 5)
        if len(title) >= 2:
            return Candidate(start, end + len(title), score + TITLE_AFTER_NAME, end)
        after_it = self._after(end)
        if text[end - 1 : end + 1] in known.places or text[end - 1 : end + 1] == "新村":
            after_it = PLACE
        if given[-1] in _ESTATE_TAILS and _BUILDING_AFTER.match(text, end):
            after_it = PLACE
        return Candidate(start, end, score + after_it, end, names_place=after_it == PLACE)

    # Evidence

    def _given(self, given: str) -> float:
        weights = [self.known.given.get(sign, -0.8) for sign in given]
        if given in self.known.pairs:
            return max(PAIR_WEIGHT, sum(weights)) if min(weights) > -1 else PAIR_WEIGHT
        score = sum(weights)
        if given[-1] in self.known.never_last:
            score -= 2.0
        return score - (0.5 if len(given) == 1 else 0.0)

    def _shape(self, start: int, after: int, end: int) -> float:
        words = self.words
        if self._broken(start):
            return CUTS_WORD
        word, speech = words.word_at(start), words.speech_at(start)
        person = speech.startswith("nr")
        score = 0.0 if words.begins(end) else IS_WORD
        reach = start + len(word)
        if reach > end:
            return score + (-1.0 if person else CUTS_WORD)
        if reach == end:
            # The dictionary calls many ordinary words of two characters names.
            return score + ((1.0 if reach - start == 2 else 2.0) if person else IS_WORD)
        if reach > after:
            return score + (0.3 if person else IS_WORD)
        if end - after == 1 or words.begins(after + 1):
            return score + 0.8
        if words.speech_at(after).startswith("nr"):
            return score + 1.0
        return score + (0.4 if self.text[after:end] in self.known.pairs else -0.5)

    def _broken(self, start: int) -> bool:
        """Whether a word, not itself a name, is cut by a beginning here."""
        cover = self.words.covering[start]
        return cover != start and not self.words.speech_at(cover).startswith("nr")

    def _before(self, start: int) -> float:
        """What the text before speaks for a name."""
        text, known = self.text, self.known
        end = start
        while end > 0 and start - end < 3 and text[end - 1] in OPENING:
            end -= 1
        edge = EDGE if start == 0 or text[start - 1] in SENTENCE_STARTS else 0.0
        if longest_before(text, end, known.naming, 6):
            return NAMING
        role = longest_before(text, end, known.roles, 5)
        # A cut that joins the end of the role to the surname (楼|长沙|玉华) does not take the role away.
        if len(role) > 1 or (role and self.words.begins(end)):
            return ROLE if end == start or text[start - 1] not in ",，" else ROLE / 2
        if end > 1 and text[end - 1] in "是为叫" and longest_before(text, end - 1, known.roles, 5):
            return ROLE
        verb = longest_before(text, end, known.verbs, 4)
        if verb and end == start and self.words.begins(end - len(verb)):
            return VERB
        return edge

    def _after(self, end: int) -> float:
        """What the text after speaks for a name, or against it."""
        text, known = self.text, self.known
        if end >= len(text):
            return EDGE
        if _NUMBER_AFTER.match(text, end):
            return NUMBER_AFTER
        word = self.words.word_at(end)
        if word in known.places or longest_from(text, end, known.places, 5)[1:]:
            return PLACE
        if word in known.after or longest_from(text, end, known.after, 4)[1:]:
            return AFTER
        if word[:1] in known.after:
            return EDGE
        return EDGE if text[end] in CLOSING else 0.0

    # Names that other names vouch for

    def _joins(self, candidate: Candidate, starts: set[int], ends: set[int]) -> bool:
        """Whether 和, a comma or the like stands between the candidate and an accepted name."""
        for gap in (1, 2):
            before, after = candidate.start - gap, candidate.end + gap
            if before in ends and _JOINT.fullmatch(self.text, before, candidate.start):
                return True
            if after in starts and _JOINT.fullmatch(self.text, candidate.end, after):
                return True
        return False

    def _repeats(self, candidate: Candidate) -> Iterator[Candidate]:
        name = self.text[candidate.start : candidate.bare_end]
        if len(name) < 2 or candidate.score < THRESHOLD or not _HAN.fullmatch(name):
            return
        for match in re.finditer(re.escape(name), self.text):
            at, end = match.span()
            if self._after(end) == PLACE:
                continue
            if len(name) > 2 or (not self._broken(at) and self.words.begins(end)):
                yield Candidate(at, end, candidate.score, end)
