"""Taking in uploads: judged by content, scanned, images written anew without metadata, kept under a random name."""

from __future__ import annotations

import re
import secrets
import unicodedata
import uuid
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from itertools import islice
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from linli.ground.files.images import ImageRefused, clean_image
from linli.ground.files.models import StoredFile
from linli.ground.files.scanning import ScannerSilent, scan
from linli.ground.files.storage import SMALL, UNFINISHED, StorageSilent, files_storage, original_of
from linli.ground.record.canonical import file_digest
from linli.ground.record.writing import Audience


@dataclass(frozen=True)
class Limits:
    """What may come in, in bytes, pixels and parts."""

    image_bytes: int = 10 * 1024 * 1024
    document_bytes: int = 20 * 1024 * 1024
    pixels: int = 50_000_000
    unpacked_bytes: int = 200 * 1024 * 1024
    parts: int = 5_000
    name_length: int = 120
    unattached_for: timedelta = timedelta(days=1)


LIMITS = Limits()


@dataclass(frozen=True)
class FileType:
    """A type that is taken in. `image` is what Pillow calls it, empty for documents."""

    content_type: str
    suffixes: tuple[str, ...]
    image: str = ""


JPEG = FileType("image/jpeg", (".jpg", ".jpeg"), "JPEG")
PNG = FileType("image/png", (".png",), "PNG")
WEBP = FileType("image/webp", (".webp",), "WEBP")
PDF = FileType("application/pdf", (".pdf",))
XLSX = FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",))
DOCX = FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",))

CONTENT_TYPES = "[Content_Types].xml"
MACROS = re.compile(r"vbaProject|macroEnabled|activeX", re.IGNORECASE)


class UploadRefused(ValueError):
    """A file was not taken in.

    `code` is `empty`, `too_large`, `unknown_type`, `infected`, `broken_image`, `too_many_pixels`, or `try_later` where
    the scanner or the store was silent.
    """

    def __init__(self, code: str, name: str, **values: int) -> None:
        super().__init__(code, name)
        self.code, self.name, self.values = code, name, values


