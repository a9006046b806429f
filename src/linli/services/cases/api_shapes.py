"""Demands in the shapes of the API, made of the same views and words as the pages."""

from collections.abc import Iterable
from datetime import datetime

from linli.ground.files.models import StoredFile
from linli.ground.matters.standing import standing_of
from linli.kernel.identity import mask_name, mask_phone
from linli.services.cases.api_schemas import (
    CaseOut,
    FileOut,
    Filer,
    Light,
    LineText,
    Place,
    TimelineLineOut,
)
from linli.services.cases.feature import CASES
from linli.services.cases.presenting import first_files, is_of_earlier_handling, limit_basis, timeline_lines
from linli.services.cases.rules.vocabulary import Channel, State
from linli.services.cases.selectors import CaseView


def case_out(view: CaseView, now: datetime) -> CaseOut:
    """The facts of a demand; what only colleagues may read is null for its filer."""
    case, matter = view.case, view.matter
    texts: dict[str, str] = {}
    for entry in view.timeline:
        texts |= entry.texts
    stands = standing_of(CASES, matter, now)
    return CaseOut(
        number=matter.number,
        title=view.title,
        text=view.text,
        state=State(matter.state),
        state_words=stands["state_words"],
        light=Light(stands["light"]),
        read_as="staff" if view.as_staff else "filer",
        place=Place(
            code=matter.place.code,
            name=matter.place.name,
            words=case.place_text,
            longitude=case.longitude,
            latitude=case.latitude,
        ),
        topic=case.topic.name if case.topic else None,
        channel=Channel(case.channel),
        holder=matter.holder.name,
        desk=matter.desk.name,
        handler=matter.handler.name if view.as_staff and matter.handler else None,
        first_contact=case.first_contact.name if view.as_staff else None,
        complained_of=case.complained_of.name if view.as_staff and case.complained_of else None,
        filer=_filer(view) if view.as_staff else None,
        opened_at=matter.opened_at,
        due_at=matter.due_at,
        due_provisional=matter.due_provisional,
        limit_basis=limit_basis(case),
        closed_at=matter.closed_at,
        published=matter.published_at is not None,
        reply=texts.get("reply", ""),
        reply_is_old=is_of_earlier_handling(view.timeline, "sign_reply"),
        question=texts.get("question", "") if matter.state == "waiting" else "",
        rating=case.rating,
        files=files_out(first_files(view.timeline, view.files)),
    )


def timeline_out(view: CaseView) -> list[TimelineLineOut]:
    """The timeline as the page tells it: with offices and names to colleagues, with the office alone to the filer."""
    lines = timeline_lines(view.timeline, units=view.units, files=view.files, named=view.as_staff)
    return [
        TimelineLineOut(
            record=line.record,
            at=line.at,
            event=entry.event,
            title=line.title,
            who=line.who,
            internal=line.hidden,
            texts=[LineText(label=label, text=text) for label, text in line.texts],
            files=files_out(line.files),
        )
        for entry, line in zip(view.timeline, lines, strict=True)
    ]


def files_out(files: Iterable[StoredFile]) -> list[FileOut]:
    """Files without their bytes."""
    return [FileOut(id=str(each.pk), name=each.name, content_type=each.content_type, size=each.size) for each in files]


def _filer(view: CaseView) -> Filer | None:
    person = view.filer
    if person is None:
        return None
    return Filer(
        name=mask_name(person.name) if person.name else "", phone=mask_phone(person.phone) if person.phone else ""
    )
