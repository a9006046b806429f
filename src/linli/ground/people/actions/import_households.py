"""Households come in from a spreadsheet."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linli.ground.people.actions.register_household import register_household
from linli.ground.people.importing_households import HouseholdsPreview
from linli.kernel.access import Actor


class HouseholdsRefused(ValueError):
    """The preview has faults; nothing was written."""


@dataclass(frozen=True)
class HouseholdsImported:
    """What an import did. Known households were left as they are."""

    households: int
    members: int
    known: int


@transaction.atomic
def import_households(preview: HouseholdsPreview, *, actor: Actor, now: datetime) -> HouseholdsImported:
    """Register every household of a preview that is not there yet: all or none. Each leaves its own row in the record.

    Raises:
        HouseholdsRefused: the preview has faults.
    """
    if preview.faults:
        raise HouseholdsRefused(f"the file has {len(preview.faults)} faults; correct them and try again")
    for each in preview.households:
        register_household(each.community, each.address, each.members, entered_on=each.entered_on, actor=actor, now=now)
    members = sum(len(each.members) for each in preview.households)
    return HouseholdsImported(len(preview.households), members, preview.known)
