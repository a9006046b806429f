"""What a feature tells the ground about its kind of matter."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from linli.ground.matters.models import Matter
from linli.ground.record.models import Record
from linli.kernel.access import AccessTable, Actor
from linli.kernel.procedure import Procedure
from linli.kernel.workdays import Workdays

RowT = TypeVar("RowT", bound=models.Model)


@dataclass(frozen=True)
class Feature(Generic[RowT]):
    """A kind of matter: its row, its procedures by version, its access table, its facts.

    Args:
        facts: builds the frozen facts that guards and deadlines read, from a locked row, without a query.
        recipients: who is told of each of some record rows: person and whether they are told as staff. The rows of a
            batch come together, so that what they have in common is looked up once.
        words: a state's or an event's code in the language of the page.
        told: an event's code as the one who filed the matter is told of it.
        reclock: sets the clock of the matter and of the row again after a calendar has changed.
        tones: a state's tone on a badge (new, waiting, done, stopped); moving where nothing is said.
        resting: states in which no clock runs against the holder.
        paused: those of them in which the clock goes on later, because somebody else has the turn.
        narrow: the condition of those filters of the inbox that only this kind of matter knows; as it was before a
            moment, if one is given.
        turns: which matters wait for the actor's own word, where their office reviews, signs or grants.
        known_as: which matters bear a number of another house, or were filed by the caller with this telephone.
        sweeps: steps that time takes on matters of which no moment tells when they are due, and on which ones now.
        emptied: what the feature's columns that tell of somebody hold once the matter is erased.
        later_clocks: columns, seen from the matter, of the feature's other moments that are counted in working days.
    """

    kind: str
    model: type[RowT]
    procedures: Mapping[int, Procedure]
    access: AccessTable
    facts: Callable[[RowT, Actor, datetime], Any]
    recipients: Callable[[Sequence[tuple[Record, Matter]]], Sequence[Iterable[tuple[UUID, bool]]]]
    words: Callable[[str], str]
    told: Callable[[str], str]
    reclock: Callable[[RowT, Workdays], None]
    tones: Mapping[str, str] = field(default_factory=dict)
    resting: frozenset[str] = frozenset()
    paused: frozenset[str] = frozenset()
    narrow: Callable[[Mapping[str, str], datetime | None], Q] | None = None
    turns: Callable[[Actor], Q] | None = None
    known_as: Callable[[Actor, str], Q] | None = None
    sweeps: Mapping[str, Callable[[datetime], Q]] = field(default_factory=dict)
    emptied: Mapping[str, Any] = field(default_factory=dict)
    later_clocks: tuple[str, ...] = ()
    actions: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def newest(self) -> int:
        """The version that new matters start under."""
        return max(self.procedures)

    def procedure_of(self, matter: Matter) -> Procedure:
        """The procedure under which the matter started."""
        return self.procedures[matter.procedure_version]


FEATURES: dict[str, Feature[Any]] = {}


def register(feature: Feature[RowT]) -> Feature[RowT]:
    """Make a feature known to the clock, the search and the pages."""
    FEATURES[feature.kind] = feature
    return feature


def load_actions(package: str) -> None:
    """Import every module of a feature's `actions`, so that each write is registered."""
    actions = import_module(f"{package}.actions")
    for module in iter_modules(actions.__path__):
        import_module(f"{package}.actions.{module.name}")
