"""Whether a change leaves ground, grids and households divided exactly, and if not, where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from linli.ground.territory.rules.changes import (
    ChangeFault,
    ChangeKind,
    Part,
    Standing,
    UnitChange,
    form_faults,
    households_together,
)
from linli.ground.territory.rules.coverage import Outline, misfit, shared, together


def change_faults(
    change: UnitChange, standing: Mapping[str, Standing], taken: Collection[str], day: date
) -> tuple[ChangeFault, ...]:
    """What is wrong with a change of units; nothing, if it leaves the district divided as exactly as before.

    Args:
        standing: the units in force.
        taken: every code that ever stood for a unit: none is given out twice.
        day: the first day of what comes.
    """
    faults = form_faults(change, standing, taken, day)
    if faults or change.kind not in (ChangeKind.SPLIT, ChangeKind.REDRAW):
        return faults
    sources = [standing[code] for code in change.sources]
    given = tuple(_given_faults(change, sources))
    found = given or tuple(_division_faults(change, sources, standing))
    moves = change.kind is ChangeKind.SPLIT or any(
        part.grids or part.addresses or _gains(part, sources) for part in change.parts
    )
    return found or (() if moves else (ChangeFault("nothing_moves"),))


def grids_after(change: UnitChange, part: Part, standing: Mapping[str, Standing]) -> tuple[str, ...]:
    """The grids of a part after a split or a new boundary: those that come, and those that stay."""
    come = {grid for each in change.parts for grid in each.grids}
    stay = standing[part.code].grids if part.code in change.sources else ()
    return tuple(sorted({*part.grids, *(grid for grid in stay if grid not in come)}))


def _given_faults(change: UnitChange, sources: Sequence[Standing]) -> Iterator[ChangeFault]:
    """Whether every part is drawn where the sources are, and every grid goes to one part."""
    drawn = [each.code for each in sources if each.outline]
    undrawn = [part.code for part in change.parts if not part.outline]
    if drawn and undrawn:
        yield ChangeFault("not_drawn", {"code": undrawn[0] if change.kind is ChangeKind.REDRAW else drawn[0]})
    elif len(undrawn) < len(change.parts) and len(drawn) < len(sources):
        yield ChangeFault("source_not_drawn", {"code": next(each.code for each in sources if not each.outline)})
    given = Counter(grid for part in change.parts for grid in part.grids)
    there = Counter(grid for each in sources for grid in each.grids)
    wrong = given - there
    if change.kind is ChangeKind.SPLIT:
        wrong += there - given
    else:
        own = {each.code: each.grids for each in sources}
        wrong += Counter(grid for part in change.parts for grid in part.grids if grid in own[part.code])
    if wrong:
        yield ChangeFault("grids_not_divided", {"codes": "、".join(sorted(wrong))})


def _gains(part: Part, sources: Sequence[Standing]) -> bool:
    return any(each.code != part.code and shared(each.outline, part.outline) for each in sources)


def _division_faults(
    change: UnitChange, sources: Sequence[Standing], standing: Mapping[str, Standing]
) -> Iterator[ChangeFault]:
    """Whether ground and households are divided exactly, down to the grids where these divided them before."""
    codes = "、".join(each.code for each in sources)
    yield from _ground_faults("not_divided", codes, _whole(sources), [part.outline for part in change.parts])
    households = households_together([each.households for each in sources])
    if households is not None and sum(part.households or 0 for part in change.parts) != households:
        yield ChangeFault("households_not_divided", {"code": codes, "households": households})
    after = {part: [standing[grid] for grid in grids_after(change, part, standing)] for part in change.parts}
    before = [[standing[grid] for grid in each.grids] for each in sources]
    if not any(before):
        return
    if all(_is_covered(each.outline, grids) for each, grids in zip(sources, before, strict=True)):
        for part, grids in after.items():
            yield from _ground_faults("grids_not_fitting", part.code, part.outline, [each.outline for each in grids])
    if all(_is_counted(each.households, grids) for each, grids in zip(sources, before, strict=True)):
        for part, grids in after.items():
            if not _is_counted(part.households, grids):
                yield ChangeFault("grid_households", {"code": part.code, "households": part.households or 0})


def _whole(sources: Sequence[Standing]) -> Outline | None:
    return sources[0].outline if len(sources) == 1 else together([each.outline for each in sources])


def _ground_faults(
    fault: str, code: str, whole: Outline | None, parts: Sequence[Outline | None]
) -> Iterator[ChangeFault]:
    wrong = misfit(whole, [each for each in parts if each]) if whole else None
    if wrong is not None:
        place = {"longitude": f"{wrong.longitude:.6f}", "latitude": f"{wrong.latitude:.6f}"}
        yield ChangeFault(fault, {"code": code, "area": round(wrong.area_m2), **place})


def _is_covered(outline: Outline | None, grids: Sequence[Standing]) -> bool:
    """Whether drawn grids divide an outline; what has neither is divided too."""
    drawn = [each.outline for each in grids if each.outline]
    if not outline:
        return not drawn
    return bool(grids) and len(drawn) == len(grids) and misfit(outline, drawn) is None


def _is_counted(households: int | None, grids: Sequence[Standing]) -> bool:
    known = households_together([each.households for each in grids])
    return known is not None and known == (households or 0)
