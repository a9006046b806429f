"""Files: known by content, images without metadata, safe names, and every alteration on disk is named."""

import os
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageFile
from PIL.PngImagePlugin import PngInfo

from linli.ground.files.models import StoredFile
from linli.ground.files.storage import files_folder
from linli.ground.files.storing import (
    DOCX,
    JPEG,
    LIMITS,
    PDF,
    XLSX,
    UploadRefused,
    clean_name,
    file_type,
    read_bytes,
    remove_unattached,
    store_upload,
)
from linli.ground.files.thumbnails import read_small
from linli.ground.files.wording import REFUSALS, refusal_words
from linli.ground.record.canonical import file_digest
from linli.ground.record.log import checkpoint, seal
from linli.ground.record.verifying import verify_database
from linli.ground.record.writing import Audience
from tests.world import NOW, World

pytestmark = pytest.mark.django_db

MAIN = "application/vnd.openxmlformats-officedocument."
SHEET, WORDS = f"{MAIN}spreadsheetml.sheet.main+xml", f"{MAIN}wordprocessingml.document.main+xml"


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **saving: Any) -> bytes:
    output = BytesIO()
    image = Image.new(mode, size, 0)
    if mode == "RGB":
        image.paste((250, 10, 10), (0, 0, size[0] // 2, size[1]))
    image.save(output, form, **saving)
    return output.getvalue()


def with_metadata(form: str) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90°
    exif[0x010F] = "SecretPhone"
    exif[0x8825] = {1: "N", 2: (32.0, 1.0, 12.5)}
    return picture(form, exif=exif)


def office(content_type: str, *more: tuple[str, bytes]) -> bytes:
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "[Content_Types].xml",
            f'<?xml version="1.0"?><Types><Override PartName="/a.xml" ContentType="{content_type}"/></Types>',
        )
        for name, content in more:
            packed.writestr(name, content)
    return output.getvalue()


def path_of(file: StoredFile) -> Path:
    return files_folder() / file.path


def store(name: str, content: Any, audience: Audience = Audience.PARTY) -> StoredFile:
    return store_upload(name, content, audience=audience, now=NOW)


def refused(name: str, content: Any) -> str:
    before = sorted(files_folder().rglob("*"))
    with pytest.raises(UploadRefused) as refusal:
        store(name, content)
    assert StoredFile.objects.count() == 0
    assert sorted(files_folder().rglob("*")) == before
    assert refusal.value.name in refusal_words(refusal.value)
    return refusal.value.code


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_loses_its_metadata_and_stands_upright(form: str) -> None:
    raw = with_metadata(form)
    assert b"SecretPhone" in raw
    file = store("灯.dat", raw)
    kept = read_bytes(file)
    assert b"SecretPhone" not in kept
    assert b"Exif" not in kept
    with Image.open(BytesIO(kept)) as image:
        assert image.format == form
        assert image.size == (20, 40)
        assert not image.getexif()
        assert image.getpixel((10, 5))[0] > 200
    small = read_small(file)
    assert b"SecretPhone" not in small
    with Image.open(BytesIO(small)) as image:
        assert image.size == (320, 320)
        assert image.convert("RGB").getpixel((160, 20))[0] > 200, "upright, too"
        assert image.convert("RGB").getpixel((20, 300))[0] < 50
    assert file.content_type == f"image/{form.lower()}"
    assert file.size == len(kept) == path_of(file).stat().st_size
    assert file.digest == file_digest(file.salt, kept)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_colour_mode_is_kept_readable(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    file = store("a", picture(form, mode=mode))
    with Image.open(BytesIO(read_bytes(file))) as image:
        assert image.size == (40, 20)
        image.load()
    made_at_once = read_small(file)
    path_of(file).with_name(f"{file.pk}.small").unlink()
    with Image.open(BytesIO(made_at_once)) as first, Image.open(BytesIO(read_small(file))) as again:
        assert first.size == again.size == (320, 320)
        assert first.has_transparency_data is again.has_transparency_data


def test_text_in_a_png_is_dropped() -> None:
    output = BytesIO()
    info = PngInfo()
    info.add_text("GPS", "secret-place")
    Image.new("RGB", (4, 4)).save(output, "PNG", pnginfo=info)
    assert b"secret-place" not in read_bytes(store("a.png", output.getvalue()))


def test_where_a_file_lies() -> None:
    file = store("../../etc/passwd.jpg", picture())
    assert file.name == "passwd.jpg"
    assert path_of(file) == files_folder() / str(file.pk)[:2] / str(file.pk)
    assert path_of(file).suffix == ""
    assert not list(files_folder().rglob("*.new"))
    assert file.matter is None


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n%%EOF", PDF),
        (office(SHEET), XLSX),
        (office(WORDS), DOCX),
    ],
)
def test_documents_are_kept_as_they_are(content: bytes, kind: Any) -> None:
    assert file_type(content) is kind
    file = store("材料", content)
    assert read_bytes(file) == content
    assert file.name == f"材料{kind.suffixes[0]}"


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00 a program",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html>",
        b"GIF89a",
        b"PK\x03\x04 not a zip",
        b" %PDF-1.7",
        office("text/plain"),
        office("application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        office(SHEET, ("xl/vbaProject.bin", b"x")),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old Word file",
        b"RIFF\0\0\0\0WAVE",
    ],
)
def test_what_is_not_on_the_list_is_refused_whatever_its_name(content: bytes) -> None:
    assert refused("photo.jpg", content) == "unknown_type"
    claimed = SimpleUploadedFile("photo.jpg", content, content_type="image/jpeg")
    assert refused("photo.jpg", claimed) == "unknown_type"


