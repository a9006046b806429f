"""What the desk is shown of the program's proposals for a demand, before somebody decides."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from linli.ground.matters.clocks import local_day
from linli.services.cases.models import Case, Suggestion
from linli.services.cases.rules.rulebook import rulebook
from linli.services.catalogue.facade import Topic, responsible_unit


@dataclass(frozen=True)
class ProposedTopic:
    """A topic that the program proposes.

    Args:
        probability: from 0 to 1, as the model has learnt to judge itself.
        words: of the demand, those that spoke most for the topic.
        is_sure: likely enough, by the rules, to stand at the top; the others are listed for whoever decides.
    """

    topic: Topic
    probability: float
    words: tuple[str, ...]
    is_sure: bool
    model: int

    @property
    def percent(self) -> int:
        """The probability as people read it; nothing is certain."""
        return min(99, round(100 * self.probability))


@dataclass(frozen=True)
class ProposedUnit:
    """Who probably answers: the unit to which the proposed topics lead at this place, their probabilities added."""

    name: str
    probability: float

    @property
    def percent(self) -> int:
        """The probability as people read it; nothing is certain."""
        return min(99, round(100 * self.probability))


def proposals_for(case: Case, now: datetime) -> list[ProposedTopic]:
    """The topics proposed for a demand that has none yet, the likeliest first; empty where there are none."""
    row = Suggestion.objects.filter(matter=case.pk).values("topics", "model").first() if case.topic_id is None else None
    if row is None:
        return []
    sure_from = rulebook().on(local_day(now)).fraction("suggested_from")
    known = Topic.objects.in_bulk([each["topic"] for each in row["topics"]])
    return [
        ProposedTopic(
            topic=known[each["topic"]],
            probability=each["probability"],
            words=tuple(each["words"]),
            is_sure=place == 0 and Fraction(str(each["probability"])) >= sure_from,
            model=row["model"],
        )
        for place, each in enumerate(row["topics"])
        if each["topic"] in known
    ]


def proposed_unit(case: Case, proposed: list[ProposedTopic]) -> ProposedUnit | None:
    """The unit to which most of the probability leads; None where none of the topics leads to one."""
    sums: defaultdict[str, float] = defaultdict(float)
    for each in proposed:
        unit = responsible_unit(each.topic, case.matter.place, for_district=case.first_contact.is_district_wide)
        if unit is not None:
            sums[unit.name] += each.probability
    if not sums:
        return None
    name = max(sums, key=lambda key: sums[key])
    return ProposedUnit(name, sums[name])
