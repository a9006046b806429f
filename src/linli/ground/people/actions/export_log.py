"""Taking the administrators' log out of the house."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from linli.ground.people.administering import administrator
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def export_log(rows: int, filters: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    """Put down that so many rows were exported under these filters.

    Raises:
        PermissionDenied: the actor is no audit administrator.
    """
    acting = administrator(actor, "export_log")
    keep("export_log", actor=acting, now=now, codes={"rows": rows, "filters": dict(filters)})
