"""Reforms of the small district, as plans and as files."""

import json
from pathlib import Path
from typing import Any

from linli.ground.reforms.actions.carry_out_reform import ReformResult, carry_out_reform
from linli.ground.reforms.rules.plan import OfficeChange, OfficePart, ReformPlan
from linli.ground.territory.facade import ChangeKind, Part, UnitChange
from linli.kernel.access import SYSTEM
from tests.world import World, square

A1, A2, A3, A4 = "990104001001", "990104001002", "990104001003", "990104001004"
MERGED, WEST, EAST = "新社区居民委员会", "西社区居民委员会", "东社区居民委员会"
UNITS = UnitChange(ChangeKind.MERGE, (A1, A2), (Part(A3, "新社区"),), A3)
COMMITTEES = OfficeChange(
    ChangeKind.MERGE,
    ("A1社区居民委员会", "A2社区居民委员会"),
    (OfficePart(MERGED, new=True, area=A3),),
    MERGED,
)
SPLIT_UNITS = UnitChange(
    ChangeKind.SPLIT,
    (A1,),
    (
        Part(A3, "西社区", square(118.0, 32.0, 118.1, 32.1), "WGS84"),
        Part(A4, "东社区", square(118.1, 32.0, 118.2, 32.1), "WGS84", addresses=("梧桐路",)),
    ),
    A3,
)
SPLIT_COMMITTEES = OfficeChange(
    ChangeKind.SPLIT,
    ("A1社区居民委员会",),
    (OfficePart(WEST, new=True, area=A3), OfficePart(EAST, new=True, area=A4)),
    WEST,
)
# The old section of a street is dissolved into another one (R07).
SECTION = OfficeChange(ChangeKind.MERGE, ("甲街道城市管理部",), (OfficePart("甲街道社会管理部"),), "甲街道社会管理部")


def plan(world: World, units: Any = (), offices: Any = ()) -> ReformPlan:
    """A reform for today."""
    return ReformPlan(world.now.date(), "青政发〔2026〕1号", "社区规模调整", tuple(units), tuple(offices))


def reformed(world: World, units: Any = (), offices: Any = ()) -> ReformResult:
    """The reform, carried out a day later."""
    world.later(days=1)
    return carry_out_reform(plan(world, units, offices), actor=SYSTEM, now=world.now)


def written(folder: Path, **content: Any) -> Path:
    """A plan in a file."""
    file = folder / "plan.json"
    file.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return file
