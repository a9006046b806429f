"""A reform is carried out: units and offices change, and homes, appointments and open matters follow."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from linli.ground.matters.features import FEATURES
from linli.ground.matters.models import Matter
from linli.ground.organizations.models import Organization
from linli.ground.organizations.successors import Successors
from linli.ground.record.writing import keep
from linli.ground.reforms.following import follow_streets
from linli.ground.reforms.homes import move_homes, people_of
from linli.ground.reforms.offices import OfficesChanged, OfficeUnfit, change_offices
from linli.ground.reforms.rules.plan import ReformPlan, plan_faults
from linli.ground.territory.facade import ChangeFault, ChangeRefused, FormerOutline, Unit, UnitChange, change_unit
from linli.kernel.access import SYSTEM, Actor


class ReformRefused(ValueError):
    """The reform was not carried out and nothing is written; `faults` say why."""

    def __init__(self, faults: tuple[ChangeFault, ...]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults


@dataclass
class ReformResult:
    """What a reform moved: how many, the units and offices by name, and a digest of every single thing that moved."""

    units: int = 0
    offices: int = 0
    homes: int = 0
    people: int = 0
    appointments: int = 0
    matters: dict[str, int] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    redrawn: list[str] = field(default_factory=list)
    taken_over: list[tuple[list[str], list[str]]] = field(default_factory=list)
    moved: str = ""


@transaction.atomic
def carry_out_reform(plan: ReformPlan, *, actor: Actor, now: datetime) -> ReformResult:
    """Carry a reform out whole, on its day.

    Every open matter follows by an act and a record row of its own (`follow_reform`); its deadline stays. Closed
    matters stay under the old units and offices, whose heirs may read them.

    Raises:
        ReformRefused: something does not fit, or it is not the day; nothing is written.
    """
    if plan.day != timezone.localdate(now):
        raise ReformRefused((ChangeFault("not_the_day", {"day": plan.day.isoformat()}),))
    return change_everything(plan, actor=actor, now=now)


@transaction.atomic
def change_everything(plan: ReformPlan, *, actor: Actor, now: datetime) -> ReformResult:
    """The same on whatever day: for the preview, which takes it back.

    Raises:
        ReformRefused: something does not fit; nothing is written.
    """
    faults = plan_faults(plan)
    if faults:
        raise ReformRefused(faults)
    result = ReformResult()
    for change in plan.units:
        result.units += len(_changed(change, plan, actor, now))
    offices = _offices(plan, actor, now)
    left = tuple(_left_behind(plan))
    if left:
        raise ReformRefused(left)
    homes = move_homes(plan)
    matters = {kind: _move_matters(kind, now) for kind in FEATURES}
    result.offices, result.appointments = offices.taking_over, len(offices.appointments)
    result.homes, result.people = len(homes), people_of(homes)
    result.matters = {kind: len(moved) for kind, moved in matters.items()}
    result.taken_over = [(list(before), list(after)) for before, after in offices.succeeded]
    _name_units(result, plan)
    every = json.dumps([sorted(homes), sorted(offices.appointments), matters], sort_keys=True)
    result.moved = sha256(every.encode()).hexdigest()
    keep(
        "carry_out_reform",
        actor=actor,
        now=now,
        codes={
            "day": plan.day.isoformat(),
            "units": result.units,
            "offices": result.offices,
            "homes": result.homes,
            "appointments": result.appointments,
            "matters": result.matters,
        },
        texts={"document": plan.document, "reason": plan.reason},
    )
    return result


def _offices(plan: ReformPlan, actor: Actor, now: datetime) -> OfficesChanged:
    """What the plan names, then what follows a whole street by itself."""
    try:
        changed = change_offices(plan, actor=actor, now=now)
        changed += follow_streets(plan, actor=actor, now=now)
    except OfficeUnfit as unfit:
        raise ReformRefused((unfit.fault,)) from unfit
    return changed


def _name_units(result: ReformResult, plan: ReformPlan) -> None:
    """The units that ended and began, by code and name, from above to below; and those drawn anew."""
    result.ended = [str(row) for row in Unit.objects.filter(valid_to=plan.day).order_by("path").defer("outline")]
    result.begun = [str(row) for row in Unit.objects.filter(valid_from=plan.day).order_by("path").defer("outline")]
    drawn = FormerOutline.objects.filter(valid_to=plan.day).select_related("unit").defer("outline", "unit__outline")
    result.redrawn = sorted(str(row.unit) for row in drawn)


def _changed(change: UnitChange, plan: ReformPlan, actor: Actor, now: datetime) -> list[Unit]:
    try:
        return change_unit(change, day=plan.day, document=plan.document, reason=plan.reason, actor=actor, now=now)
    except ChangeRefused as refusal:
        raise ReformRefused(refusal.faults) from refusal


def _left_behind(plan: ReformPlan) -> Iterator[ChangeFault]:
    """Offices that would serve a unit, or stand below an office, that is no more."""
    active = Organization.objects.filter(active=True)
    for row in active.filter(area__valid_to__isnull=False).order_by("path"):
        yield ChangeFault("serves_ended", {"name": row.name})
    gone = Organization.objects.filter(active=False, valid_to=plan.day)
    for above in gone.order_by("path"):
        for row in above.get_descendants().filter(active=True):
            yield ChangeFault("still_below", {"name": row.name})


def _move_matters(kind: str, now: datetime) -> list[int]:
    """Every open matter of a kind goes where its place and its offices went. What is withheld follows when released."""
    feature = FEATURES[kind]
    left = Matter.objects.filter(feature.sweeps["follow_reform"](now), kind=kind, withheld=False)
    found = list(left.order_by("id").values_list("id", flat=True))
    successors = Successors()
    for matter in found:
        feature.actions["follow_reform"](matter, actor=SYSTEM, now=now, successors=successors)
    return found
