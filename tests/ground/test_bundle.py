"""Published files: checked alone, each alteration named, each publication continuing the one before."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.ground.record.bundle import BundleUnreadable, publish_bundle, verify_bundle
from tests.ground.recording import seal_at, write
from tests.world import World


@pytest.fixture
def published(replied: World, tmp_path: Path) -> Path:
    publish_bundle(tmp_path / "first", replied.now)
    write(400, replied.now)
    seal_at(replied.later(minutes=5))
    publish_bundle(tmp_path / "second", replied.now)
    return tmp_path


def test_a_bundle_is_checked_without_the_database(published: Path, django_db_blocker: Any) -> None:
    with django_db_blocker.block():
        first = verify_bundle(published / "first")
        both = verify_bundle(published / "second", published / "first" / "public.pem", published / "first")
    assert first.whole, first.faults
    assert both.whole, both.faults
    assert both.rows == both.covered == first.rows + 400
    assert not {path.name for path in (published / "first").iterdir()} - {
        "rows.jsonl",
        "checkpoints.jsonl",
        "public.pem",
    }


def alter(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path.write_bytes(b"".join(line + b"\n" for line in change(path.read_bytes().splitlines())))


def bundle_faults(published: Path) -> list[str]:
    verified = verify_bundle(published / "second", published / "first" / "public.pem", published / "first")
    assert not verified.whole
    return [f"{each.place}: {each.problem}" for each in verified.faults]


def test_an_altered_published_row_is_narrowed_down(published: Path) -> None:
    rows = published / "second" / "rows.jsonl"
    alter(rows, lambda lines: [lines[0].replace(b'"event":"', b'"event":"x'), *lines[1:]])
    found = bundle_faults(published)
    assert any("the rows are not those that were sealed" in fault for fault in found)
    assert any("rows.jsonl line 1 is not the line published earlier" in fault for fault in found)


@pytest.mark.once
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda lines: lines[:-1], "the rows are gone"),
        (lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]], "not those that were sealed"),
        (lambda lines: [*lines[:3], *lines[4:]], "not those that were sealed"),
        (lambda lines: [lines[0], *lines], "not those that were sealed"),
        (lambda lines: [*lines[:5], lines[5].replace(b'":', b'": '), *lines[6:]], "line 6: not in canonical form"),
        (lambda lines: [*lines[:5], lines[5][:-1], *lines[6:]], "line 6: not readable as JSON"),
        (lambda lines: [], "the rows are gone"),
    ],
)
def test_each_alteration_of_the_rows_is_caught(
    published: Path, change: Callable[[list[bytes]], list[bytes]], expected: str
) -> None:
    alter(published / "second" / "rows.jsonl", change)
    assert any(expected in fault for fault in bundle_faults(published))


@pytest.mark.once
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda lines: [], "no checkpoint"),
        (lambda lines: [lines[0].replace(b'"size":', b'"size":1'), *lines[1:]], "the signature does not fit"),
        (lambda lines: [lines[0].replace(b"2026-", b"2025-"), *lines[1:]], "the signature does not fit"),
        (lambda lines: [b"{}", *lines[1:]], "checkpoints.jsonl line 1: not a checkpoint"),
    ],
)
def test_each_alteration_of_the_checkpoints_is_caught(
    published: Path, change: Callable[[list[bytes]], list[bytes]], expected: str
) -> None:
    alter(published / "second" / "checkpoints.jsonl", change)
    assert any(expected in fault for fault in bundle_faults(published))


def test_rows_without_their_checkpoint_are_counted_as_not_covered(published: Path) -> None:
    alter(published / "second" / "checkpoints.jsonl", lambda lines: lines[:-1])
    verified = verify_bundle(published / "second", earlier=published / "first")
    assert (verified.whole, verified.unplaced) == (True, 400)


def test_a_history_written_anew_with_another_key_is_caught(published: Path) -> None:
    made = Ed25519PrivateKey.generate().public_key()
    pem = made.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (published / "second" / "public.pem").write_bytes(pem)
    found = [each.place for each in verify_bundle(published / "second", None, published / "first").faults]
    assert "earlier public.pem" in found
    kept = verify_bundle(published / "second", published / "first" / "public.pem").faults
    assert [each.place for each in kept] == ["public.pem"]


def test_a_folder_that_is_no_bundle(tmp_path: Path, published: Path) -> None:
    with pytest.raises(BundleUnreadable):
        verify_bundle(tmp_path)
    (published / "second" / "public.pem").write_text("nothing")
    with pytest.raises(BundleUnreadable):
        verify_bundle(published / "second")
