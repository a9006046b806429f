"""For each possible step of a matter: it may be taken, or what is missing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.ground.matters.action import subject_of
from linli.ground.matters.features import Feature
from linli.kernel.access import Actor
from linli.kernel.procedure import Blocker


@dataclass(frozen=True)
class Offer:
    """A step that the actor may take in this state, or that waits for something."""

    name: str
    blockers: tuple[Blocker, ...]

    @property
    def is_open(self) -> bool:
        """Whether the button works."""
        return not self.blockers


def offers(feature: Feature[Any], row: Any, actor: Actor, now: datetime) -> list[Offer]:
    """The steps of the present state that are the actor's, in the order of the procedure; no query."""
    matter = row.matter
    procedure = feature.procedure_of(matter)
    facts = feature.facts(row, actor, now)
    subject = subject_of(matter)
    found = []
    for name in procedure.open_in(matter.state):
        if feature.access.decide(actor, name, subject).allowed:
            _, blockers = procedure.take(name, matter.state, facts)
            found.append(Offer(name, blockers))
    return found
