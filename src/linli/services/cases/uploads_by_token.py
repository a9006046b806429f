"""Files sent by other programs: stored at once, named by a handle, and drawn in by the step or demand that names it.

The handle is signed for the account that uploaded the file, so that nobody draws in somebody else's; it holds for a
day, after which a file without a matter is removed anyway.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.core import signing
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, File, Schema, Status
from ninja.files import UploadedFile

from linli.ground.exchange.addresses import NUMBER, Number
from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.problems import Problem, WrongField
from linli.ground.exchange.schemas import READS, WRITES, Text
from linli.ground.files.models import StoredFile
from linli.ground.files.storing import UploadRefused, read_bytes, store_upload
from linli.ground.files.wording import refusal_words
from linli.ground.people.throttle import count, note
from linli.ground.record.writing import Audience
from linli.services.cases.api_door import READ, WRITE, router
from linli.services.cases.api_reading import seen_case
from linli.services.cases.uploads import HOUR, MOST_FILES, MOST_UPLOADS_IN_AN_HOUR, UPLOAD

SALT = "upload"
HELD_FOR = timedelta(days=1)
FILES: dict[str, Any] = {
    "files": (
        list[Text],
        Field(default_factory=list, max_length=MOST_FILES, description="Handles of files from `upload_file`."),
    )
}


class HeldFile(Schema):
    """An uploaded file that belongs to nothing yet."""

    handle: str = Field(description="To be named within a day.")
    name: str
    content_type: str
    size: int


@router.post("/cases/uploads", auth=WRITE, response={201: HeldFile, **WRITES}, summary="Upload a file")
def upload_file(request: TokenRequest, file: File[UploadedFile]) -> Status[HeldFile]:
    """Store a picture, PDF, workbook or document; images lose their metadata. Name its handle in a step or demand."""
    who = f"account:{request.token.account_id}"
    if count(UPLOAD, who, HOUR, request.now) >= MOST_UPLOADS_IN_AN_HOUR:
        raise Problem("too_many", wait=3600)
    note(UPLOAD, who, request.now)
    try:
        stored = store_upload(file.name or "", file, audience=Audience.PARTY, now=request.now)
    except UploadRefused as refused:
        raise Problem("invalid", errors=[WrongField(field="file", detail=refusal_words(refused))]) from refused
    handle = signing.dumps([str(stored.pk), str(request.token.account_id)], salt=SALT)
    held = HeldFile(handle=handle, name=stored.name, content_type=stored.content_type, size=stored.size)
    return Status(201, held)


@router.get(
    f"/cases/{NUMBER}/files/{{uuid:file}}",
    auth=READ,
    response={200: None, **READS},
    summary="Download a file",
    openapi_extra={"responses": {200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}}},
)
def case_file(request: TokenRequest, number: Number, file: UUID) -> HttpResponse:
    """The bytes of a file of a demand."""
    found = next((each for each in seen_case(request, number).files if each.pk == file), None)
    if found is None:
        raise Problem("not_found")
    answer = HttpResponse(read_bytes(found), content_type=found.content_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer


def taken_files(request: TokenRequest, asked: Any) -> tuple[StoredFile, ...]:
    """The files that a request names.

    Raises:
        Problem: a handle is not of this account, too old, or of a file that belongs to a matter already.
    """
    handles = dict.fromkeys(getattr(asked, "files", None) or ())
    if not handles:
        return ()
    keys = [_key_of(handle, request) for handle in handles]
    found = {str(row.pk): row for row in StoredFile.objects.filter(pk__in=keys, matter__isnull=True)}
    if len(found) < len(keys):
        raise _not_held()
    return tuple(found[key] for key in keys)


def _key_of(handle: str, request: TokenRequest) -> str:
    try:
        key, account = signing.loads(handle, salt=SALT, max_age=HELD_FOR)
    except (signing.BadSignature, ValueError) as error:
        raise _not_held() from error
    if account != str(request.token.account_id):
        raise _not_held()
    return str(key)


def _not_held() -> Problem:
    return Problem("invalid", errors=[WrongField(field="files", detail=_("没有这个文件，请重新上传"))])
