"""Figures as of a day: what is counted in a unit then is counted in exactly one unit of every level."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from linli.ground.matters.models import Matter
from linli.ground.record.models import Record
from linli.ground.territory.facade import Succession, units_as_of


def matters_as_of(day: date) -> Counter[str]:
    """How many matters that were not withheld had been opened by the end of a day, by the unit of that day's tree.

    Each stands in the unit of its place and in all above it. A matter stands where it stood that day; one that was
    closed under a unit which has ended since stands with whoever keeps its history. For all units, asked by nobody in
    particular: such numbers leave the house only where small cells are hidden.
    """
    end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(settings.TIME_ZONE))
    tree = {unit.place.code: unit for unit in units_as_of(day)}
    heirs = dict(Succession.objects.filter(inherits=True).values_list("predecessor__code", "successor__code"))
    moved = _places_before(end)
    rows = Matter.objects.filter(withheld=False, opened_at__lt=end).values_list("number", "place__code")
    found: Counter[str] = Counter()
    for number, place in rows.iterator():
        code = moved.get(number, place)
        while code not in tree and code in heirs:
            code = heirs[code]
        while code in tree:
            found[code] += 1
            code = tree[code].parent
    return found


def _places_before(end: datetime) -> Mapping[str, str]:
    """Where matters stood that a reform moved at or after a moment, by number: as the first move found them."""
    rows = Record.objects.filter(event="follow_reform", at__gte=end, codes__has_key="place_before").order_by("-id")
    return {number: str(codes["place_before"]) for number, codes in rows.values_list("subject", "codes").iterator()}
