"""The organizations as of a day, and who took over from what ended. The directory is public, of every day."""

from datetime import date

from django.db.models import Q, QuerySet

from linli.ground.organizations.models import Kind, Organization, OrganizationSuccession
from linli.ground.territory.models import Unit

LOCAL = frozenset({Kind.STREET_OFFICE, Kind.STREET_UNIT, Kind.COMMITTEE})


def organizations_as_of(day: date) -> QuerySet[Organization]:
    """The organizations that were there on a day, in tree order; one whose first day is unknown was always there."""
    began = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    goes_on = Q(valid_to__gt=day) | Q(valid_to__isnull=True, active=True)
    rows: QuerySet[Organization] = Organization.objects.filter(began & goes_on).order_by("path")
    return rows


def succeeded_organizations() -> QuerySet[Organization]:
    """Organizations that ended and have successors."""
    rows: QuerySet[Organization] = Organization.objects.filter(active=False, successions__isnull=False)
    return rows


def current_office(row: Organization, place: Unit | None = None) -> Organization:
    """Who stands today where `row` stood; itself, if it stands or nobody took over.

    Of several successors the one whose area holds the place, the smallest first; else the one that keeps the history.
    """
    while not row.active:
        rows = OrganizationSuccession.objects.filter(predecessor=row).select_related("successor__area")
        successors = [each.successor for each in rows.order_by("-inherits", "pk")]
        if not successors:
            return row
        row = _serving(successors, place) or successors[0]
    return row


def office_there(row: Organization, was: Unit, place: Unit) -> Organization:
    """Who does for `place` what `row` did for `was`: the same unit of another street, the neighbour's committee.

    Itself, where it serves both, served neither, or nobody there is of its kind.
    """
    area = row.area
    if row.kind not in LOCAL or area is None or not was.path.startswith(area.path) or place.path.startswith(area.path):
        return row
    there = Organization.objects.filter(
        kind=row.kind, street_unit=row.street_unit, active=True, area__path=place.path[: len(area.path)]
    )
    found = list(there.select_related("area")[:2])
    return found[0] if len(found) == 1 else row


def _serving(successors: list[Organization], place: Unit | None) -> Organization | None:
    if place is None or len(successors) == 1:
        return None
    depths = {each.pk: each.area.depth for each in successors if each.area and place.path.startswith(each.area.path)}
    deepest = max(depths.values(), default=0)
    nearest = [each for each in successors if depths.get(each.pk) == deepest]
    return nearest[0] if len(nearest) == 1 else None


def tree_on(day: date) -> dict[str, int]:
    """The organizations of a day by path; those of today where of that day none is known."""
    tree = dict(organizations_as_of(day).values_list("path", "id"))
    return tree or dict(Organization.objects.values_list("path", "id"))


def office_on(tree: dict[str, int], path: str, step: int) -> str:
    """Under which organization of a day's tree (paths and ids) to count what an organization of another day held.

    Who took over from it by that day; where it came only later, the one whose history it keeps; else the nearest above.
    """
    if path in tree:
        return path
    heirs = OrganizationSuccession.objects.filter(inherits=True)
    after = heirs.filter(predecessor__path=path).values_list("successor__path", flat=True).first()
    while after is not None and after not in tree:
        after = heirs.filter(predecessor__path=after).values_list("successor__path", flat=True).first()
    if after is not None:
        return after
    before = heirs.filter(successor__path=path).order_by("pk").values_list("predecessor__path", flat=True).first()
    while before is not None and before not in tree:
        before = heirs.filter(successor__path=before).order_by("pk").values_list("predecessor__path", flat=True).first()
    if before is not None:
        return str(before)
    above = [path[:end] for end in range(len(path) - step, 0, -step)]
    return next((each for each in above if each in tree), min(tree, default=path))
