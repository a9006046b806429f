"""A reform is carried out: units and offices change, and homes, appointments and open matters follow."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from linli.ground.matters.features import FEATURES
from linli.ground.matters.models import Matter
from linli.ground.organizations.models import Organization
from linli.ground.people.models import Dwelling
from linli.ground.record.writing import keep
from linli.ground.reforms.models import DwellingMove
from linli.ground.reforms.offices import change_offices
from linli.ground.reforms.rules.plan import ReformPlan, part_of_address, plan_faults
from linli.ground.territory.facade import ChangeFault, ChangeRefused, Unit, UnitChange, change_unit
from linli.kernel.access import SYSTEM, Actor

BATCH = 500


class ReformRefused(ValueError):
    """The reform was not carried out and nothing is written; `faults` say why."""

    def __init__(self, faults: tuple[ChangeFault, ...]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults


@dataclass
class ReformResult:
    """What a reform moved."""

    units: int = 0
    offices: int = 0
    homes: int = 0
    appointments: int = 0
    matters: dict[str, int] = field(default_factory=dict)


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
    found, moved, refused = change_offices(plan, actor=actor, now=now)
    if refused:
        raise ReformRefused(refused)
    result.offices, result.appointments = found, moved
    left = tuple(_left_behind(plan))
    if left:
        raise ReformRefused(left)
    result.homes = sum(_move_homes(change, plan) for change in plan.units)
    result.matters = {kind: _move_matters(kind, now) for kind in FEATURES}
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


def _changed(change: UnitChange, plan: ReformPlan, actor: Actor, now: datetime) -> list[Unit]:
    try:
        return change_unit(change, day=plan.day, document=plan.document, reason=plan.reason, actor=actor, now=now)
    except ChangeRefused as refusal:
        raise ReformRefused(refusal.faults) from refusal


def _left_behind(plan: ReformPlan) -> Iterator[ChangeFault]:
    """Offices that would serve a unit, or stand below an office, that is no more."""
    ended = [code for change in plan.units for code in change.ending]
    active = Organization.objects.filter(active=True)
    for row in active.filter(area__code__in=ended).order_by("path"):
        yield ChangeFault("serves_ended", {"name": row.name})
    gone = Organization.objects.filter(active=False, valid_to=plan.day)
    for above in gone.order_by("path"):
        for row in above.get_descendants().filter(active=True):
            yield ChangeFault("still_below", {"name": row.name})


def _move_homes(change: UnitChange, plan: ReformPlan) -> int:
    """Every home of what ended lies in exactly one part from now on; where it lay is kept."""
    parts = {row.code: row for row in Unit.objects.filter(code__in=[part.code for part in change.parts])}
    beginnings = {part.code: part.addresses for part in change.parts}
    homes = list(Dwelling.objects.filter(community__code__in=change.ending).order_by("pk"))
    DwellingMove.objects.bulk_create(
        [DwellingMove(dwelling=home, community_id=home.community_id, day=plan.day) for home in homes], BATCH
    )
    for home in homes:
        home.community = parts[part_of_address(home.address, beginnings, change.heir)]
    Dwelling.objects.bulk_update(homes, ["community"], BATCH)
    return len(homes)


def _move_matters(kind: str, now: datetime) -> int:
    """Every open matter of a kind goes where its place and its offices went. What is withheld follows when released."""
    feature = FEATURES[kind]
    left = Matter.objects.filter(feature.sweeps["follow_reform"](now), kind=kind, withheld=False)
    found = list(left.order_by("id").values_list("id", flat=True))
    for matter in found:
        feature.actions["follow_reform"](matter, actor=SYSTEM, now=now)
    return len(found)
