"""Uploads and the virus scanner: against a daemon on this machine that speaks clamd's INSTREAM."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from linli.ground.files.models import StoredFile
from linli.ground.files.scanning import Clamd, NoScanner, ScannerSilent, scan
from linli.ground.files.storage import files_folder
from linli.ground.files.storing import UploadRefused, store_upload
from linli.ground.files.wording import refusal_words
from linli.ground.matters.action import Refused
from linli.ground.record.writing import Audience
from linli.services.cases.importing import upload_import
from linli.services.cases.models import CaseImport
from linli.services.cases.rules.vocabulary import Channel
from tests.faces.portal_visitor import WHAT, Visitor
from tests.ground.test_files import picture
from tests.services.sheets import open_file
from tests.world import NOW, World

# Any scanner names this harmless text, so that one can be tried; in two parts, lest it names this file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
LIMIT = 1 << 20


class FakeClamd:
    """Speaks as clamd does: one command, pieces with their lengths before them, one answer."""

    def __init__(self, listening: socket.socket) -> None:
        self.listening = listening
        self.heard: list[bytes] = []
        self.says: bytes | None = None
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                link, _ = self.listening.accept()
            except OSError:
                return
            with closing(link), link.makefile("rb") as said:
                link.sendall(self._answer(said))

    def _answer(self, said: Any) -> bytes:
        assert said.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!I", said.read(4))[0]:
            if len(content) + length > LIMIT:
                return b"INSTREAM size limit exceeded. ERROR\0"
            content += said.read(length)
        self.heard.append(content)
        if self.says is not None:
            return self.says
        return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


@pytest.fixture(params=["port", "socket"])
def clamd(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[FakeClamd]:
    if request.param == "port":
        listening = socket.create_server(("127.0.0.1", 0))
        settings.LINLI_CLAMD = f"127.0.0.1:{listening.getsockname()[1]}"
    else:
        settings.LINLI_CLAMD = str(tmp_path / "clamd.ctl")
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listening.bind(settings.LINLI_CLAMD)
        listening.listen()
    settings.LINLI_SCAN_ADAPTER = "linli.ground.files.scanning.Clamd"
    with closing(listening):
        yield FakeClamd(listening)


@pytest.fixture
def silent(settings: Any, tmp_path: Path) -> None:
    settings.LINLI_SCAN_ADAPTER = "linli.ground.files.scanning.Clamd"
    settings.LINLI_CLAMD = str(tmp_path / "nobody.ctl")


def upload(content: bytes, name: str = "a.pdf") -> StoredFile:
    return store_upload(name, content, audience=Audience.PARTY, now=NOW)


def refusal(content: bytes) -> str:
    before = sorted(files_folder().rglob("*"))
    with pytest.raises(UploadRefused) as refused:
        upload(content)
    assert "a.pdf" in refusal_words(refused.value)
    assert not StoredFile.objects.exists()
    assert sorted(files_folder().rglob("*")) == before
    return refused.value.code


def test_it_is_told_the_whole_content_and_its_finding_is_told(clamd: FakeClamd) -> None:
    content = bytes(range(256)) * 1000
    assert Clamd().scan(content) == ""
    assert clamd.heard == [content]
    assert Clamd().scan(b"before " + EICAR) == "Eicar-Test-Signature"
    assert Clamd().scan(b"") == ""


@pytest.mark.parametrize(
    "said", [b"", b"stream: OK", b"ERROR\0", b"stream: Can't allocate memory ERROR\0", b"\xff" * 9000]
)
def test_an_answer_that_says_neither_is_none(clamd: FakeClamd, said: bytes) -> None:
    clamd.says = said
    if said == b"stream: OK":  # hung up before the end mark, yet said all
        assert Clamd().scan(b"x") == ""
        return
    with pytest.raises(ScannerSilent):
        Clamd().scan(b"x")


def test_what_is_too_large_for_it_is_not_let_in(clamd: FakeClamd) -> None:
    with pytest.raises(ScannerSilent):
        Clamd().scan(b"x" * (LIMIT + 1))


@pytest.mark.parametrize("address", ["127.0.0.1:9", "nonsense", "/no/such/socket", ""])
def test_who_is_not_there_is_silent(settings: Any, address: str) -> None:
    settings.LINLI_CLAMD = address
    with pytest.raises(ScannerSilent):
        Clamd().scan(b"x")


def test_nobody_looks_unless_the_settings_say_so() -> None:
    assert NoScanner().scan(EICAR) == scan(EICAR) == ""


@pytest.mark.django_db
def test_an_infected_upload_is_not_taken_in(clamd: FakeClamd) -> None:
    assert refusal(b"%PDF-1.7 " + EICAR) == "infected"
    assert upload(b"%PDF-1.7 clean").pk


@pytest.mark.django_db
def test_an_image_is_shown_to_it_as_it_came(clamd: FakeClamd) -> None:
    raw = picture(comment=b"as it came")
    upload(raw, "a.jpg")
    assert clamd.heard == [raw]


@pytest.mark.django_db
def test_nothing_is_let_in_while_it_is_silent(silent: None) -> None:
    assert refusal(b"%PDF-1.7 clean") == "try_later"


def test_a_page_and_an_import_say_what_to_do(world: World, clamd: FakeClamd, settings: Any) -> None:
    visitor = Visitor(world)
    infected = SimpleUploadedFile("材料.pdf", b"%PDF-1.7 " + EICAR)
    told = visitor.post(reverse("file_case"), WHAT | {"photos": infected}).content.decode()
    assert "查出了病毒" in told
    clamd.says = b"stream: Anything FOUND\0"
    assert import_refusal(world) == "infected"
    clamd.says = b""
    assert import_refusal(world) == "try_later"
    clamd.says = None
    assert upload_import("a.xlsx", open_file(1), channel=Channel.HOTLINE, actor=world.dispatcher_of(), now=NOW)


def import_refusal(world: World) -> str:
    with pytest.raises(Refused) as refused:
        upload_import("a.xlsx", open_file(1), channel=Channel.HOTLINE, actor=world.dispatcher_of(), now=NOW)
    assert not CaseImport.objects.exists()
    return refused.value.blockers[0].code
