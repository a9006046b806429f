"""The log of administration for programs: read page by page, or taken out of the house, which stands in the log."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from ninja import Field, Query, Schema

from linli.faces.desk.administration.api_door import ADMINISTER, router
from linli.faces.desk.administration.forms import LogForm
from linli.faces.desk.administration.reads import LogFilters, LogLine, log_export, log_page
from linli.faces.desk.administration.words import in_words
from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.forms_as_schemas import checked, given_to, schema_of
from linli.ground.exchange.once import KEYED, once
from linli.ground.exchange.schemas import READS, WRITES, Cursor, Size, sound_key
from linli.ground.people.actions.export_log import export_log as keep_export

LogAsked = schema_of("LogAsked", LogForm, more={"after": (Cursor, ""), "size": (Size, 40)})
LogTaken = schema_of("LogTaken", LogForm, more={"after": (Cursor, ""), "size": (int, Field(1000, ge=1, le=5000))})


class LogRow(Schema):
    """A sign-in, a disclosure, an export or an administrative act, in words."""

    record: int
    at: datetime
    event: str
    event_words: str
    actor: str
    office: str
    subject: str
    details: str


class LogPage(Schema):
    """Rows of the log, the newest first."""

    rows: list[LogRow]
    after: str


@router.get("/administration/log", auth=ADMINISTER, response={200: LogPage, **READS}, summary="The log")
def administration_log(request: TokenRequest, asked: Query[LogAsked]) -> LogPage:  # type: ignore[valid-type]
    """Sign-ins, disclosures, exports and administrative acts under the filters of the page, the newest first."""
    given: Any = asked
    page = log_page(request.actor, _filters(given), before=sound_key(given.after), size=given.size)
    return LogPage(rows=[_row(line) for line in page.rows], after=page.after)


@router.post(
    "/administration/log/export",
    auth=ADMINISTER,
    response={200: LogPage, **WRITES},
    summary="Take the log out of the house",
    openapi_extra=KEYED,
)
def export_log(request: TokenRequest, asked: LogTaken | None = None) -> HttpResponse:  # type: ignore[valid-type]
    """The same in large pages. Each page taken stands in the log itself, with its filters and how many rows it held."""
    given: Any = asked or LogTaken()
    filters, before = _filters(given), sound_key(given.after)

    def write() -> LogPage:
        page = log_export(request.actor, filters, before=before, size=given.size)
        keep_export(len(page.rows), filters.codes(), actor=request.actor, now=request.now)
        return LogPage(rows=[_row(line) for line in page.rows], after=page.after)

    return once(request, write)


def _filters(asked: Any) -> LogFilters:
    """A program is told what is not sound, where the page narrows nothing."""
    form = LogForm(given_to(LogForm, asked))
    checked(form)
    return form.filters()


def _row(line: LogLine) -> LogRow:
    words = in_words(line)
    return LogRow(
        record=line.id, event=line.event, event_words=words.pop("event"), **{name: words[name] for name in words}
    )
