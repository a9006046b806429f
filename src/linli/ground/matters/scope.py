"""Compiles the clauses of access to one database condition, so that lists and pages agree."""

from collections.abc import Iterable

from django.db.models import Q

from linli.ground.organizations.models import Organization
from linli.kernel.access import AccessTable, Actor, Clause, Reach
from linli.kernel.paths import upper_bound


def scope(table: AccessTable, actor: Actor, action: str, *, prefix: str = "") -> Q:
    """The condition under which rows are `actor`'s to `action`.

    `prefix` is the path to the matter (for example `matter__`).
    """
    return clauses_condition(table.clauses(actor, action), prefix=prefix)


def clauses_condition(clauses: Iterable[Clause], *, prefix: str = "") -> Q:
    """Any of the clauses, on rows that are not withheld."""
    ways = [_condition(clause, prefix) for clause in clauses]
    if not ways:
        return Q(**{f"{prefix}pk__in": ()})
    any_way = ways[0]
    for way in ways[1:]:
        any_way |= way
    return any_way & Q(**{f"{prefix}withheld": False})


def area_condition(clauses: Iterable[Clause], field: str) -> Q:
    """Rows of another table than matters, whose column `field` is the path of an area: those within any clause."""
    condition = Q(pk__in=())
    for clause in clauses:
        if clause.reach is Reach.EVERYTHING:
            return Q(pk__gt=0)
        if clause.reach is Reach.AREA:
            condition |= subtree(field, clause.path)
    return condition


def subtree(field: str, path: str) -> Q:
    """Rows whose path column lies in the subtree of `path`.

    A range, not LIKE, so that both databases answer from an index.
    """
    return Q(**{f"{field}__gte": path, f"{field}__lte": upper_bound(path)})


def _condition(clause: Clause, prefix: str) -> Q:
    match clause.reach:
        case Reach.PUBLISHED:
            return Q(**{f"{prefix}published_at__isnull": False})
        case Reach.KEY:
            return Q(**{f"{prefix}pk__in": sorted(clause.keys)})
        case Reach.OWN:
            return Q(**{f"{prefix}filer": clause.person}) if clause.person else Q(**{f"{prefix}pk__in": ()})
        case Reach.UNIT:
            at_unit = subtree(f"{prefix}holder_path", clause.path) | subtree(f"{prefix}desk_path", clause.path)
            return at_unit & _not_recused(clause, prefix)
        case Reach.AREA:
            return subtree(f"{prefix}place_path", clause.path) & _not_recused(clause, prefix)
        case Reach.EVERYTHING:
            return Q(**{f"{prefix}pk__gt": 0})


def _not_recused(clause: Clause, prefix: str) -> Q:
    """No office of the actor lies at or below the organization that keeps out of the matter."""
    return ~Q(**{f"{prefix}recused_path__in": at_or_above(clause.offices)})


def at_or_above(paths: Iterable[str]) -> list[str]:
    """The paths of the organizations at `paths` and of all above them."""
    step = Organization.steplen
    return sorted({path[:end] for path in paths for end in range(step, len(path) + 1, step)})
