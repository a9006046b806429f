"""Reads of the published rates; they are for everyone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from linli.ground.organizations.models import Organization
from linli.insight.indicators.models import PublishedQuarter, PublishedRate
from linli.insight.indicators.rules.rates import Quarter, Rate
from linli.kernel.access import Actor
from linli.kernel.paths import upper_bound
from linli.methods.proportions import wilson_interval


@dataclass(frozen=True)
class ShownRate:
    """A rate as the page shows it; shares and bounds in whole per cent, all None where it is hidden."""

    percent: int | None = None
    low: int | None = None
    high: int | None = None
    part: int | None = None
    whole: int | None = None


@dataclass
class RateRow:
    """An organization with its rates; a rate that is missing had nothing to count."""

    organization: int
    path: str
    name: str
    own: bool
    has_parts: bool
    rates: dict[str, ShownRate]


def published_quarters() -> list[Quarter]:
    """The newest twelve published quarters, newest first."""
    rows = PublishedQuarter.objects.order_by("-year", "-number").values_list("year", "number")
    return [Quarter(*row) for row in rows[:12]]


def newest_by(day: date) -> Quarter | None:
    """The newest published quarter that had ended by a day."""
    last = Quarter.of(day + timedelta(days=1)).previous
    ended = Q(year__lt=last.year) | Q(year=last.year, number__lte=last.number)
    found = PublishedQuarter.objects.filter(ended).order_by("-year", "-number").values_list("year", "number").first()
    return Quarter(*found) if found else None


def is_published(quarter: Quarter) -> bool:
    """Whether there is anything to show of the quarter."""
    return PublishedQuarter.objects.filter(year=quarter.year, number=quarter.number).exists()


def rate_table(_actor: Actor, quarter: Quarter, organization: int | None = None) -> list[RateRow]:
    """An organization and what stands directly below it, by default the district: itself, its own part, the others.

    Empty if nothing of it was published. Two queries.
    """
    top = Organization.objects.filter(pk=organization) if organization else Organization.objects.filter(depth=1)
    above = top.order_by("path").first()
    if above is None:
        return []
    rows = _rows(quarter, above.path)
    shown = [row for row in rows if len(row.path) <= len(above.path) + Organization.steplen]
    return [row for row in shown if not row.own or row.path == above.path]


def all_rates(_actor: Actor, quarter: Quarter) -> Iterator[dict[str, Any]]:
    """Every published cell of a quarter, one row each, for a spreadsheet."""
    for row in _rows(quarter, ""):
        for rate, shown in row.rates.items():
            yield {"organization": row.name, "own": row.own, "rate": rate} | vars(shown)


def _rows(quarter: Quarter, path: str) -> list[RateRow]:
    cells = PublishedRate.objects.filter(
        quarter__year=quarter.year,
        quarter__number=quarter.number,
        organization__path__range=(path, upper_bound(path)),
    )
    columns = ("organization", "organization__path", "organization__name", "own", "rate", "part", "whole")
    found: dict[tuple[str, bool], RateRow] = {}
    for key, place, name, own, rate, part, whole in cells.order_by("organization__path", "own").values_list(*columns):
        row = found.setdefault((place, own), RateRow(key, place, name, own, has_parts=False, rates={}))
        row.rates[rate] = _shown(part, whole)
    inner = {place[: -Organization.steplen] for place, _ in found}
    for row in found.values():
        row.has_parts = row.path in inner and not row.own
    order = {rate.value: number for number, rate in enumerate(Rate)}
    for row in found.values():
        row.rates = dict(sorted(row.rates.items(), key=lambda each: order[each[0]]))
    return list(found.values())


def _shown(part: int | None, whole: int | None) -> ShownRate:
    if part is None or not whole:
        return ShownRate()
    low, high = wilson_interval(part, whole)
    return ShownRate(round(100 * part / whole), round(100 * low), round(100 * high), part, whole)
