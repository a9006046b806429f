"""Organizations end and others take over from them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from linli.ground.organizations.models import Kind, Organization, OrganizationSuccession
from linli.ground.record.writing import keep
from linli.ground.territory.rules.changes import ChangeKind
from linli.kernel.access import Actor


class SuccessionRefused(ValueError):
    """Nothing was changed; `code` and `values` say why."""

    def __init__(self, code: str, values: Mapping[str, Any]) -> None:
        super().__init__(code, *values.values())
        self.code, self.values = code, values


@transaction.atomic
def succeed_organization(
    sources: Sequence[Organization],
    successors: Sequence[Organization],
    *,
    heir: Organization,
    kind: ChangeKind,
    day: date,
    document: str,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> None:
    """`sources` are no more from `day` on; `successors` take over, and `heir` keeps what was closed under the old.

    A source that is among the successors goes on. The old rows keep their paths, under which closed matters stand.

    Raises:
        SuccessionRefused: one has ended already or began today, stands for the whole district, or nobody takes over.
    """
    keys = {row.pk for row in successors}
    ending = list(
        Organization.objects.select_for_update().filter(pk__in=[row.pk for row in sources if row.pk not in keys])
    )
    parts = list(Organization.objects.select_for_update().filter(pk__in=keys))
    _check(ending, parts, heir, day)
    for row in ending:
        row.active, row.valid_to = False, day
        row.save(update_fields=["active", "valid_to"])
        for part in parts:
            OrganizationSuccession.objects.create(
                predecessor=row,
                successor=part,
                kind=kind,
                day=day,
                inherits=part.pk == heir.pk,
                document=document,
                reason=reason,
            )
    keeper = next(part for part in parts if part.pk == heir.pk)
    kept = {path for row in ending for path in (row.path, *row.former_paths)}
    keeper.former_paths = sorted({*keeper.former_paths, *kept})
    keeper.save(update_fields=["former_paths"])
    keep(
        "succeed_organization",
        actor=actor,
        now=now,
        subject=f"organization:{heir.pk}",
        codes={
            "kind": str(kind),
            "from": [row.pk for row in ending],
            "to": sorted(keys),
            "day": day.isoformat(),
        },
        texts={"document": document, "reason": reason},
    )


def _check(ending: Sequence[Organization], parts: Sequence[Organization], heir: Organization, day: date) -> None:
    if not ending or heir.pk not in {part.pk for part in parts}:
        raise SuccessionRefused("no_successor", {})
    for row in (*ending, *parts):
        if not row.active:
            raise SuccessionRefused("not_active", {"name": row.name})
    for row in ending:
        if row.valid_from is not None and row.valid_from >= day:
            raise SuccessionRefused("office_too_young", {"name": row.name})
        if row.kind == Kind.DISTRICT or (row.kind == Kind.DISTRICT_CENTRE and heir.kind != row.kind):
            raise SuccessionRefused("stands_for_district", {"name": row.name})
