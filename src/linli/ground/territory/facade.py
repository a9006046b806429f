"""What the rest of the house may use of the territory."""

from linli.ground.territory.actions.found_district import AlreadyFounded, found_district
from linli.ground.territory.actions.import_territory import ImportRefused, ImportResult, import_territory
from linli.ground.territory.imports import Fault, Preview, read_units
from linli.ground.territory.models import FormerName, Unit
from linli.ground.territory.rules.coverage import TopologyFault, TopologyProblem
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
    units,
)
from linli.ground.territory.wording import place_problem_words
from linli.kernel.divisions import Kind, Level

__all__ = [
    "LEVELS",
    "AlreadyFounded",
    "DistrictPlan",
    "Fault",
    "FormerName",
    "How",
    "ImportRefused",
    "ImportResult",
    "Kind",
    "Level",
    "Located",
    "Place",
    "PlaceFault",
    "PlaceProblem",
    "PlannedUnit",
    "Preview",
    "Resolved",
    "TopologyFault",
    "TopologyProblem",
    "Unit",
    "atlas",
    "by_code",
    "district",
    "drawn_level",
    "former_names",
    "found_district",
    "import_territory",
    "locate",
    "outlines",
    "place_problem_words",
    "places",
    "read_units",
    "resolve_place",
    "short_name",
    "topology_faults",
    "units",
]