def test_a_packed_bomb_is_refused() -> None:
    bomb = office(SHEET, *[(f"xl/{number}.xml", b"\0" * 21_000_000) for number in range(10)])
    assert len(bomb) < 1_000_000
    assert refused("a.xlsx", bomb) == "unknown_type"


def test_broken_and_truncated_images_are_refused() -> None:
    whole = picture("PNG", (300, 300))
    assert refused("a.png", whole[: len(whole) // 2]) == "broken_image"
    assert refused("a.jpg", b"\xff\xd8\xff\xe0 nothing follows") == "broken_image"
    # A PNG head on something else: the type by content is all that counts.
    assert refused("a.png", b"\x89PNG\r\n\x1a\n" + picture()) == "broken_image"


def test_what_another_library_lets_pass_is_refused_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint does for the whole process
    whole = picture("PNG", (300, 300))
    assert refused("a.png", whole[: len(whole) // 2]) == "broken_image"


def test_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    assert refused("a.png", picture("PNG", (10_000, 5_001), mode="1")) == "too_many_pixels"
    assert refused("a.png", picture("PNG", (13_400, 13_400), mode="1")) == "too_many_pixels"


def test_too_large_and_empty() -> None:
    assert refused("a.jpg", picture() + b"\0" * LIMITS.image_bytes) == "too_large"
    assert refused("a.pdf", b"%PDF-" + b"\0" * LIMITS.document_bytes) == "too_large"
    assert refused("a.pdf", SimpleUploadedFile("a.pdf", b"%PDF-" + b"\0" * LIMITS.document_bytes)) == "too_large"
    assert refused("a.jpg", b"") == "empty"
    assert refused("a.jpg", SimpleUploadedFile("a.jpg", b"")) == "empty"
    assert store("a.pdf", b"%PDF-" + b"\0" * LIMITS.image_bytes).size > LIMITS.image_bytes


def test_an_uploaded_file_is_read_from_its_start() -> None:
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.4 x")
    upload.read(3)
    assert read_bytes(store("a.pdf", upload)) == b"%PDF-1.4 x"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("..\\..\\boot.ini.jpg", "boot.ini.jpg"),
        ("C:\\照片\\路灯.JPG", "路灯.JPG"),
        ("a\u202egpj.exe", "agpj.exe.jpg"),
        ("行\x00政\n\t复议.jpeg", "行政复议.jpeg"),
        ("\u200b\ufeff", "文件.jpg"),
        ("...", "文件.jpg"),
        ("", "文件.jpg"),
        ('a<b>:"|?*.jpg', "a_b______.jpg"),
        ("路" * 300 + ".jpg", "路" * 116 + ".jpg"),
        ("无后缀", "无后缀.jpg"),
    ],
)
def test_names_are_cleaned(name: str, clean: str) -> None:
    assert clean_name(name, JPEG) == clean
    assert len(clean) <= LIMITS.name_length


def test_every_refusal_has_words() -> None:
    assert set(REFUSALS) == {
        "empty",
        "too_large",
        "unknown_type",
        "broken_image",
        "too_many_pixels",
        "infected",
        "try_later",
    }
    assert refusal_words(UploadRefused("too_large", "大.pdf", megabytes=20)) == "“大.pdf”超过 20 MB，请压缩后再上传。"


@pytest.fixture
def photographed(world: World) -> tuple[World, StoredFile]:
    photo = store("灯.jpg", picture())
    world.case_of(state="accepted", files=(photo,))
    seal()
    checkpoint(world.now, at_once=True)
    photo.refresh_from_db()
    assert verify_database().whole
    return world, photo


def lose(photo: StoredFile) -> None:
    path_of(photo).unlink()


def repaint(photo: StoredFile) -> None:
    path_of(photo).write_bytes(picture(size=(41, 20)))


def repaint_with_row(photo: StoredFile) -> None:
    repaint(photo)
    StoredFile.objects.filter(pk=photo.pk).update(digest=file_digest(photo.salt, read_bytes(photo)))


def drop_row(photo: StoredFile) -> None:
    StoredFile.objects.filter(pk=photo.pk).delete()


@pytest.mark.parametrize(
    ("act", "problem"),
    [
        (lose, "the file is missing"),
        (repaint, "the file was altered"),
        (repaint_with_row, "the file was altered"),
        (drop_row, "the row of the file is gone"),
    ],
)
def test_an_altered_photo_is_named(
    photographed: tuple[World, StoredFile], act: Callable[[StoredFile], None], problem: str
) -> None:
    world, photo = photographed
    number = world.case(photo.matter or 0).matter.number
    act(photo)
    (fault,) = verify_database().faults
    assert number in fault.place
    assert str(photo.pk) in fault.place
    assert fault.problem == problem


def test_a_file_slipped_in_is_named(photographed: tuple[World, StoredFile]) -> None:
    _, photo = photographed
    other = store("另.jpg", picture())
    StoredFile.objects.filter(pk=other.pk).update(matter=photo.matter)
    (fault,) = verify_database().faults
    assert str(other.pk) in fault.place
    assert fault.problem == "no record row attached this file"


def test_unattached_uploads_go_after_a_day(
    photographed: tuple[World, StoredFile], django_capture_on_commit_callbacks: Any
) -> None:
    _, photo = photographed
    left = store("忘了.jpg", picture())
    orphan = files_folder() / "ab" / "ab000000-0000-4000-8000-000000000000"
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"x")
    foreign = files_folder() / "ab" / "notes.txt"
    foreign.write_bytes(b"x")
    long_ago = (NOW - timedelta(days=30)).timestamp()
    for path in (orphan, foreign, path_of(photo)):
        os.utime(path, (long_ago, long_ago))
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_unattached(NOW + timedelta(hours=23)) == 1
    assert path_of(left).exists()
    assert not orphan.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_unattached(NOW + timedelta(hours=25)) == 1
    assert not path_of(left).exists()
    assert path_of(photo).exists()
    assert foreign.exists()
    assert list(StoredFile.objects.values_list("pk", flat=True)) == [UUID(str(photo.pk))]
    assert verify_database().whole


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    """Files in a folder of this test; the keys stay where they are."""
    (tmp_path / "keys").symlink_to(Path(settings.LINLI_HOME) / "keys")
    settings.LINLI_HOME = tmp_path
