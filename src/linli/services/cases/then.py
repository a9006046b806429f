"""A demand as it stood at the end of a day. Who may read it is asked of today, before it is asked for here.

Only what was there by then is in it: no text, file or event of later, and nothing that the record does not tell.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from linli.ground.files.models import StoredFile
from linli.ground.matters.clocks import end_of
from linli.ground.matters.models import MatterSpan
from linli.ground.matters.paging import PAGE_SIZE, Page
from linli.ground.matters.scope import subtree
from linli.ground.matters.search import find
from linli.ground.matters.then import on_day, span_on, spans_page
from linli.ground.matters.timeline import TimelineEntry, files_brought, timeline
from linli.ground.record.writing import Audience
from linli.kernel.access import Actor
from linli.services.cases.finding import GIVES_TOPIC
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import Channel
from linli.services.cases.selectors import FOUND, PublicCase, unit_names, view_public_case


@dataclass(frozen=True)
class CaseThen:
    """All that the page of a day shows of a case."""

    number: str
    title: str
    text: str
    reply: str
    topic: str  # empty: it had none yet
    channel: str
    outside_number: str
    place_text: str
    opened_at: datetime
    span: MatterSpan
    timeline: list[TimelineEntry]
    files: list[StoredFile]
    units: dict[int, str]


def case_on(case: Case, day: date, *, as_staff: bool) -> CaseThen | None:
    """The case at the end of a day; None if it was not there yet. The caller has opened it for whoever asks."""
    end, matter = end_of(day), case.matter
    span = span_on(case.pk, day)
    if span is None:
        return None
    audiences = set(Audience) if as_staff else {Audience.PARTY, Audience.PUBLIC}
    entries = timeline(case.pk, audiences, before=end)
    texts: dict[str, str] = {}
    for entry in entries:
        texts |= entry.texts
    return CaseThen(
        number=matter.number,
        title=matter.title,
        text=next((entry.texts["text"] for entry in entries if "text" in entry.texts), ""),
        reply=texts.get("reply", ""),
        topic=case.topic.name if case.topic is not None and _had_topic(case, entries) else "",
        channel=case.channel,
        outside_number=case.outside_number,
        place_text=case.place_text,
        opened_at=matter.opened_at,
        span=span,
        timeline=entries,
        files=_files(case.pk, audiences, end),
        units=unit_names(entries) if as_staff else {},
    )


def _had_topic(case: Case, entries: list[TimelineEntry]) -> bool:
    """Whether it had been given its topic by then: by one of these acts, or with a part's whole."""
    return case.channel == Channel.PART or any(entry.event in GIVES_TOPIC for entry in entries)


def _files(matter: int, audiences: set[Audience], end: datetime) -> list[StoredFile]:
    brought = files_brought(matter, end)
    shown = StoredFile.objects.filter(matter=matter, audience__in=[str(each) for each in audiences])
    return [file for file in shown if str(file.pk) in brought]


def own_cases_on(actor: Actor, day: date, *, after: str = "") -> Page[dict[str, Any]]:
    """The actor's own demands that were there at the end of a day, what had moved last first."""
    if actor.person is None:
        return Page(())
    own = Q(matter__filer=actor.person, matter__kind="case", matter__withheld=False)
    return spans_page(day, own, after=after)


def public_cases_on(
    day: date, *, q: str = "", state: str = "", place: str = "", after: str = "", size: int = PAGE_SIZE
) -> Page[dict[str, Any]]:
    """The demands that had been published by the end of a day and still are as they were published then.

    What was corrected since is left out: its words of then were taken back, and those of today are of later.
    """
    condition = _published(day)
    if state:
        condition &= Q(state=state)
    if place:
        condition &= subtree("place_path", place)
    if not q:
        return spans_page(day, condition, after=after, size=size)
    there = Q(pk__in=MatterSpan.objects.filter(on_day(day) & condition).values("matter"))
    ranks = {hit.matter: hit.rank for hit in find(q, there, public=True)[:FOUND]}
    rows = spans_page(day, condition & Q(matter__in=list(ranks)), size=FOUND).rows
    return Page(sorted(rows, key=lambda row: (-ranks[row["id"]], -row["id"])))


def _published(day: date) -> Q:
    return Q(matter__kind="case", matter__published_at__lt=end_of(day), matter__withheld=False)


def public_case_on(number: str, day: date) -> tuple[PublicCase, MatterSpan] | None:
    """A published demand as it stood at the end of a day; None if what is published of it was not yet, by then.

    Raises:
        Refused: `not_found`, also for what is not published now.
    """
    shown, end = view_public_case(number), end_of(day)
    span = span_on(shown.case.pk, day)
    published_at = shown.matter.published_at
    if span is None or published_at is None or published_at >= end:
        return None
    return replace(shown, timeline=[entry for entry in shown.timeline if entry.at < end]), span
