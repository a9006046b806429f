"""How a matter stood, from when until when: a follower of the log, so that no act waits for it.

Each act's row says the state, the holder and the desk that it left behind. Of acts in one moment the last one counts.
See docs/decisions/0027-what-stood-on-a-day.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from linli.ground.matters.features import FEATURES
from linli.ground.matters.models import Matter, MatterSpan
from linli.ground.organizations.models import Organization
from linli.ground.record.following import follows
from linli.ground.record.models import Record
from linli.ground.record.prepared import insert_many
from linli.ground.territory.models import Unit

MOVED = "place_before"  # under this code a row tells where the matter stood until then


@dataclass(frozen=True)
class Said:
    """How a matter stands, in ids and codes."""

    state: str
    is_open: bool
    holder: int
    desk: int
    place: int
    due_at: datetime | None


@dataclass(frozen=True)
class Stretch:
    """How a matter stood between two moments; `row` is that of the record which began it."""

    since: datetime
    until: datetime | None
    row: int
    said: Said
    key: int | None = field(default=None, compare=False)  # of the stored row, if it is stored as it is


def carry_on(stretches: list[Stretch], row: int, at: datetime, said: Said) -> list[Stretch]:
    """The stretches of a matter after one more row; unchanged by a row that they know or that changes nothing.

    They touch and have a length, also where the clock went back: what came later did not end before it began.
    """
    last = stretches[-1] if stretches else None
    if last is None:
        return [Stretch(at, None, row, said)]
    if row <= last.row or said == last.said:
        return stretches
    at = max(at, last.since)
    before = stretches[:-1]
    if last.since < at:
        before = [*before, replace(last, until=at)]
    elif before and before[-1].said == said:
        return [*before[:-1], replace(before[-1], until=None)]
    return [*before, Stretch(at, None, row, said)]


@follows("spans")
def write_spans(rows: list[Record]) -> None:
    """Carry on the spans of every matter that the rows touched. Seven queries, however many rows there are."""
    acts = [row for row in rows if row.kind in FEATURES and row.entry.matter is not None and "holder" in row.codes]
    if not acts:
        return
    keys = {row.entry.matter or 0 for row in acts}
    matters = {each.pk: each for each in Matter.objects.filter(pk__in=keys).only(*_NEEDED)}
    places = _Places(matters)
    stored = _stored(keys)
    known = {key: list(spans) for key, spans in stored.items()}
    for row in acts:
        matter = matters.get(row.entry.matter or 0)
        if matter is not None:
            stretches = known.setdefault(matter.pk, [])
            last = stretches[-1].said if stretches else None
            known[matter.pk] = carry_on(stretches, row.pk, row.at, _said(row, matter, places, last))
    _write(stored, known)


_NEEDED = ("number", "kind", "procedure_version", "place")


def _said(row: Record, matter: Matter, places: "_Places", last: Said | None) -> Said:
    """What a row says, and of what it does not speak, as it was."""
    feature, codes, due = FEATURES[matter.kind], row.codes, last.due_at if last else None
    return Said(
        state=codes["to"],
        is_open=codes["to"] not in feature.procedure_of(matter).ends,
        holder=codes["holder"],
        desk=codes["desk"],
        place=places.after(row, matter),
        due_at=datetime.fromisoformat(codes["due"]) if "due" in codes else due,
    )


class _Places:
    """Where matters stood after a row: where the next reform found them, or where they stand today.

    Asked after the matters themselves, so that a reform in between is seen.
    """

    def __init__(self, matters: Mapping[int, Matter]) -> None:
        numbers = [matter.number for matter in matters.values()]
        moved = Record.objects.filter(subject__in=numbers, codes__has_key=MOVED).order_by("id")
        self.moves: dict[str, list[tuple[int, str]]] = {}
        for key, number, codes in moved.values_list("id", "subject", "codes"):
            self.moves.setdefault(number, []).append((key, codes[MOVED]))
        named = {code for found in self.moves.values() for _, code in found}
        self.units = dict(Unit.objects.filter(code__in=named).values_list("code", "id")) if named else {}

    def after(self, row: Record, matter: Matter) -> int:
        """The unit in which the matter stood when the row had been written."""
        code = next((code for key, code in self.moves.get(matter.number, ()) if key > row.pk), "")
        return self.units[code] if code else matter.place_id


def _stored(matters: Iterable[int]) -> dict[int, list[Stretch]]:
    rows = MatterSpan.objects.filter(matter__in=list(matters)).order_by("matter", "since")
    found: dict[int, list[Stretch]] = {}
    for key, matter, since, until, row, *said in rows.values_list("pk", "matter", "since", "until", "record", *_SAID):
        found.setdefault(matter, []).append(Stretch(since, until, row, Said(*said), key))
    return found


_SAID = ("state", "is_open", "holder", "desk", "place", "due_at")


def _write(stored: Mapping[int, list[Stretch]], known: Mapping[int, list[Stretch]]) -> None:
    """Write what has changed: the rows of what has ended or is no more go, those of what is new come."""
    gone = [each.key for matter, spans in stored.items() for each in spans if each.key and each not in known[matter]]
    new = [(matter, each) for matter, spans in known.items() for each in spans if each not in stored.get(matter, ())]
    MatterSpan.objects.filter(pk__in=gone).delete()
    offices = {office for _, each in new for office in (each.said.holder, each.said.desk)}
    paths = dict(Organization.objects.filter(pk__in=offices).values_list("id", "path"))
    units = dict(Unit.objects.filter(pk__in={each.said.place for _, each in new}).values_list("id", "path"))
    insert_many([_row(matter, each, paths, units) for matter, each in new])


def _row(matter: int, stretch: Stretch, paths: Mapping[int, str], units: Mapping[int, str]) -> MatterSpan:
    said = stretch.said
    return MatterSpan(
        matter_id=matter,
        record=stretch.row,
        since=stretch.since,
        until=stretch.until,
        state=said.state,
        is_open=said.is_open,
        holder_id=said.holder,
        holder_path=paths[said.holder],
        desk_id=said.desk,
        desk_path=paths[said.desk],
        place_id=said.place,
        place_path=units[said.place],
        due_at=said.due_at,
    )
