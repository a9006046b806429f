"""What the rest of the house may use of the territory."""

from linli.ground.territory.actions.change_unit import ChangeRefused, change_unit
from linli.ground.territory.actions.found_district import AlreadyFounded, found_district
from linli.ground.territory.actions.import_territory import ImportRefused, ImportResult, import_territory
from linli.ground.territory.following import (
    PastChange,
    Ways,
    changes_until,
    moved_grounds,
    succeeded_units,
)
from linli.ground.territory.history import UnitOn, names_on, on_day, outlines_as_of, units_as_of
from linli.ground.territory.imports import Fault, Preview, read_units
from linli.ground.territory.models import FormerName, FormerOutline, MovedGround, Succession, Unit
from linli.ground.territory.rules.changes import ChangeFault, ChangeKind, Part, UnitChange
from linli.ground.territory.rules.coverage import TopologyFault, TopologyProblem, outline_bounds
from linli.ground.territory.rules.levels import LEVELS
from linli.ground.territory.rules.names import short_name
from linli.ground.territory.rules.places import How, Located, Place, PlaceFault, PlaceProblem, Resolved
from linli.ground.territory.rules.plan import DistrictPlan, PlannedUnit
from linli.ground.territory.selectors import (
    atlas,
    by_code,
    district,
    drawn_level,
    former_names,
    locate,
    outlines,
    places,
    resolve_place,
    topology_faults,
    unit_names,
    units,
)
from linli.ground.territory.wording import change_fault_words, place_problem_words
from linli.kernel.divisions import Kind, Level

__all__ = [
    "LEVELS",
    "AlreadyFounded",
    "ChangeFault",
    "ChangeKind",
    "ChangeRefused",
    "DistrictPlan",
    "Fault",
    "FormerName",
    "FormerOutline",
    "How",
    "ImportRefused",
    "ImportResult",
    "Kind",
    "Level",
    "Located",
    "MovedGround",
    "Part",
    "PastChange",
    "Place",
    "PlaceFault",
    "PlaceProblem",
    "PlannedUnit",
    "Preview",
    "Resolved",
    "Succession",
    "TopologyFault",
    "TopologyProblem",
    "Unit",
    "UnitChange",
    "UnitOn",
    "Ways",
    "atlas",
    "by_code",
    "change_fault_words",
    "change_unit",
    "changes_until",
    "district",
    "drawn_level",
    "former_names",
    "found_district",
    "import_territory",
    "locate",
    "moved_grounds",
    "names_on",
    "on_day",
    "outline_bounds",
    "outlines",
    "outlines_as_of",
    "place_problem_words",
    "places",
    "read_units",
    "resolve_place",
    "short_name",
    "succeeded_units",
    "topology_faults",
    "unit_names",
    "units",
    "units_as_of",
]
