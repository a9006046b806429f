"""A plan of a reform is brought to the desk, to be previewed."""

from datetime import datetime
from hashlib import sha256
from pathlib import PurePath

from django.db import transaction

from linli.ground.people.administering import administrator
from linli.ground.record.writing import keep
from linli.ground.reforms.models import ReformFile
from linli.ground.reforms.tasks import preview_file
from linli.kernel.access import Actor

MAX_BYTES = 10 * 1024 * 1024


class PlanUnusable(ValueError):
    """The file is not kept; `code` is `empty`, `too_large` or `not_utf8`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def upload_reform(file_name: str, content: bytes, *, actor: Actor, now: datetime) -> ReformFile:
    """Keep a plan as it is, whatever is wrong with it, and have the worker preview it.

    Raises:
        PermissionDenied: no office of the actor allows it.
        PlanUnusable: there is nothing in it, too much, or no text.
    """
    actor = administrator(actor, "upload_reform")
    if not content.strip() or len(content) > MAX_BYTES:
        raise PlanUnusable("too_large" if content.strip() else "empty")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanUnusable("not_utf8") from error
    if actor.account is None or "\x00" in text:
        raise PlanUnusable("not_utf8")
    row = ReformFile.objects.create(
        file_name=PurePath(file_name.replace("\\", "/")).name[-120:],
        text=text,
        by=actor.account,
        uploaded_at=now,
        asked_at=now,
    )
    keep(
        "upload_reform",
        actor=actor,
        now=now,
        subject=f"reform:{row.pk}",
        codes={"bytes": len(content)},
        texts={"file": row.file_name, "sha256": sha256(content).hexdigest()},
    )
    preview_file.enqueue(row.pk)
    return row
