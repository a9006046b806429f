"""What stood at a moment, the slow way: the rows of the record from the beginning, for comparison with the spans."""

from datetime import datetime
from itertools import pairwise
from typing import Any

from linli.ground.matters.models import Matter, MatterSpan
from linli.ground.record.models import Record

COMPARED = ("state", "holder", "desk")


def stood(rows: list[Record], moment: datetime) -> dict[str, Any] | None:
    """What the last row said that was written before `moment`."""
    codes = next((row.codes for row in reversed(rows) if row.at < moment), None)
    return codes and {"state": codes["to"], "holder": codes["holder"], "desk": codes["desk"]}


def check_spans() -> None:
    """Every matter's spans say at every moment what its rows say, touch, and end in the matter as it is."""
    found: dict[int, list[MatterSpan]] = {}
    for span in MatterSpan.objects.order_by("matter", "since"):
        found.setdefault(span.matter_id, []).append(span)
    told: dict[int, list[Record]] = {}
    for row in Record.objects.filter(entry__matter__isnull=False, codes__has_key="holder").order_by("id"):
        told.setdefault(row.entry.matter or 0, []).append(row)
    assert found.keys() == told.keys()
    for matter in Matter.objects.all():
        check_sequence(found[matter.pk], matter)
        moments = {row.at for row in told[matter.pk]} | {span.since for span in found[matter.pk]}
        for moment in (*moments, *(later(each) for each in moments)):
            assert spanned(found[matter.pk], moment) == stood(told[matter.pk], moment), (matter, moment)


def later(moment: datetime) -> datetime:
    """The next moment that a database tells apart."""
    return moment.replace(microsecond=moment.microsecond + 1) if moment.microsecond < 999_999 else moment


def spanned(spans: list[MatterSpan], moment: datetime) -> dict[str, Any] | None:
    """What the one span says that began before `moment` and did not end before it."""
    there = [span for span in spans if span.since < moment and (span.until is None or span.until >= moment)]
    assert len(there) <= 1
    return {name: said(there[0], name) for name in COMPARED} if there else None


def said(span: MatterSpan, name: str) -> Any:
    return getattr(span, name if name == "state" else f"{name}_id")


def check_sequence(spans: list[MatterSpan], matter: Matter) -> None:
    """They follow one another without gap or overlap, each another than the last; the last is how the matter is."""
    for span, after in pairwise(spans):
        assert span.until == after.since
        assert span.since < after.since
        assert content(span) != content(after)
    last = spans[-1]
    assert last.until is None
    assert last.state == matter.state
    assert (last.holder_id, last.desk_id, last.place_id) == (matter.holder_id, matter.desk_id, matter.place_id)
    assert (last.holder_path, last.desk_path) == (matter.holder_path, matter.desk_path)
    assert last.place_path == matter.place_path
    assert last.is_open == (matter.closed_at is None)
    assert last.due_at == matter.due_at


def content(span: MatterSpan) -> tuple[Any, ...]:
    return (span.state, span.holder_id, span.desk_id, span.place_id, span.due_at)
