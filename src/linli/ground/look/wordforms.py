"""How moments, days, texts and personal data are written on a page: the filters of every template."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

DISTRICT_ZONE = ZoneInfo("Asia/Shanghai")
NOTHING = "—"


def moment(value: datetime | None) -> str:
    """An aware moment in district time: 2026-11-23 09:15."""
    return f"{_local(value):%Y-%m-%d %H:%M}" if value is not None else NOTHING


def day(value: date | None) -> str:
    """A date, or the district's date at an aware moment: 2026-11-23."""
    if value is None:
        return NOTHING
    return (_local(value).date() if isinstance(value, datetime) else value).isoformat()


def due(value: datetime | None) -> str:
    """The last day of a term whose end is the midnight after it (the end itself no longer counts)."""
    return day(value - timedelta(microseconds=1)) if value is not None else NOTHING


def paragraphs(text: str | None) -> Markup:
    """Escaped text: an empty line starts a new paragraph, a line end stays one, and nothing becomes a link."""
    written = (text or "").replace("\r\n", "\n").strip()
    parts = [part.strip("\n") for part in re.split(r"\n[ \t]*\n", written) if part.strip()]
    return Markup("\n").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in part.split("\n"))) for part in parts
    )


def masked(value: str | None) -> str:
    """Enough of a name, a telephone or an identity number to recognize one's own, not to learn another's."""
    text = (value or "").strip()
    if not text:
        return NOTHING
    if re.fullmatch(r"\d{17}[\dXx]", text):
        return f"{text[:3]}{'*' * 11}{text[-4:]}"
    if re.fullmatch(r"[\d +-]{7,}", text):
        digits = re.sub(r"\D", "", text)
        return f"{digits[:3]}{'*' * max(len(digits) - 7, 1)}{digits[-4:]}"
    if "@" in text:
        mailbox, _, host = text.partition("@")
        return f"{mailbox[:1]}***@{host}"
    return text[0] + "*" * max(len(text) - 1, 1)


def _local(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment on a page needs a time zone")
    return value.astimezone(DISTRICT_ZONE)
