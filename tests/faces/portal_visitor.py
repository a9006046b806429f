"""A visitor whose browser runs no scripts: fills in forms and follows what the pages say."""

import re
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from linli.ground.people.memory import recall
from linli.ground.people.models import Account
from tests.world import World

WHAT = {"text": "小区门口路灯坏了三天，晚上看不见路。请尽快修。", "title": ""}
WHERE = {"street": "990104001000", "community": "990104001001", "place_text": "青年路 12 号门前"}
CONTACT = {"name": "", "phone": "", "visibility": "private", "identity_shown": "yes", "complained_of": ""}
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Visitor(Client):
    """A browser with a clock."""

    def __init__(self, world: World, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.world = world
        settings.LINLI_CLOCK.set(world.now)
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is not

    def read(self, name: str, query: str = "", **parts: Any) -> str:
        """The text of a page that opens."""
        answer = self.get(reverse(name, kwargs=parts) + query)
        assert answer.status_code == 200, answer.status_code
        return str(answer.content.decode())

    def fill(self, *, what: Any = WHAT, where: Any = WHERE, contact: Any = CONTACT) -> Any:
        """The three steps, up to the review."""
        self.post(reverse("file_case"), what)
        self.post(reverse("file_where"), where)
        self.post(reverse("file_contact"), contact)
        return self.get(reverse("file_review"))

    def send(self, **more: str) -> Any:
        """Press the last button."""
        return self.post(reverse("file_review"), {"draft": self.kept("filing")["id"], **more})

    def file(self, **steps: Any) -> dict[str, Any]:
        """File a demand and read what is taken home."""
        self.fill(**steps)
        answer = self.send()
        assert answer.url == reverse("filed"), answer.content.decode()
        return self.kept("filed")

    def kept(self, name: str) -> dict[str, Any]:
        """What the server keeps in the session under a name, decrypted."""
        return recall(SimpleNamespace(session=self.session), name)  # type: ignore[arg-type]

    def sign_in(self, account: Account) -> None:
        """Be signed in."""
        self.force_login(account, backend=BACKEND)

    def clock(self, **delta: float) -> None:
        """Let time pass."""
        settings.LINLI_CLOCK.set(self.world.later(**delta))


class Messages(list[tuple[str, str]]):
    """Text messages that would have gone out."""

    def send(self, phone: str, text: str, _now: Any) -> None:
        self.append((phone, text))

    @property
    def digits(self) -> str:
        """The code in the newest one."""
        found = re.search(r"\d{6}", self[-1][1])
        assert found
        return found[0]


def picture(name: str = "灯.jpg") -> SimpleUploadedFile:
    """A small photo."""
    content = BytesIO()
    Image.new("RGB", (40, 30), "orange").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")
