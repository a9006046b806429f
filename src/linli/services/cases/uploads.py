"""Files chosen in a form that is not finished yet: stored at once, and kept while the rest is put right.

The page carries their ids back. An id counts only if this session uploaded the file and no matter has it, so that
nobody draws in somebody else's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.forms import Form
from django.utils.translation import gettext as _

from linli.ground.files.models import StoredFile
from linli.ground.files.storing import UploadRefused, store_upload
from linli.ground.files.wording import refusal_words
from linli.ground.people.doors import Request
from linli.ground.people.throttle import count, note
from linli.ground.record.writing import Audience

OWN, HELD, ACT, REMOVE = "own_uploads", "held", "act", "remove:"
MOST_FILES, MOST_REMEMBERED = 9, 60
UPLOAD, HOUR, MOST_UPLOADS_IN_AN_HOUR = "upload", timedelta(hours=1), 60


@dataclass
class Held:
    """The files that the form has so far, what was wrong with others, and whether one was just taken out."""

    files: list[StoredFile] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    removed: bool = False

    def tell(self, form: Form, name: str) -> bool:
        """Put the faults at the field of a form; whether everything in it is in order."""
        form.is_valid()
        for fault in self.faults:
            form.add_error(name, fault)
        return form.is_valid()


def hold_uploads(request: Request, name: str, *, address: str = "") -> Held:
    """Take up what was sent: the files kept from before, and new ones, at most nine in all.

    Args:
        name: the field in which new files come.
        address: whose uploads are limited to sixty in an hour; empty for no limit.
    """
    act = request.POST.get(ACT, "")
    held = Held(_kept(request, without=act.removeprefix(REMOVE)), removed=act.startswith(REMOVE))
    left_out: list[str] = []
    for upload in request.FILES.getlist(name):
        if len(held.files) >= MOST_FILES:
            left_out.append(upload.name or "")
            continue
        if address and not _may_upload(address, request):
            held.faults.append(_("上传得太多了，请一小时后再传；文字可以先提交"))
            break
        try:
            held.files.append(store_upload(upload.name or "", upload, audience=Audience.PARTY, now=request.now))
        except UploadRefused as refusal:
            held.faults.append(refusal_words(refusal))
    if left_out:
        words = {"most": MOST_FILES, "names": "、".join(left_out)}
        held.faults.append(_("最多 %(most)s 个文件，这些没有收下：%(names)s。其余的已经收好。") % words)
    _remember(request, held.files)
    return held


def _may_upload(address: str, request: Request) -> bool:
    """Whether this address may upload one more file now; if so, it is noted."""
    if count(UPLOAD, address, HOUR, request.now) >= MOST_UPLOADS_IN_AN_HOUR:
        return False
    note(UPLOAD, address, request.now)
    return True


def _kept(request: Request, *, without: str) -> list[StoredFile]:
    """The files named by the page, as far as they are this session's own and belong to no matter."""
    own = set(request.session.get(OWN, ()))
    named = [UUID(each) for each in request.POST.getlist(HELD) if each in own and each != without]
    return list(StoredFile.objects.filter(pk__in=named[:MOST_FILES], matter__isnull=True)) if named else []


def _remember(request: Request, files: Iterable[StoredFile]) -> None:
    own = list(request.session.get(OWN, ()))
    fresh = [str(file.pk) for file in files if str(file.pk) not in own]
    if fresh:
        request.session[OWN] = [*own, *fresh][-MOST_REMEMBERED:]