def store_upload(name: str, content: bytes | UploadedFile[bytes], *, audience: Audience, now: datetime) -> StoredFile:
    """Check a file, keep it and make its row; it belongs to no matter until an action attaches it.

    Neither its name nor the type that the browser claims are believed. The row comes last: what was cut off before
    does not count as stored, and is swept.

    Raises:
        UploadRefused: it is empty, too large, of a type that is not taken in, infected, a damaged image, or could not
            be scanned or kept.
    """
    shown = clean_name(name)
    raw = _read(shown, content)
    kind = _kind_of(shown, raw)
    _require_clean(shown, raw)
    small = b""
    if kind.image:
        try:
            cleaned = clean_image(raw, kind.image, most_pixels=LIMITS.pixels)
        except ImageRefused as refusal:
            raise UploadRefused(refusal.code, shown, megapixels=LIMITS.pixels // 1_000_000) from refusal
        raw, small = cleaned.content, cleaned.small
    key, salt = uuid.uuid4(), secrets.token_bytes(16)
    path = f"{key.hex[:2]}/{key}"
    try:
        files_storage().write(path, raw)
        if small:
            files_storage().write(path + SMALL, small)
    except StorageSilent as silent:
        raise UploadRefused("try_later", shown) from silent
    return StoredFile.objects.create(
        id=key,
        name=clean_name(name, kind),
        content_type=kind.content_type,
        size=len(raw),
        path=path,
        salt=salt,
        digest=file_digest(salt, raw),
        audience=audience,
        at=now,
    )


def file_type(content: bytes) -> FileType | None:
    """What a file is by its first bytes; for Office files by what lies inside."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"%PDF-"):
        return PDF
    return _office_type(content) if content.startswith(b"PK\x03\x04") else None


def clean_name(name: str, kind: FileType | None = None) -> str:
    """A name that is safe to show and to offer for download; with a type, it ends in a suffix of that type.

    Folders, control characters and the marks that turn the direction of writing are dropped.
    """
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(char for char in base if unicodedata.category(char)[0] != "C")
    seen = " ".join(re.sub(r'[<>:"|?*]', "_", seen).split()).strip(". ")
    suffix = Path(seen).suffix
    if kind is None:
        return seen[: LIMITS.name_length] or "文件"
    if suffix.lower() in kind.suffixes:
        stem = seen.removesuffix(suffix)
    else:
        stem, suffix = seen, kind.suffixes[0]
    return (stem[: LIMITS.name_length - len(suffix)].strip(". ") or "文件") + suffix


def read_bytes(file: StoredFile) -> bytes:
    """The stored bytes.

    Raises:
        FileNotFoundError: the store has lost them; `linli record verify` says which.
    """
    return files_storage().read(file.path)


def remove_unattached(now: datetime) -> int:
    """Remove uploads that no form was sent with for a day, and what an interrupted upload left in the store."""
    before = now - LIMITS.unattached_for
    with transaction.atomic():
        rows = StoredFile.objects.select_for_update().filter(matter__isnull=True, at__lt=before)
        paths = [row.path for row in rows]
        rows.delete()
        _remove_when_committed(paths)
    left = [name for batch in _batches(_old_names(before)) for name in _without_row(batch)]
    for name in left:
        files_storage().remove(name)
    return len(paths) + len({original_of(name) for name in left})


def remove_files_of(matters: Collection[int]) -> int:
    """Delete every file of some matters, from the store when the transaction is committed. How many there were."""
    rows = StoredFile.objects.filter(matter__in=matters)
    paths = [row.path for row in rows]
    rows.delete()
    _remove_when_committed(paths)
    return len(paths)


def _remove_when_committed(paths: Iterable[str]) -> None:
    """With their small pictures. What a silent store keeps has no row any more, and is swept a day later."""

    def remove() -> None:
        for path in paths:
            files_storage().remove(path)
            files_storage().remove(path + SMALL)

    transaction.on_commit(remove, robust=True)


def _old_names(before: datetime) -> Iterator[str]:
    return (kept.name for kept in files_storage().walk() if kept.at < before)


def _without_row(names: list[str]) -> list[str]:
    """What belongs to no row, and what was never finished."""
    originals = {original_of(name) for name in names}
    known = set(StoredFile.objects.filter(path__in=originals).values_list("path", flat=True))
    return [name for name in names if name.endswith(UNFINISHED) or original_of(name) not in known]


def _batches(names: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(names, 500)):
        yield batch


def _kind_of(shown: str, raw: bytes) -> FileType:
    """What the bytes are, if that is taken in and not too large."""
    if not raw:
        raise UploadRefused("empty", shown)
    kind = file_type(raw)
    if kind is None:
        raise UploadRefused("unknown_type", shown)
    limit = LIMITS.image_bytes if kind.image else LIMITS.document_bytes
    if len(raw) > limit:
        raise UploadRefused("too_large", shown, megabytes=limit // 1024**2)
    return kind


def _require_clean(shown: str, raw: bytes) -> None:
    """Before anything decodes them; who cannot be asked lets nothing in."""
    try:
        found = scan(raw)
    except ScannerSilent as silent:
        raise UploadRefused("try_later", shown) from silent
    if found:
        raise UploadRefused("infected", shown)


def _read(name: str, content: bytes | UploadedFile[bytes]) -> bytes:
    """The bytes, never more than the greatest limit and one."""
    most = max(LIMITS.image_bytes, LIMITS.document_bytes)
    if isinstance(content, bytes):
        raw = content
    else:
        content.seek(0)
        raw = b"" if (content.size or 0) > most else bytes(content.read(most + 1))
        if (content.size or 0) > most:
            raise UploadRefused("too_large", name, megabytes=most // 1024**2)
    if len(raw) > most:
        raise UploadRefused("too_large", name, megabytes=most // 1024**2)
    return raw


def _office_type(content: bytes) -> FileType | None:
    """A workbook or document without macros, whose packed parts are of a sane number and size."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > LIMITS.parts or sum(part.file_size for part in parts) > LIMITS.unpacked_bytes:
                return None
            if any(MACROS.search(part.filename) for part in parts):
                return None
            with packed.open(CONTENT_TYPES) as file:
                listed = file.read(1024 * 1024).decode("utf-8")
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        return None
    types = re.findall(r'ContentType\s*=\s*["\']([^"\']+)["\']', listed)
    if any(MACROS.search(each) for each in types):
        return None
    return next((kind for kind in (XLSX, DOCX) if f"{kind.content_type}.main+xml" in types), None)
