"""Shapes of demands as other programs read them: the same facts as on the pages, for the same readers."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from ninja import Field, Schema

from linli.ground.exchange.problems import Missing
from linli.ground.exchange.schemas import Asked, Cursor, Size, Text
from linli.services.cases.rules.vocabulary import Channel, State


class Light(StrEnum):
    """How the clock stands."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    PAUSED = "paused"
    NONE = "none"


LIGHT = "Of the clock: yellow from the warning on, red when overdue, paused while the filer has the turn."


AS_OF_WORDS = (
    "How it was at the end of this day, the latest change first, of what the account may open today; "
    "without light, handler and whose word was waited for. Today or later: as it is."
)


class CaseFilters(Asked):
    """What a list is narrowed to, as in the inbox."""

    after: Cursor = ""
    size: Size = 20
    reach: Literal["", "turn", "desk", "all", "closed", "any"] = Field(
        "",
        description="turn: waits for the own word; desk: before the own unit; all: open ones; closed: ended ones; "
        "any: both. Without it the list begins where the inbox does; a resident's, with all of their own.",
    )
    state: State | None = None
    light: Literal["", "yellow", "red"] = Field("", description=LIGHT)
    who: Literal["", "mine", "pool"] = Field("", description="mine: the account handles it; pool: nobody does.")
    q: Text = Field("", max_length=60, description="Words, a number or a caller's telephone. Ranked; no further pages.")
    topic: Text = Field("", max_length=9, pattern="^[0-9]*$", description="Id of a topic.")
    channel: Channel | None = None
    place: Text = Field("", max_length=20, description="Code of a street or community.")
    since: date | None = Field(None, description="Received on this day or later.")
    until: date | None = Field(None, description="Received on this day or before.")
    order: Literal["", "received"] = Field("", description="received: the newest first; otherwise by due date.")
    as_of: date | None = Field(None, description=AS_OF_WORDS)


class CaseRow(Schema):
    """A demand in a list."""

    number: str
    title: str
    state: State
    state_words: str
    light: Light = Field(description=LIGHT)
    place: str
    holder: str = Field(description="The unit that answers for it.")
    desk: str = Field(description="The unit whose turn it is.")
    mine: bool = Field(description="Whether the account handles it.")
    opened_at: datetime
    due_at: datetime | None = Field(description="Null only of a day on which the record did not tell it.")
    due_provisional: bool
    closed_at: datetime | None


class CasePage(Schema):
    """Some demands, and where the next page begins."""

    rows: list[CaseRow]
    after: str = Field(description="Cursor of the next page; empty on the last one.")


class Place(Schema):
    """A unit of the territory, and what the filer wrote about the place."""

    code: str
    name: str
    words: str
    longitude: float | None
    latitude: float | None


class Filer(Schema):
    """Who filed it, masked."""

    name: str
    phone: str


class FileOut(Schema):
    """A file of a demand; its bytes are at `/api/v1/cases/{number}/files/{id}`."""

    id: str
    name: str
    content_type: str
    size: int


class CaseOut(Schema):
    """A demand as one reader may see it."""

    number: str
    title: str
    text: str
    state: State
    state_words: str
    light: Light = Field(description=LIGHT)
    read_as: Literal["staff", "filer"]
    place: Place
    topic: str | None
    channel: Channel
    holder: str
    desk: str
    handler: str | None = Field(description="Null where nobody handles it, and for the filer.")
    first_contact: str | None = Field(description="Null for the filer.")
    complained_of: str | None = Field(description="Null for the filer, who knows.")
    filer: Filer | None = Field(description="Null where the account may not know, or nobody left a name.")
    opened_at: datetime
    due_at: datetime
    due_provisional: bool
    limit_basis: str = Field(description="The working days promised, and where they come from.")
    closed_at: datetime | None
    published: bool
    reply: str = Field(description="The newest signed reply.")
    reply_is_old: bool = Field(description="The demand was reopened since.")
    question: str = Field(description="What the filer is asked for, while it waits for them.")
    rating: int | None
    files: list[FileOut]


class LineText(Schema):
    """A text of an event, under its label."""

    label: str
    text: str


class TimelineLineOut(Schema):
    """One event on a demand."""

    record: int = Field(description="Id of its row in the public record.")
    at: datetime
    event: str
    title: str
    who: str
    internal: bool = Field(description="The filer does not see it.")
    texts: list[LineText]
    files: list[FileOut]


class TimelineOut(Schema):
    """What happened on a demand, the oldest first."""

    lines: list[TimelineLineOut]


class FoundCase(Schema):
    """A demand looked up with number and secret code: what its filer sees."""

    case: CaseOut
    timeline: list[TimelineLineOut]


class StepOut(Schema):
    """A step that the account may take in this state, or what is missing for it."""

    name: str
    label: str
    open: bool
    missing: list[Missing]


class StepsOut(Schema):
    """The possible steps, in the order of the procedure."""

    steps: list[StepOut]


class PublicRow(Schema):
    """A published demand in a list."""

    number: str
    title: str
    state: State
    state_words: str
    place: str
    holder: str
    opened_at: datetime
    closed_at: datetime | None
    rating: int | None = Field(description="Null also of a day.")


class PublicPage(Schema):
    """Some published demands, the newest first."""

    rows: list[PublicRow]
    after: str


class CaseSpan(Schema):
    """How a demand stood, from when until when."""

    since: datetime
    until: datetime | None = Field(description="Null for how it stands.")
    state: State
    state_words: str
    holder: str
    desk: str
    place: str
    due_at: datetime | None


class CaseSpans(Schema):
    """Everything that a demand went through, the oldest first."""

    rows: list[CaseSpan]


class PublicFiltersIn(Asked):
    """What the public list is narrowed to."""

    as_of: date | None = Field(None, description="What had been published by the end of this day, as it stood then.")

    after: Cursor = ""
    size: Size = 20
    q: Text = Field("", max_length=60)
    place: Text = Field("", max_length=20, description="Code of a street.")
    state: Literal["", "replied", "verified", "closed", "accepted"] = ""


class PublicLine(Schema):
    """One event of a published demand's course, without texts."""

    at: datetime
    title: str
    who: str


class PublicCaseOut(Schema):
    """A published demand: the masked texts that a person confirmed."""

    number: str
    title: str
    text: str
    reply: str
    state: State
    state_words: str
    place: str
    holder: str
    opened_at: datetime
    closed_at: datetime | None
    rating: int | None
    course: list[PublicLine]
