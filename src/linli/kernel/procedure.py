"""Rules as data that can explain themselves: states, steps, guards and clocks of one kind of matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Blocker:
    """What is missing before a step can be taken: a code, and the values its wording needs."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


def missing(code: str, **values: Any) -> tuple[Blocker, ...]:
    """One blocker, in the form that guards return."""
    return (Blocker(code, values),)


@dataclass(frozen=True)
class Due:
    """What time alone will do: at this moment the system takes this step."""

    at: datetime
    step: str


Guard = Callable[[Any], tuple[Blocker, ...]]


def nothing_missing(facts: Any) -> tuple[Blocker, ...]:
    """The guard of a step that is always open in its states."""
    return ()


@dataclass(frozen=True)
class Step:
    """One way from a set of states to one state (`target` None: the state stays as it is)."""

    name: str
    sources: frozenset[StrEnum]
    target: StrEnum | None
    guard: Guard = nothing_missing


def step(
    name: str,
    sources: Iterable[StrEnum] | StrEnum,
    target: StrEnum | None = None,
    guard: Guard = nothing_missing,
) -> Step:
    """A step from one or several states to `target`; without a target it is an act that moves nothing."""
    from_states = {sources} if isinstance(sources, StrEnum) else set(sources)
    return Step(name, frozenset(from_states), target, guard)


class NotOpen(Exception):
    """The step is not open in the present state."""


@dataclass(frozen=True)
class Procedure:
    """The whole life of one kind of matter, in one frozen value.

    Several steps may bear one name when a rule opens a second way to the same act; the first whose sources
    hold the state and whose guard is silent is taken.
    """

    kind: str
    version: int
    initial: StrEnum
    ends: frozenset[StrEnum]
    steps: tuple[Step, ...]
    deadlines: Callable[[Any], Iterable[Due]]

    def named(self, name: str) -> tuple[Step, ...]:
        """Every step called `name`, in order."""
        return tuple(each for each in self.steps if each.name == name)

    def names(self) -> tuple[str, ...]:
        """The names of all steps, each once, in order."""
        return tuple(dict.fromkeys(each.name for each in self.steps))

    def states(self) -> tuple[StrEnum, ...]:
        """The states that it knows, in the order of their vocabulary; a later version may have more."""
        known = {self.initial, *self.ends}
        for each in self.steps:
            known |= each.sources | ({each.target} if each.target is not None else set())
        return tuple(state for state in type(self.initial) if state in known)

    def open_in(self, state: str) -> tuple[str, ...]:
        """The names of the steps that `state` knows, whatever their guards say."""
        return tuple(dict.fromkeys(each.name for each in self.steps if state in each.sources))

    def take(self, name: str, state: str, facts: Any) -> tuple[Step | None, tuple[Blocker, ...]]:
        """The step to take, or what is missing.

        Raises:
            NotOpen: no step of that name starts in `state`.
        """
        candidates = [each for each in self.named(name) if state in each.sources]
        if not candidates:
            raise NotOpen(name)
        first: tuple[Blocker, ...] = ()
        for each in candidates:
            blockers = each.guard(facts)
            if not blockers:
                return each, ()
            first = first or blockers
        return None, first

    def next_due(self, facts: Any) -> Due | None:
        """The earliest thing that time alone will do."""
        return min(self.deadlines(facts), key=lambda due: due.at, default=None)

    def mermaid(self, label: Callable[[str], str] = str) -> str:
        """A picture of the procedure as a Mermaid state diagram; `label` turns codes into words."""
        lines = ["stateDiagram-v2"]
        lines += [f"    {state} : {label(state)}" for state in self.states()]
        lines.append(f"    [*] --> {self.initial}")
        for each in self.steps:
            for source in sorted(each.sources):
                if each.target is not None:
                    lines.append(f"    {source} --> {each.target} : {label(each.name)}")
        lines += [f"    {state} --> [*]" for state in sorted(self.ends)]
        return "\n".join(lines) + "\n"
