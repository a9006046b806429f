"""The published record: files that anyone can check alone, without this program's database or goodwill.

A bundle holds `rows.jsonl` (the content of every placed row, in order), `checkpoints.jsonl` and `public.pem`.
Leaf = SHA-256(0x00 ‖ the line of the row, which is canonical JSON), tree and proofs as in RFC 6962.
"""

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from linli.ground.record.canonical import canonical, record_content
from linli.ground.record.frontier import Frontier
from linli.ground.record.keys import public_log_key_text
from linli.ground.record.log import checkpoint
from linli.ground.record.models import Checkpoint, Record
from linli.ground.record.signing import Comparison, Fault, Statement, Verified, from_base64
from linli.ground.record.verifying import statement_of
from linli.kernel.merkle import WIDTH, Source, Tree, consistency_holds, leaf_hash, root_of

ROWS, CHECKPOINTS, KEY = "rows.jsonl", "checkpoints.jsonl", "public.pem"


class BundleUnreadable(ValueError):
    """The folder holds no published record: a file is missing, or the key is none."""


def publish_bundle(folder: Path, now: datetime) -> int:
    """Write the bundle up to a fresh checkpoint; returns the number of rows.

    Each file replaces its predecessor in one step, the rows first: a reader never finds a checkpoint without its rows.
    """
    newest = checkpoint(now, at_once=True)
    size = newest.size if newest else 0
    folder.mkdir(parents=True, exist_ok=True)
    rows = Record.objects.filter(leaf__position__lt=size).order_by("leaf__position").iterator(2000)
    _write(folder / ROWS, (canonical(record_content(row)) for row in rows))
    statements = Checkpoint.objects.filter(size__lte=size).order_by("size").iterator(2000)
    _write(folder / CHECKPOINTS, (canonical(checkpoint_line(row)) for row in statements))
    _write(folder / KEY, iter([public_log_key_text().strip().encode()]))
    return size


def checkpoint_line(row: Checkpoint) -> dict[str, Any]:
    """A checkpoint as published."""
    statement = statement_of(row)
    return {
        "size": statement.size,
        "root": statement.root.hex(),
        "at": statement.at,
        "signature": base64.b64encode(statement.signature).decode(),
    }


def verify_bundle(folder: Path, key_file: Path | None = None, earlier: Path | None = None) -> Verified:
    """Check published files alone, and that they continue what was published `earlier`.

    A key kept from an earlier publication may be given: it, not the one lying beside the rows, is then believed.

    Raises:
        BundleUnreadable: a file is missing or the key is none.
    """
    faults: list[Fault] = []
    key = _public_key(key_file or folder / KEY)
    if key_file is not None and not _same_key(key, _public_key(folder / KEY)):
        faults.append(Fault(KEY, "not the key that was given to check against"))
    comparison = Comparison(_statements(folder, faults), key)
    checkpoints = comparison.waiting
    frontier, hashes = Frontier(), []
    for number, line in enumerate(_lines(folder / ROWS), start=1):
        faults += _line_faults(number, line)
        hashes.append(leaf_hash(line))
        frontier.add(hashes[-1])
        comparison.reached(frontier)
    faults += comparison.ended(frontier.size)
    if frontier.size and not checkpoints:
        faults.append(Fault(CHECKPOINTS, "no checkpoint: nothing vouches for the rows"))
    if earlier is not None:
        faults += _consistency_faults(earlier, hashes, key)
    return Verified(frontier.size, frontier.size - comparison.covered, checkpoints, tuple(faults), comparison.covered)


def memory_source(hashes: list[bytes]) -> Source:
    """Subtree hashes computed from leaf hashes held in memory, each once."""
    known: dict[tuple[int, int], bytes] = {}

    def source(level: int, index: int) -> bytes:
        if level == 0:
            return hashes[index]
        if (level, index) not in known:
            known[level, index] = root_of([source(level - 1, index * WIDTH + each) for each in range(WIDTH)])
        return known[level, index]

    return source


def _consistency_faults(earlier: Path, hashes: list[bytes], key: Ed25519PublicKey) -> Iterator[Fault]:
    """What was published earlier is a prefix of what is published now: the proof of RFC 6962, section 2.1.2."""
    if not _same_key(key, _public_key(earlier / KEY)):
        yield Fault(f"earlier {KEY}", "the earlier publication was signed with another key")
        return
    unreadable: list[Fault] = []
    statements = [each for each in _statements(earlier, unreadable) if each.size > 0]
    yield from (Fault(f"earlier {fault.place}", fault.problem) for fault in unreadable)
    now = Tree(len(hashes), memory_source(hashes))
    for statement in sorted(statements, key=lambda each: each.size):
        place = f"earlier {statement.place}"
        if not statement.is_signed_by(key):
            yield Fault(place, "the signature does not fit")
        elif statement.size > now.size:
            yield Fault(place, f"rows published earlier are gone: {now.size} are left")
            return
        elif not consistency_holds(
            statement.size, statement.root, now.size, now.root(), now.consistency(statement.size)
        ):
            yield Fault(place, f"the log does not continue it{_first_difference(earlier, hashes, statement.size)}")
            return


def _first_difference(earlier: Path, hashes: list[bytes], size: int) -> str:
    before = (leaf_hash(line) for line in _lines(earlier / ROWS))
    for number, (old, new) in enumerate(zip_longest(before, hashes), start=1):
        if number > size:
            break
        if old != new:
            return f": {ROWS} line {number} is not the line published earlier"
    return ""


def _line_faults(number: int, line: bytes) -> Iterator[Fault]:
    try:
        written = canonical(json.loads(line))
    except (ValueError, AttributeError):
        yield Fault(f"{ROWS} line {number}", "not readable as JSON")
        return
    if written != line:
        yield Fault(f"{ROWS} line {number}", "not in canonical form")


def _statements(folder: Path, faults: list[Fault]) -> list[Statement]:
    """The published checkpoints; a line that is none becomes a fault."""
    statements = []
    for number, line in enumerate(_lines(folder / CHECKPOINTS), start=1):
        try:
            content = json.loads(line)
            root, signature = bytes.fromhex(content["root"]), from_base64(content["signature"])
            statements.append(Statement(int(content["size"]), root, str(content["at"]), signature))
        except (ValueError, KeyError, TypeError):
            faults.append(Fault(f"{CHECKPOINTS} line {number}", "not a checkpoint"))
    return statements


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of a file, split at line feeds alone."""
    try:
        with path.open("rb") as file:
            for line in file:
                yield line.removesuffix(b"\n")
    except FileNotFoundError as error:
        raise BundleUnreadable(f"{path} is missing") from error


def _write(path: Path, lines: Iterator[bytes]) -> None:
    temporary = path.with_name(f"{path.name}.new")
    with temporary.open("wb") as file:
        file.writelines(line + b"\n" for line in lines)
    temporary.replace(path)


def _public_key(path: Path) -> Ed25519PublicKey:
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except FileNotFoundError as error:
        raise BundleUnreadable(f"{path} is missing") from error
    except ValueError as error:
        raise BundleUnreadable(f"{path} holds no public key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise BundleUnreadable(f"{path} holds no Ed25519 public key")
    return key


def _same_key(one: Ed25519PublicKey, other: Ed25519PublicKey) -> bool:
    return one.public_bytes_raw() == other.public_bytes_raw()
