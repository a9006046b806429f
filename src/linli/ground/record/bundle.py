"""The published record: files that anyone can check alone, without this program's database or goodwill.

A bundle holds `rows.jsonl` (the content of every placed row, in order), `checkpoints.jsonl` and `public.pem`.
Leaf = SHA-256(0x00 ‖ canonical JSON of the row), tree and proofs as in RFC 6962.
"""

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from linli.ground.record.canonical import canonical, moment, record_content
from linli.ground.record.keys import public_log_key_text
from linli.ground.record.log import checkpoint, log_size
from linli.ground.record.models import Checkpoint, Record
from linli.ground.record.verifying import Fault, Verified, memory_source
from linli.kernel.merkle import Tree, leaf_hash


def publish_bundle(folder: Path, now: datetime) -> int:
    """Write the bundle up to a fresh checkpoint; returns the number of rows."""
    checkpoint(now, at_once=True)
    size = log_size()
    folder.mkdir(parents=True, exist_ok=True)
    rows = Record.objects.filter(leaf__position__lt=size).order_by("leaf__position")
    with (folder / "rows.jsonl").open("wb") as file:
        for row in rows.iterator(2000):
            file.write(canonical(record_content(row)) + b"\n")
    with (folder / "checkpoints.jsonl").open("w") as text:
        for each in Checkpoint.objects.order_by("size"):
            text.write(json.dumps(checkpoint_line(each)) + "\n")
    (folder / "public.pem").write_text(public_log_key_text())
    return size


def checkpoint_line(row: Checkpoint) -> dict[str, Any]:
    """A checkpoint as published."""
    return {
        "size": row.size,
        "root": bytes(row.root).hex(),
        "at": moment(row.at),
        "signature": base64.b64encode(bytes(row.signature)).decode(),
    }


def verify_bundle(folder: Path, key_file: Path | None = None) -> Verified:
    """Check published files alone. A key kept from an earlier publication may be given to check against."""
    key = _public_key(key_file or folder / "public.pem")
    hashes: list[bytes] = []
    faults: list[Fault] = []
    for number, line in enumerate((folder / "rows.jsonl").read_bytes().splitlines(), start=1):
        hashes.append(leaf_hash(line))
        try:
            if canonical(json.loads(line)) != line:
                faults.append(Fault(f"rows.jsonl line {number}", "not in canonical form"))
        except ValueError:
            faults.append(Fault(f"rows.jsonl line {number}", "not readable as JSON"))
    lines = [json.loads(line) for line in (folder / "checkpoints.jsonl").read_text().splitlines()]
    faults += _checkpoint_faults(lines, hashes, key)
    covered = max((line["size"] for line in lines), default=0)
    return Verified(len(hashes), max(0, len(hashes) - covered), len(lines), tuple(faults))


def _checkpoint_faults(
    lines: list[dict[str, Any]], hashes: list[bytes], key: Ed25519PublicKey
) -> Iterator[Fault]:
    source = memory_source(hashes)
    sound = 0
    for line in lines:
        place = f"checkpoint of {line['size']} rows"
        content = canonical({name: line[name] for name in ("size", "root", "at")})
        try:
            key.verify(base64.b64decode(line["signature"]), content)
        except (InvalidSignature, ValueError):
            yield Fault(place, "the signature does not fit")
            continue
        if line["size"] > len(hashes):
            yield Fault(place, f"rows.jsonl has only {len(hashes)} rows")
        elif Tree(line["size"], source).root().hex() != line["root"]:
            yield Fault(place, f"rows between {sound + 1} and {line['size']} are not those that were sealed")
            return
        else:
            sound = line["size"]


def _public_key(path: Path) -> Ed25519PublicKey:
    key = serialization.load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"{path} holds no Ed25519 public key")
    return key
