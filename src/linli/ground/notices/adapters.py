"""Text messages leave through an adapter; the one that ships writes them to a file."""

import os
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class SmsAdapter(Protocol):
    """Whatever a district's operator provides. Each call answers or fails within half a minute."""

    def send(self, phone: str, text: str, now: datetime, reference: str) -> None:
        """Hand one message over; raises on failure, and is then tried again.

        Args:
            reference: the same for every try of one message, for the operator to recognize it; may be empty.
        """

    def has_sent(self, reference: str) -> bool:
        """Whether the operator has a message with this reference.

        Asked only where a try had no end: its sender was killed, or no answer came. An operator that cannot tell is
        to say no: the message then rather goes out twice than never.
        """


class FileSms:
    """Appends each message to `outbox/sms.txt` under `LINLI_HOME`: for development and rehearsal."""

    def __init__(self) -> None:
        self.path = Path(settings.LINLI_HOME) / "outbox" / "sms.txt"

    def send(self, phone: str, text: str, now: datetime, reference: str) -> None:
        """Write one line, by one call, so that there is never half of it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, f"{now.isoformat()}\t{phone}\t{text}\t{reference}\n".encode())
        finally:
            os.close(file)

    def has_sent(self, reference: str) -> bool:
        """Whether a line ends in the reference."""
        if not self.path.exists():
            return False
        with self.path.open() as lines:
            return any(line.rstrip("\n").endswith(f"\t{reference}") for line in lines)


def send_sms(phone: str, text: str, now: datetime, reference: str = "") -> None:
    """Send through the adapter that the settings name."""
    _adapter().send(phone, text, now, reference)


def has_sent_sms(reference: str) -> bool:
    """Ask the adapter that the settings name what became of a message."""
    return _adapter().has_sent(reference)


def _adapter() -> SmsAdapter:
    adapter: SmsAdapter = import_string(settings.LINLI_SMS_ADAPTER)()
    return adapter
