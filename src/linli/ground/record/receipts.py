"""Receipts: what a filer holds in hand before and after the sealer has placed the row."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from linli.ground.record.canonical import canonical, moment, record_content
from linli.ground.record.keys import log_key, public_log_key
from linli.ground.record.log import HashMissing, tree
from linli.ground.record.models import Checkpoint, Leaf, Record
from linli.ground.record.signing import from_base64, signature_fits
from linli.ground.record.verifying import statement_of
from linli.kernel.merkle import inclusion_holds, leaf_hash


@dataclass(frozen=True)
class Receipt:
    """A signed promise that the record row with this leaf hash exists and will be found in the log."""

    record: int
    number: str
    at: str
    leaf: str
    signature: str

    def signed_content(self) -> bytes:
        """The bytes under the signature."""
        return canonical({"record": self.record, "number": self.number, "at": self.at, "leaf": self.leaf})

    def text(self) -> str:
        """One line to keep, print or paste into the check page."""
        body = json.dumps([self.record, self.number, self.at, self.leaf, self.signature]).encode()
        return base64.urlsafe_b64encode(body).decode().rstrip("=")


class ReceiptUnreadable(ValueError):
    """The text is not a receipt: parts are missing, or characters were lost while copying."""


def sign_receipt(row: Record, number: str, now: datetime) -> Receipt:
    """The receipt for a record row just written."""
    leaf = leaf_hash(canonical(record_content(row))).hex()
    unsigned = Receipt(row.pk, number, moment(now), leaf, "")
    signature = base64.b64encode(log_key().sign(unsigned.signed_content())).decode()
    return Receipt(row.pk, number, moment(now), leaf, signature)


def parse_receipt(text: str) -> Receipt:
    """Read a receipt back from its line.

    Raises:
        ReceiptUnreadable: it is none.
    """
    compact = "".join(text.split())
    try:
        parts: list[Any] = json.loads(base64.urlsafe_b64decode(compact + "=" * (-len(compact) % 4)))
        record, number, at, leaf, signature = parts
        if not 0 < int(record) < 2**63:
            raise ReceiptUnreadable(text[:40])
        return Receipt(int(record), str(number), str(at), str(leaf), str(signature))
    except (ValueError, TypeError) as error:
        raise ReceiptUnreadable(text[:40]) from error


def signature_holds(receipt: Receipt, key: Ed25519PublicKey) -> bool:
    """Whether the receipt was signed by the holder of `key` and not altered since."""
    return signature_fits(key, receipt.signed_content(), from_base64(receipt.signature))


@dataclass(frozen=True)
class ReceiptCheck:
    """What a receipt is worth today.

    Args:
        signature_ok: it was signed here and not altered since.
        row_found: the record row that it promises exists.
        leaf_matches: the row's content, and its leaf if it is placed, are what the receipt says.
        position: where the row stands in the log; None until it is placed.
        size: rows under the newest checkpoint; 0 when there is none.
        proof_ok: the inclusion proof leads from the receipt's leaf to the signed root of that checkpoint.
        sealed: the row stands under a checkpoint.
    """

    receipt: Receipt
    signature_ok: bool
    row_found: bool
    leaf_matches: bool
    position: int | None
    size: int
    proof_ok: bool
    sealed: bool
    proof: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the promise is kept so far: a row that is not under a checkpoint yet needs no proof."""
        return self.signature_ok and self.row_found and self.leaf_matches and (self.proof_ok or not self.sealed)


def verify_receipt(text: str) -> ReceiptCheck:
    """Check a receipt against the record and the newest checkpoint.

    Raises:
        ReceiptUnreadable: the text is no receipt.
    """
    receipt = parse_receipt(text)
    row = Record.objects.filter(pk=receipt.record).first()
    leaf = Leaf.objects.filter(record=receipt.record).first()
    content = leaf_hash(canonical(record_content(row))).hex() if row else ""
    placed = bytes(leaf.hash).hex() if leaf else receipt.leaf
    newest = Checkpoint.objects.order_by("-size").first()
    size = newest.size if newest else 0
    sealed = leaf is not None and leaf.position < size
    proof = _proof(leaf.position, size) if leaf is not None and sealed else []
    return ReceiptCheck(
        receipt=receipt,
        signature_ok=signature_holds(receipt, public_log_key()),
        row_found=row is not None,
        leaf_matches=content == placed == receipt.leaf,
        position=leaf.position if leaf else None,
        size=size,
        proof_ok=sealed and _proof_holds(receipt, leaf, newest, proof),
        sealed=sealed,
        proof=tuple(each.hex() for each in proof),
    )


def _proof(position: int, size: int) -> list[bytes]:
    """The audit path, or none when rows that it needs are gone."""
    try:
        return tree(size).inclusion(position)
    except HashMissing:
        return []


def _proof_holds(receipt: Receipt, leaf: Leaf | None, newest: Checkpoint | None, proof: list[bytes]) -> bool:
    if leaf is None or newest is None:
        return False
    statement = statement_of(newest)
    try:
        claimed = bytes.fromhex(receipt.leaf)
    except ValueError:
        return False
    return statement.is_signed_by(public_log_key()) and inclusion_holds(
        claimed, leaf.position, statement.size, proof, statement.root
    )
