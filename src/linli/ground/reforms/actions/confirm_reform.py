"""A previewed reform is confirmed, by the digest of what was seen; the worker then carries it out."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from linli.ground.people.administering import administrator
from linli.ground.record.writing import keep
from linli.ground.reforms.models import Phase, ReformFile
from linli.ground.reforms.tasks import carry_out_file
from linli.kernel.access import Actor


class NotConfirmable(ValueError):
    """Nothing was changed; `code` is `changed` (not what was seen) or `not_the_day`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def confirm_reform(row: ReformFile, digest: str, *, actor: Actor, now: datetime) -> None:
    """Decide that the plan is carried out as the preview with this digest said, whole or not at all.

    Raises:
        PermissionDenied: no office of the actor allows it.
        NotConfirmable: the preview is another one by now, or it is not the day.
    """
    actor = administrator(actor, "confirm_reform")
    locked = ReformFile.objects.select_for_update().get(pk=row.pk)
    if locked.phase != Phase.PREVIEWED or locked.result is None or not digest or locked.digest != digest:
        raise NotConfirmable("changed")
    if locked.result["day"] != timezone.localdate(now).isoformat():
        raise NotConfirmable("not_the_day")
    locked.phase, locked.asked_at, locked.confirmed_by, locked.stale = Phase.CONFIRMED, now, actor.account, False
    locked.save(update_fields=["phase", "asked_at", "confirmed_by", "stale"])
    keep("confirm_reform", actor=actor, now=now, subject=f"reform:{row.pk}", codes={"digest": digest})
    carry_out_file.enqueue(row.pk)
