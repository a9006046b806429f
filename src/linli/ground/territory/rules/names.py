"""Finding the units that a text names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from linli.ground.territory.rules.levels import STEP
from linli.ground.territory.rules.places import How, Place, Resolved
from linli.kernel.divisions import Level

SHORTEST = 2
ENDINGS = {
    Level.DISTRICT: ("区",),
    Level.STREET: ("街道办事处", "街道"),
    Level.COMMUNITY: (
        "社区居民委员会",
        "社区居委会",
        "居民委员会",
        "村民委员会",
        "居委会",
        "村委会",
        "社区",
    ),
}


def short_name(name: str, level: Level) -> str:
    """A name as neighbours say it: 清荷里社区居委会 is 清荷里. Kept whole if little would be left."""
    for ending in ENDINGS.get(level, ()):
        if name.endswith(ending) and len(name) - len(ending) >= SHORTEST:
            return name.removesuffix(ending)
    return name


@dataclass(frozen=True)
class _Mention:
    start: int
    words: str
    units: tuple[Place, ...]

    @property
    def end(self) -> int:
        return self.start + len(self.words)


class Gazetteer:
    """The names of a district, down to its communities, and what each may stand for."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._by_path: dict[str, Place] = {}
        self._units: defaultdict[str, list[Place]] = defaultdict(list)
        self._short: set[str] = set()
        for place in places:
            self._by_path[place.path] = place
            if place.level is Level.GRID:
                continue
            short = short_name(place.name, place.level)
            self._short.add(short)
            for form in {place.name, short, *(short + ending for ending in ENDINGS[place.level])}:
                self._units[form].append(place)
        self._by_start: defaultdict[str, list[str]] = defaultdict(list)
        for form in sorted(self._units, key=lambda form: (-len(form), form)):
            self._by_start[form[:SHORTEST]].append(form)

    def resolve(self, text: str) -> Resolved:
        """The unit a text speaks of.

        Names inside longer names do not count. A unit mentioned together with one below it gives way to that
        one, and helps to tell namesakes apart. Among what is left the longest name wins; if that still leaves
        several units, the smallest one around them all is given.

        Raises:
            ValueError: the district has not been founded.
        """
        mentions = _narrowed(self._mentions(text))
        left = [mention for mention in mentions if not _is_around_another(mention, mentions)]
        if not left:
            return Resolved(self._around(()), How.NOT_NAMED)
        longest = max(len(mention.words) for mention in left)
        chosen = [mention for mention in left if len(mention.words) == longest]
        units = tuple(dict.fromkeys(unit for mention in chosen for unit in mention.units))
        words = "、".join(dict.fromkeys(mention.words for mention in chosen))
        if len(units) > 1:
            return Resolved(self._around(units), How.AMBIGUOUS, words, units)
        full = words not in self._short or words == units[0].name
        return Resolved(units[0], How.FULL_NAME if full else How.SHORT_NAME, words)

    def _mentions(self, text: str) -> list[_Mention]:
        """The names in a text, longest first where they overlap."""
        found = []
        for start in range(len(text) - SHORTEST + 1):
            for form in self._by_start.get(text[start : start + SHORTEST], ()):
                if text.startswith(form, start):
                    found.append(_Mention(start, form, tuple(self._units[form])))
                    break
        kept: list[_Mention] = []
        for mention in sorted(found, key=lambda mention: (-len(mention.words), mention.start)):
            if all(mention.end <= other.start or other.end <= mention.start for other in kept):
                kept.append(mention)
        return kept

    def _around(self, units: tuple[Place, ...]) -> Place:
        """The smallest unit around all of `units`, the district for none."""
        path = min((unit.path for unit in units), default="")
        while path and not all(unit.path.startswith(path) for unit in units):
            path = path[:-STEP]
        if path in self._by_path:
            return self._by_path[path]
        district = next((place for place in self._by_path.values() if place.level is Level.DISTRICT), None)
        if district is None:
            raise ValueError("no district: run `linli territory import` or `linli init` first")
        return district


def _narrowed(mentions: list[_Mention]) -> list[_Mention]:
    """Namesakes reduced to those in a street that the text names without doubt."""
    streets = [
        mention.units[0] for mention in mentions if len(mention.units) == 1 and mention.units[0].level is Level.STREET
    ]
    narrowed = []
    for mention in mentions:
        within = tuple(
            unit for unit in mention.units if any(street.holds(unit) and street != unit for street in streets)
        )
        several = len(mention.units) > 1 and within
        narrowed.append(_Mention(mention.start, mention.words, within) if several else mention)
    return narrowed


def _is_around_another(mention: _Mention, mentions: list[_Mention]) -> bool:
    """Whether everything this mention may mean lies around everything that another one may mean."""
    return any(
        all(unit.holds(other) and unit != other for unit in mention.units for other in smaller.units)
        for smaller in mentions
        if smaller is not mention
    )
