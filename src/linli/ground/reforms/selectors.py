"""Reads over time that need both people and territory. Used by actions and commands; no page reaches them."""

from datetime import date

from linli.ground.people.models import Dwelling
from linli.ground.reforms.models import DwellingMove
from linli.ground.territory.facade import Unit


def community_on(dwelling: Dwelling, day: date) -> Unit:
    """The community in which a home lay on a day: exactly one, on any day (requirement R01)."""
    move = (
        DwellingMove.objects.filter(dwelling=dwelling, day__gt=day)
        .select_related("community")
        .order_by("day", "pk")
        .first()
    )
    return move.community if move else dwelling.community
