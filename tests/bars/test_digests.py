"""Bar: fifty thousand people have news; workers are killed while they tell them. Nobody is told twice, nobody never."""

import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.bars.conftest import LINLI, Installation, free_port, python

RECIPIENTS, WITH_MAIL, WORKERS, KILLS = 50_000, 5_000, 2, 3

NEWS = """
from django.utils import timezone
from linli.ground.matters.models import Matter
from linli.ground.notices.models import Notice
from linli.ground.people.models import Person
from linli.ground.record.models import Record
from linli.site.running import settle
settle()
Notice.objects.update(gathered_at=timezone.now())
matter = Matter.objects.order_by("pk")[0]
record = Record.objects.filter(subject=matter.number).order_by("at")[0]
recipients, with_mail = int(os.environ["RECIPIENTS"]), int(os.environ["WITH_MAIL"])
for first in range(0, recipients, 1000):
    people = [
        Person(phone=f"139{number:08d}", email=f"{number}@example.org" if number < with_mail else "")
        for number in range(first, first + 1000)
    ]
    Person.objects.bulk_create(people)
    Notice.objects.bulk_create(
        Notice(record=record, person=person, matter=matter, event=record.event, as_staff=False, at=record.at)
        for person in people
    )
print(json.dumps({}))
"""


class Mailbox:
    """What arrived by SMTP: how often each message came, by its Message-ID, and to whom."""

    def __init__(self) -> None:
        self.deliveries: Counter[str] = Counter()
        self.addresses: dict[str, str] = {}
        self.lock = threading.Lock()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- named by aiosmtpd
        key = str(message_from_bytes(envelope.content)["Message-ID"])
        with self.lock:
            self.deliveries[key] += 1
            self.addresses[key] = envelope.rcpt_tos[0]
        return "250 OK"


@pytest.fixture
def mailbox(installation: Installation) -> Iterator[Mailbox]:
    made = Mailbox()
    server = Controller(made, hostname="127.0.0.1", port=free_port())
    server.start()
    installation.environment |= {
        "LINLI_SENDING_HOURS": "0,24",
        "LINLI_EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "LINLI_EMAIL_HOST": "127.0.0.1",
        "LINLI_EMAIL_PORT": str(server.port),
    }
    yield made
    server.stop()


class Workers:
    """Two workers; killed without warning and started again."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        self.running = [subprocess.Popen([LINLI, "worker"], env=self.installation.environment) for _ in range(WORKERS)]

    def kill(self) -> None:
        for worker in self.running:
            worker.send_signal(signal.SIGKILL)
            worker.wait()


@pytest.mark.bar
def test_nobody_is_told_twice_and_nobody_never(installation: Installation, mailbox: Mailbox, tmp_path: Path) -> None:
    installation.run("init")
    python(installation, NEWS, RECIPIENTS=str(RECIPIENTS), WITH_MAIL=str(WITH_MAIL))
    outbox = tmp_path / "outbox" / "sms.txt"

    def told() -> list[str]:
        return [line.split("\t")[1] for line in outbox.read_text().splitlines()] if outbox.exists() else []

    workers = Workers(installation)
    began = time.monotonic()
    try:
        for kill in range(KILLS + 1):
            workers.start()
            goal = RECIPIENTS * (kill + 1) // (KILLS + 1)
            deadline = time.monotonic() + 600
            while len(told()) < goal and time.monotonic() < deadline:
                time.sleep(0.3)
            if kill < KILLS:
                workers.kill()
        seconds = time.monotonic() - began
        time.sleep(5)  # whoever would tell somebody twice has the time to
    finally:
        workers.kill()
    phones = Counter(told())
    twice = sum(mailbox.deliveries.values()) - len(mailbox.deliveries)
    print(
        f"\n{len(phones)} of {RECIPIENTS} recipients in {seconds:.1f} s with {KILLS} kills of {WORKERS} workers; "
        f"{len(mailbox.deliveries)} e-mails, {twice} delivered again under the same Message-ID"
    )
    assert phones == Counter({f"139{number:08d}": 1 for number in range(RECIPIENTS)})
    assert Counter(mailbox.addresses.values()) == Counter({f"{number}@example.org": 1 for number in range(WITH_MAIL)})
    assert twice <= KILLS * WORKERS, "only what a killed worker had in its hands"
