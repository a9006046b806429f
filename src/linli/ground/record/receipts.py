"""Receipts: what a filer holds in hand before and after the sealer has placed the row."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from linli.ground.record.canonical import canonical, moment, record_content
from linli.ground.record.keys import log_key
from linli.ground.record.models import Record
from linli.kernel.merkle import leaf_hash


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
        return Receipt(int(record), str(number), str(at), str(leaf), str(signature))
    except (ValueError, TypeError) as error:
        raise ReceiptUnreadable(text[:40]) from error


def signature_holds(receipt: Receipt, key: Ed25519PublicKey) -> bool:
    """Whether the receipt was signed by the holder of `key` and not altered since."""
    try:
        key.verify(base64.b64decode(receipt.signature), receipt.signed_content())
    except (InvalidSignature, ValueError):
        return False
    return True
