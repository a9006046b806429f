"""Reads of organizations. The directory is public; what they hold is not."""

import re
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Q, QuerySet

from linli.ground.organizations.models import Kind, Organization, StreetUnit
from linli.ground.record.prepared import Prepared
from linli.ground.record.shaped import Shaped
from linli.ground.territory.models import Unit
from linli.kernel.paths import upper_bound

CONTACT, LAST_CONTACT, CONTACT_SECONDS = "district_contact", "last_district_contact", 60


@dataclass(frozen=True)
class Contact:
    """An office and its telephone; without a name it is the hotline that every city has."""

    name: str
    phone: str

    @property
    def dial(self) -> str:
        """The number as a telephone dials it, without spaces, dashes and what is said after it."""
        return re.sub(r"[^\d+]", "", re.split(r"[^\d+\s()-]", self.phone)[0])


HOTLINE = Contact("", "12345")


_SLOTS = ("\x000", "\x001", "\x002", "\x003")  # no path is like these
_ROWS: Prepared[Organization] = Prepared(Organization.objects.filter(pk=0), 0)
# An outline is a long text that no act reads.
_ROWS_WITH_AREA: Prepared[Organization] = Prepared(
    Organization.objects.select_related("area").defer("area__outline").filter(pk=0), 0
)
_CENTRES: Prepared[Organization] = Prepared(
    Organization.objects.select_related("area")
    .defer("area__outline")
    .filter(street_unit=StreetUnit.CITIZEN_SERVICE_CENTER, active=True, area__path__in=_SLOTS)[:1],
    *_SLOTS,
)
_NAMES = Shaped(lambda condition: Organization.objects.filter(condition).order_by("path").values("pk", "name"))
WHOLE_DISTRICT = (Kind.DEPARTMENT, Kind.DISTRICT_CENTRE)
OF_A_STREET = (Kind.STREET_UNIT, Kind.COMMITTEE)


def organization(key: int) -> Organization:
    """The organization of this key, as it is now: most acts ask for one."""
    row = _ROWS.first(key)
    if row is None:
        raise Organization.DoesNotExist
    return row


def directory() -> QuerySet[Organization]:
    """Every active organization with its area, in tree order."""
    rows: QuerySet[Organization] = Organization.objects.filter(active=True).select_related("area").order_by("path")
    return rows


def district_centre() -> Organization:
    """The centre that receives whatever has no nearer door."""
    row: Organization = Organization.objects.select_related("area").get(kind=Kind.DISTRICT_CENTRE, active=True)
    return row


def district_contact() -> Contact:
    """Whom residents call, for the foot of every page; the hotline where the centre has no telephone.

    A minute old at most.
    """
    found: Contact | None = cache.get_or_set(CONTACT, _district_contact, CONTACT_SECONDS)
    return found or HOTLINE


def last_contact() -> Contact:
    """What `district_contact` found last, however long ago, without the database: for the page of a failure."""
    kept: Contact | None = cache.get(LAST_CONTACT)
    return kept or HOTLINE


def _district_contact() -> Contact:
    centres = Organization.objects.filter(kind=Kind.DISTRICT_CENTRE, active=True).exclude(phone="")
    row = centres.values_list("name", "phone").first()
    found = Contact(*row) if row else HOTLINE
    cache.set(LAST_CONTACT, found, None)
    return found


def service_centre_of(unit: Unit | None) -> Organization:
    """The street's citizen service centre for a place, or the district centre where no street is known."""
    if unit is not None:
        # the deepest unit has as many levels as there are slots; a path is not made longer by cutting it further on
        centre = _CENTRES.first(*(unit.path[: unit.steplen * (level + 1)] for level in range(len(_SLOTS))))
        if centre is not None:
            return centre
    return district_centre()


def committee_of(unit: Unit) -> Organization | None:
    """The residents' committee of a community."""
    row: Organization | None = Organization.objects.filter(kind=Kind.COMMITTEE, area=unit, active=True).first()
    return row


def possible_holders(place: Unit | None, *, recused_path: str = "") -> QuerySet[Organization]:
    """Units a matter at `place` may be dispatched to: the street's, its communities', and the departments.

    Whoever keeps out of the matter (`recused_path` and all below it) is not among them.
    """
    rows: QuerySet[Organization] = Organization.objects.filter(active=True).select_related("area").order_by("path")
    if recused_path:
        rows = rows.exclude(path__range=(recused_path, upper_bound(recused_path)))
    if place is None or place.depth == 1:
        return rows.filter(kind__in=[*WHOLE_DISTRICT, *OF_A_STREET])
    street = place.path[: place.steplen * 2]
    near = Q(kind__in=OF_A_STREET, area__path__range=(street, upper_bound(street)))
    return rows.filter(near | Q(kind__in=WHOLE_DISTRICT))


def may_hold(unit: int, place_path: str, *, recused_path: str = "") -> bool:
    """Whether an organization is among the `possible_holders` of a place, asked of its row as it is now."""
    row = _ROWS_WITH_AREA.first(unit)
    if row is None or not row.active or (recused_path and row.path.startswith(recused_path)):
        return False
    if row.kind in WHOLE_DISTRICT:
        return True
    street = place_path[: Unit.steplen * 2]
    is_near = len(place_path) == Unit.steplen or (row.area is not None and row.area.path.startswith(street))
    return row.kind in OF_A_STREET and is_near


def complainable_names(place: Unit | None) -> list[tuple[int, str]]:
    """Keys and names of the organizations that somebody at `place` may complain of."""
    return [(row["pk"], row["name"]) for row in _NAMES.dicts(_complainable(place))]


def complainable(place: Unit | None) -> QuerySet[Organization]:
    """Organizations that somebody at `place` may complain of: those that serve its street, communities or district."""
    rows: QuerySet[Organization] = Organization.objects.filter(_complainable(place)).order_by("path")
    return rows


def _complainable(place: Unit | None) -> Q:
    others = Q(active=True) & ~Q(kind__in=[Kind.DISTRICT, Kind.PARTY, Kind.RESIDENT_UNIT])
    if place is None or place.depth == 1:
        return others
    street = place.path[: place.steplen * 2]
    near = Q(area__path__range=(street, upper_bound(street)))
    return others & (near | Q(area__isnull=True) | Q(area__depth=1))
