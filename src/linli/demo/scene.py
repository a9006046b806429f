"""The scene of the year: the moment that it has come to, every act taken on it, and what time has to do next."""

import heapq
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from linli.demo.cast import Cast
from linli.demo.chances import Deck
from linli.demo.fates import GRIEVANCES, Grievance
from linli.demo.rhythm import Rhythm
from linli.ground.matters.action import Done, Refused
from linli.ground.matters.models import Matter
from linli.ground.matters.ticking import sweep, take_due_step
from linli.kernel.access import Actor
from linli.services.cases.facade import advise_on
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import State

Lives = Iterator[datetime]
SWEEP_EVERY = timedelta(hours=4)


@dataclass
class Scene:
    """Takes the acts of all lives in order of time; between them the clock takes its due steps.

    Whoever takes an act knows from the row when time will act on the matter next, so the clock need not look for it.

    Args:
        outcomes: how often each act was taken; what time took by itself under names of its own.
        doors: how many demands came in by each door.
        refusals: lives that were cut short, by what was refused; there are to be none.
        advised: demands for which topics are proposed by the next morning.
    """

    cast: Cast
    rhythm: Rhythm
    random: Random
    now: datetime
    outcomes: Counter[str] = field(default_factory=Counter)
    doors: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    advised: set[int] = field(default_factory=set)
    _received: list[int] = field(default_factory=list)
    _acting: str = ""
    _due: dict[int, datetime | None] = field(default_factory=dict)
    _clock: list[tuple[datetime, int]] = field(default_factory=list)
    _queue: list[tuple[datetime, int, Lives]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.grievances: Deck[Grievance] = Deck(self.random, GRIEVANCES)
        self._sweep_at = self.rhythm.in_office(self.now)

    def enter(self, life: Lives, at: datetime) -> None:
        """Let a life begin at a moment."""
        heapq.heappush(self._queue, (at, next(self._order), life))

    def act(self, name: str, matter: int, actor: Actor, **inputs: Any) -> Done[Case]:
        """Take one step."""
        self._acting = name
        done: Done[Case] = CASES.actions[name](matter, actor=actor, now=self.now, **inputs)
        self.outcomes[name] += 1
        self.note(done.matter)
        return done

    def received(self, matter: Matter) -> None:
        """A demand has come in."""
        self._received.append(matter.pk)
        self.note(matter)

    def advise(self) -> None:
        """Let the program propose topics for what came in and was not filed the same day, as its worker would."""
        waiting = Matter.objects.filter(pk__in=self._received, state=State.RECEIVED).values_list("pk", flat=True)
        self.advised = set(waiting)
        advise_on(self.advised, self.now)
        self._received.clear()

    def note(self, matter: Matter) -> None:
        """Remember when time will act on a matter next."""
        due = matter.next_due
        if self._due.get(matter.pk) != due:
            self._due[matter.pk] = due
            if due is not None:
                heapq.heappush(self._clock, (due, matter.pk))

    def play_until(self, end: datetime) -> None:
        """Everything that happens before a moment, or at it."""
        while (at := self._next()) <= end:
            self.now = max(self.now, at)
            if self._clock and self._clock[0][0] == at:
                self._let_time_act()
            elif self._sweep_at == at:
                self._sweep()
            else:
                self._go_on()
        self.now = max(self.now, end)

    def _next(self) -> datetime:
        heads = [self._sweep_at]
        if self._clock:
            heads.append(self._clock[0][0])
        if self._queue:
            heads.append(self._queue[0][0])
        return min(heads)

    def _let_time_act(self) -> None:
        due, matter = heapq.heappop(self._clock)
        if self._due.get(matter) != due:
            return
        taken = take_due_step(matter, CASES.kind, self.now)
        if taken is None:
            raise RuntimeError(f"what is due at {due} cannot be done")
        self.outcomes["by the clock"] += 1
        self._due[matter] = None
        self.note(taken)

    def _sweep(self) -> None:
        for matter in sweep(self.now):
            self.outcomes["swept"] += 1
            self.note(matter)
        self._sweep_at = self.rhythm.in_office(self.now + SWEEP_EVERY)

    def _go_on(self) -> None:
        at, _, life = heapq.heappop(self._queue)
        try:
            then = next(life, None)
        except Refused as refusal:
            self.refusals[f"{self._acting}: {' '.join(map(str, refusal.args))}"] += 1
            return
        if then is not None:
            self.enter(life, max(then, at))
