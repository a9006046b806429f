"""Publishing the rates of a quarter."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from linli.ground.matters.clocks import end_of, local_day
from linli.ground.organizations.history import office_on, tree_on
from linli.ground.organizations.models import Organization
from linli.ground.record.writing import keep
from linli.insight.indicators.models import PublishedQuarter, PublishedRate
from linli.insight.indicators.rules.rates import Quarter, Rate, Share, table_of
from linli.kernel.access import Actor
from linli.services.cases.facade import Answered, count_answers


class NotEnded(ValueError):
    """The quarter still goes on: its rates would change with every answer, and tell each one."""


@transaction.atomic
def publish_rates(quarter: Quarter, *, actor: Actor, now: datetime) -> PublishedQuarter:
    """Count what happened in a quarter that has ended and publish it, once: a quarter published before stays as it is.

    It is counted under the organizations that were there on its last day: what one held that was dissolved by then
    counts with whoever took over, so that the parts of every unit add up to the unit.

    Raises:
        NotEnded: the quarter has not ended.
    """
    if local_day(now) <= quarter.last_day:
        raise NotEnded(str(quarter))
    published, fresh = PublishedQuarter.objects.get_or_create(
        year=quarter.year, number=quarter.number, defaults={"published_at": now}
    )
    if not fresh:
        return published
    organizations = tree_on(quarter.last_day)
    counted = count_answers(end_of(quarter.previous.last_day), end_of(quarter.last_day))
    answered = _by_tree(counted, organizations)
    rows = [row for rate in Rate for row in _rows(published, rate, answered, organizations)]
    PublishedRate.objects.bulk_create(rows)
    codes = {"quarter": str(quarter), "shown": sum(row.whole is not None for row in rows), "cells": len(rows)}
    keep("publish_rates", actor=actor, now=now, subject=f"quarter:{quarter}", codes=codes)
    return published


def _by_tree(counted: Mapping[str, Answered], organizations: dict[str, int]) -> dict[str, Answered]:
    """What each organization held, under the ones that were there when the period ended."""
    found: dict[str, Answered] = {}
    for path, answers in counted.items():
        place = office_on(organizations, path, Organization.steplen)
        found[place] = found[place] + answers if place in found else answers
    return found


def _rows(
    published: PublishedQuarter, rate: Rate, answered: dict[str, Answered], organizations: dict[str, int]
) -> list[PublishedRate]:
    own = {path: Share(*getattr(counts, rate.value)) for path, counts in answered.items()}
    table = table_of(own, organizations, Organization.steplen)
    return [
        PublishedRate(
            quarter=published,
            organization_id=organizations[path],
            own=own_part,
            rate=rate,
            part=share.part if share else None,
            whole=share.whole if share else None,
        )
        for (path, own_part), share in table.items()
        if share is None or share.whole
    ]
