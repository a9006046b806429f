"""Importing demands from a spreadsheet: upload, preview, confirm or discard; then the worker writes.

A number is unique within its channel: rows that the channel has delivered before are counted as repeated and left as
they are, so that a file may be imported again. The open messages and the answered ones of one platform may therefore
be imported one after the other. What the two files have in common stands under two numbers: both are taken over, and
the open one is linked to its answered twin (`release_import`), so that no reply is lost. If a file answers a number
that is still open here, the preview says so (`answered_elsewhere`): a demand in hand here is answered here.

The uploaded file is removed when its rows are in, and when it is discarded.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath

from django.db import transaction
from django.db.models import QuerySet

from linli.ground.matters.action import Refused
from linli.ground.matters.scope import area_condition
from linli.ground.record.writing import keep
from linli.ground.territory.facade import district
from linli.kernel.access import Actor, Role
from linli.kernel.procedure import Blocker
from linli.services.cases.importing_batches import Progress, continue_import, progress_of, unfinished_imports
from linli.services.cases.importing_files import UnusableFile, check_workbook, forget, require_clean, store, stored
from linli.services.cases.importing_preview import Fault, ImportPreview, preview_file
from linli.services.cases.models import CaseImport
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.imported import HEADINGS
from linli.services.cases.rules.vocabulary import Channel
from linli.services.cases.tasks import write_import

__all__ = [
    "Fault",
    "ImportPreview",
    "Progress",
    "confirm_import",
    "continue_import",
    "discard_import",
    "import_progress",
    "map_columns",
    "preview_import",
    "preview_upload",
    "recent_imports",
    "unfinished_imports",
    "upload_import",
    "view_import",
]


def preview_upload(
    content: bytes, *, channel: Channel, columns: Mapping[str, str] | None = None, now: datetime
) -> ImportPreview:
    """What an import of these bytes would do. Nothing is kept or written."""
    try:
        check_workbook(content)
    except UnusableFile as unusable:
        return ImportPreview({}, refusal=unusable.code)
    return preview_file(content, channel=channel, chosen=columns, latest=now)


def upload_import(
    file_name: str,
    content: bytes,
    *,
    channel: Channel,
    actor: Actor,
    now: datetime,
    columns: Mapping[str, str] | None = None,
) -> CaseImport:
    """Keep a file for preview. Its columns go by the known headings, or by those given in `columns`.

    Raises:
        Refused: the actor may not import, or (`blocked`) the bytes are no spreadsheet, too large, empty, infected,
            or cannot be scanned now.
    """
    _may_import(actor)
    try:
        check_workbook(content)
        require_clean(content)
    except UnusableFile as unusable:
        raise _blocked(unusable.code) from unusable
    name = store(content)
    try:
        with transaction.atomic():
            source = CaseImport.objects.create(
                file_name=PurePath(file_name.replace("\\", "/")).name[-120:],
                path=name,
                columns=_known_fields(columns),
                channel=channel,
                by=actor.account,
                area_path=_area_of(actor),
                uploaded_at=now,
            )
            keep(
                "upload_import",
                actor=actor,
                now=now,
                subject=f"import:{source.pk}",
                kind="case",
                codes={"channel": str(channel), "bytes": len(content)},
                texts={"file": source.file_name, "sha256": sha256(content).hexdigest()},
            )
    except BaseException:
        forget(name)
        raise
    return source


def view_import(actor: Actor, source_id: int) -> CaseImport:
    """One import, with its file's content in reach.

    Raises:
        Refused: the actor may not import, or (`not_found`) the file was uploaded for another area.
    """
    _may_import(actor)
    row = _within_reach(actor).filter(pk=source_id).first()
    if row is None:
        raise Refused("not_found")
    return row


def map_columns(source: CaseImport, columns: Mapping[str, str], *, actor: Actor) -> None:
    """Choose the heading of some fields by hand, before the import is confirmed.

    Raises:
        Refused: the actor may not import, the file is another area's, or the import is confirmed already.
    """
    view_import(actor, source.pk)
    changed = CaseImport.objects.filter(pk=source.pk, confirmed_at=None).update(columns=_known_fields(columns))
    if not changed:
        raise _blocked("already_confirmed")
    source.columns = _known_fields(columns)


def preview_import(source: CaseImport) -> ImportPreview:
    """What confirming would do: columns, counts, every fault and the first rows. Nothing is written."""
    return preview_file(stored(source.path), channel=source.channel, chosen=source.columns, latest=source.uploaded_at)


def confirm_import(source: CaseImport, *, actor: Actor, now: datetime) -> CaseImport:
    """Decide that the whole file goes in; the worker then writes it.

    Raises:
        Refused: the actor may not import, the file is another area's (`not_found`), the import is confirmed already,
            or (`blocked`) a row is bad. Nothing is changed: a file goes in whole or not at all.
    """
    view_import(actor, source.pk)
    preview = preview_import(source)
    if not preview.can_be_confirmed:
        raise _blocked(preview.refusal, **preview.refusal_values())
    with transaction.atomic():
        row = _unconfirmed(source)
        row.columns, row.rows, row.confirmed_at = source.columns, preview.rows, now
        row.save(update_fields=["columns", "rows", "confirmed_at"])
        keep(
            "confirm_import",
            actor=actor,
            now=now,
            subject=f"import:{row.pk}",
            kind="case",
            codes={"rows": preview.rows, "known": preview.already_known},
        )
        write_import.enqueue(row.pk)
    return row


def discard_import(source: CaseImport, *, actor: Actor, now: datetime) -> None:
    """Throw an uploaded file away that nobody has confirmed; the record keeps that it was there.

    Raises:
        Refused: the actor may not import, the file is another area's, or the import is confirmed already.
    """
    view_import(actor, source.pk)
    with transaction.atomic():
        row = _unconfirmed(source)
        keep("discard_import", actor=actor, now=now, subject=f"import:{row.pk}", kind="case")
        row.delete()
        transaction.on_commit(lambda: forget(source.path))


def import_progress(source: CaseImport) -> Progress:
    """How far the import is now."""
    return progress_of(CaseImport.objects.get(pk=source.pk))


def recent_imports(actor: Actor, limit: int = 20) -> QuerySet[CaseImport]:
    """The newest imports of the actor's area; nothing for those who may not import."""
    return _within_reach(actor).order_by("-id")[:limit]


def _may_import(actor: Actor) -> None:
    if not ACCESS.is_granted(actor, "import_case"):
        raise Refused("not_granted", sign_in_may_help=actor.person is None)


def _within_reach(actor: Actor) -> QuerySet[CaseImport]:
    return CaseImport.objects.filter(area_condition(ACCESS.clauses(actor, "view_import"), "area_path"))


def _area_of(actor: Actor) -> str:
    """The area of the office for which the actor imports; the district's for the command line."""
    offices = [each.area_path for each in actor.appointments if each.role is Role.DISPATCHER]
    return offices[0] if offices else district().path


def _unconfirmed(source: CaseImport) -> CaseImport:
    row = CaseImport.objects.select_for_update().filter(pk=source.pk).first()
    if row is None:
        raise Refused("not_found")
    if row.confirmed_at is not None:
        raise _blocked("already_confirmed")
    return row


def _known_fields(columns: Mapping[str, str] | None) -> dict[str, str]:
    return {field: heading for field, heading in (columns or {}).items() if field in HEADINGS}


def _blocked(code: str, **values: object) -> Refused:
    return Refused("blocked", (Blocker(code, values),))
