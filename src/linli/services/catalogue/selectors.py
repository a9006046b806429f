"""Reads of the catalogue. Topics are public."""

from dataclasses import dataclass

from django.db.models import Q

from linli.ground.organizations.history import current_office
from linli.ground.organizations.models import Kind, Organization
from linli.ground.organizations.selectors import committee_of
from linli.ground.record.shaped import Shaped
from linli.ground.territory.models import Unit
from linli.services.catalogue.models import Responsible, Topic

SEPARATOR = " / "
_TOPICS = Shaped(
    lambda condition: (
        Topic.objects.filter(condition)
        .order_by("path")
        .values("pk", "path", "numchild", "active", "name", "responsible", "promised_days", "waives_second_person")
    )
)
STREET_DEPTH, COMMUNITY_DEPTH = 2, 3


@dataclass(frozen=True)
class TopicChoice:
    """A topic that can be given to a case, with the names from the top down to its own."""

    pk: int
    names: tuple[str, ...]
    responsible: str
    promised_days: int
    waives_second_person: bool

    @property
    def full_name(self) -> str:
        """The names in one line."""
        return SEPARATOR.join(self.names)


def topics() -> list[TopicChoice]:
    """Every leaf in use below branches in use, in the order of the tree; one query."""
    names: dict[str, tuple[str, ...]] = {}
    found = []
    for pk, path, children, active, name, responsible, days, waives in map(dict.values, _TOPICS.dicts(Q())):
        parent = path[: -Topic.steplen]
        if not active or (parent and parent not in names):
            continue
        names[path] = (*names.get(parent, ()), name)
        if not children:
            found.append(TopicChoice(pk, names[path], responsible, days, waives))
    return found


def is_in_use(topic: Topic) -> bool:
    """Whether the topic can be given to a case: a leaf in use below branches in use."""
    paths = [topic.path[:end] for end in range(Topic.steplen, len(topic.path) + 1, Topic.steplen)]
    return topic.is_leaf() and not Topic.objects.filter(path__in=paths, active=False).exists()


def responsible_unit(topic: Topic, place: Unit, *, for_district: bool = False) -> Organization | None:
    """Who answers for a topic at a place; None where the place is too wide, or nobody has been appointed to it.

    The committee of the place's community, the unit of the place's street, or the department of the district. What the
    district itself has in hand (`for_district`) goes to the topic's department, where it has one.
    """
    level = Responsible.DISTRICT if for_district and topic.department_id else topic.responsible
    match level:
        case Responsible.COMMUNITY:
            community = _around(place, COMMUNITY_DEPTH)
            return committee_of(community) if community else None
        case Responsible.STREET:
            street = _around(place, STREET_DEPTH)
            if street is None or not topic.street_unit:
                return None
            units = Organization.objects.filter(kind=Kind.STREET_UNIT, street_unit=topic.street_unit, active=True)
            unit: Organization | None = units.filter(area=street).select_related("area").defer("area__outline").first()
            return unit
        case _:
            department = current_office(topic.department) if topic.department else None
            return department if department and department.active else None


def _around(place: Unit, depth: int) -> Unit | None:
    """The unit of a level in which the place lies, itself included."""
    if place.depth <= depth:
        return place if place.depth == depth else None
    found: Unit | None = Unit.objects.defer("outline").filter(path=place.path[: place.steplen * depth]).first()
    return found
