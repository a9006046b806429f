"""Filing a demand as a browser without scripts does it: plain forms, one after another."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from linli.ground.files.models import StoredFile
from linli.ground.matters.action import code_digest
from linli.ground.people.models import Person
from linli.ground.record.receipts import verify_receipt
from linli.services.cases.models import Case
from linli.services.cases.portal import gate
from linli.services.cases.portal.memory import recall
from tests.world import Snapshot, World

WHAT = {"text": "小区门口路灯坏了三天，晚上看不见路。请尽快修。", "title": ""}
WHERE = {"street": "990104001000", "community": "990104001001", "place_text": "青年路 12 号门前"}
CONTACT = {"name": "", "phone": "", "visibility": "private", "identity_shown": "yes", "complained_of": ""}


@pytest.fixture
def visitor(world: World) -> Client:
    settings.LINLI_CLOCK.set(world.now)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is not
    return Client()


def picture(name: str = "灯.jpg") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (40, 30), "orange").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


def fill(client: Client, *, what: Any = WHAT, where: Any = WHERE, contact: Any = CONTACT) -> Any:
    client.post(reverse("file_case"), what)
    client.post(reverse("file_where"), where)
    client.post(reverse("file_contact"), contact)
    return client.get(reverse("file_review"))


def draft_id(client: Client) -> str:
    return str(recall(_request(client), "filing")["id"])


def _request(client: Client) -> Any:
    return type("Request", (), {"session": client.session})()


def send(client: Client, **more: str) -> Any:
    return client.post(reverse("file_review"), {"draft": draft_id(client), **more})


def test_three_steps_a_review_and_a_receipt(visitor: Client, world: World) -> None:
    assert visitor.get(reverse("file_case")).status_code == 200
    review = fill(visitor)
    assert "A1社区" in review.content.decode()
    assert "5 个工作日" in review.content.decode()
    assert "条文待核对原文" in review.content.decode()
    sent = send(visitor)
    assert sent.url == reverse("filed")
    page = visitor.get(reverse("filed")).content.decode()
    case = Case.objects.select_related("matter__place").get()
    kept = recall(_request(visitor), "filed")
    assert case.matter.title == "小区门口路灯坏了三天，晚上看不见路"
    assert case.matter.place == world.community["A1"]
    assert case.place_text == "青年路 12 号门前"
    assert case.matter.filer is None
    assert case.matter.code_digest == code_digest(kept["code"])
    assert kept["receipt"] in page
    assert "2026-03-10" in page
    assert verify_receipt(kept["receipt"]).holds
    assert kept["receipt"] in visitor.get(reverse("filed_receipt")).content.decode()
    assert visitor.get(reverse("my_case", kwargs={"number": case.matter.number})).status_code == 200
