"""Reading a reform from its file: JSON with the day, the document, and the changes of units and offices."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from shapely.errors import ShapelyError
from shapely.geometry import shape

from linli.ground.reforms.rules.plan import OfficeChange, OfficePart, ReformPlan
from linli.ground.territory.facade import ChangeKind, Part, UnitChange
from linli.kernel.geodesy import Datum, converted


@dataclass(frozen=True)
class PlanProblem:
    """What cannot be read: a code, the field (or the unit) or the line where it stands, and what the reader said."""

    code: str
    where: str
    said: str

    def __str__(self) -> str:
        return f"{self.where}: {self.said}"


class UnreadablePlan(ValueError):
    """The file is no plan; `problems` say where and why."""

    def __init__(self, problems: tuple[PlanProblem, ...]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _WrittenPart(_Written):
    code: str
    name: str = Field("", max_length=60)
    outline: dict[str, Any] | None = None
    datum: Datum = Datum.WGS84
    households: int | None = Field(None, ge=0)
    grids: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    codes: dict[str, str] = Field(default_factory=dict)

    def part(self) -> Part:
        outline = _drawn(self.code, self.outline, self.datum)
        datum = self.datum.value if outline else ""
        return Part(self.code, self.name, outline, datum, self.households, self.grids, self.addresses, self.codes)


class _WrittenUnits(_Written):
    kind: ChangeKind
    sources: tuple[str, ...] = Field(alias="from", min_length=1)
    parts: tuple[_WrittenPart, ...] = Field(alias="to", min_length=1)
    heir: str = ""

    def change(self) -> UnitChange:
        parts = tuple(part.part() for part in self.parts)
        return UnitChange(self.kind, self.sources, parts, self.heir or parts[0].code)


class _WrittenOfficePart(_Written):
    name: str = Field(min_length=1, max_length=80)
    new: bool = False
    area: str = ""
    under: str = ""
    staff: tuple[str, ...] = ()


class _WrittenOffices(_Written):
    kind: ChangeKind
    sources: tuple[str, ...] = Field(alias="from", min_length=1)
    parts: tuple[_WrittenOfficePart, ...] = Field(alias="to", min_length=1)
    heir: str = ""

    def change(self) -> OfficeChange:
        parts = tuple(OfficePart(**part.model_dump()) for part in self.parts)
        return OfficeChange(self.kind, self.sources, parts, self.heir or parts[0].name)


class _WrittenPlan(_Written):
    day: date
    document: str = Field(max_length=120)
    reason: str = Field("", max_length=200)
    units: tuple[_WrittenUnits, ...] = ()
    organizations: tuple[_WrittenOffices, ...] = ()


def read_plan(path: Path) -> ReformPlan:
    """The reform of a file.

    Raises:
        UnreadablePlan: it is not JSON, lacks something, or says something that is not known.
    """
    return parse_plan(path.read_bytes())


def parse_plan(content: bytes) -> ReformPlan:
    """The reform that these bytes write down.

    Raises:
        UnreadablePlan: they are not JSON, lack something, or say something that is not known.
    """
    try:
        written = _WrittenPlan.model_validate(json.loads(content.decode("utf-8-sig")))
        return ReformPlan(
            day=written.day,
            document=written.document,
            reason=written.reason,
            units=tuple(each.change() for each in written.units),
            offices=tuple(each.change() for each in written.organizations),
        )
    except ValidationError as error:
        problems = (PlanProblem(each["type"], _field(each["loc"]), each["msg"]) for each in error.errors())
        raise UnreadablePlan(tuple(problems)) from error
    except UnicodeDecodeError as error:
        raise UnreadablePlan((PlanProblem("not_utf8", str(error.start), "not JSON in UTF-8"),)) from error
    except json.JSONDecodeError as error:
        where = f"{error.lineno}:{error.colno}"
        raise UnreadablePlan((PlanProblem("not_json", where, f"not JSON: {error.msg}"),)) from error
    except RecursionError as error:
        raise UnreadablePlan((PlanProblem("not_json", "1:1", "not JSON: nested too deeply"),)) from error


def _field(steps: tuple[int | str, ...]) -> str:
    """A field as one finds it: counted from one."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in steps)


def _drawn(code: str, geometry: dict[str, Any] | None, datum: Datum) -> dict[str, Any] | None:
    """A sound outline in WGS-84."""
    if geometry is None:
        return None
    try:
        outline = converted(dict(geometry), datum)
        area = shape(outline)
        if area.geom_type in ("Polygon", "MultiPolygon") and area.is_valid and area:
            return outline
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise UnreadablePlan((PlanProblem("outline", code, "the outline cannot be read"),)) from error
    raise UnreadablePlan((PlanProblem("outline", code, "the outline is no sound area"),))
