"""Text messages leave through an adapter; the one that ships writes them to a file."""

from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class SmsAdapter(Protocol):
    """Whatever a district's operator provides."""

    def send(self, phone: str, text: str, now: datetime) -> None:
        """Hand one message over; raises on failure, and is then tried again."""


class FileSms:
    """Appends each message to `outbox/sms.txt` under `LINLI_HOME`: for development and rehearsal."""

    def send(self, phone: str, text: str, now: datetime) -> None:
        """Write one line."""
        path = Path(settings.LINLI_HOME) / "outbox" / "sms.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.write(f"{now.isoformat()}\t{phone}\t{text}\n")


def send_sms(phone: str, text: str, now: datetime) -> None:
    """Send through the adapter that the settings name."""
    adapter: SmsAdapter = import_string(settings.LINLI_SMS_ADAPTER)()
    adapter.send(phone, text, now)
