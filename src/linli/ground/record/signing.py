"""Checking what was signed, with public keys alone: neither a database nor the keys of the installation are read."""

import base64
import binascii
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from linli.ground.record.canonical import canonical, moment
from linli.ground.record.frontier import Frontier


@dataclass(frozen=True)
class Fault:
    """One place where what is stored is not what was recorded."""

    place: str
    problem: str


@dataclass(frozen=True)
class Verified:
    """What was checked, and every fault found.

    Args:
        rows: rows of the log that were read.
        unplaced: rows written but not yet placed (database), or not yet under a checkpoint (published files).
        checkpoints: signed statements that were compared.
        faults: every place that is wrong; empty when nothing is.
        covered: rows under the newest checkpoint that fits.
    """

    rows: int
    unplaced: int
    checkpoints: int
    faults: tuple[Fault, ...]
    covered: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


@dataclass(frozen=True)
class Statement:
    """A checkpoint as it was signed: at this moment the log had this size and this root."""

    size: int
    root: bytes
    at: str
    signature: bytes

    def signed_content(self) -> bytes:
        """The bytes under the signature."""
        return canonical({"size": self.size, "root": self.root.hex(), "at": self.at})

    def is_signed_by(self, key: Ed25519PublicKey) -> bool:
        """Whether the signature fits."""
        return signature_fits(key, self.signed_content(), self.signature)

    @property
    def place(self) -> str:
        """How a fault names this checkpoint."""
        return f"checkpoint of {self.size} rows"


def checkpoint_content(size: int, root: bytes, at: datetime) -> bytes:
    """The bytes under a checkpoint's signature."""
    return Statement(size, bytes(root), moment(at), b"").signed_content()


def signature_fits(key: Ed25519PublicKey, content: bytes, signature: bytes) -> bool:
    """Whether `signature` over `content` was made with the private half of `key`."""
    try:
        key.verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def from_base64(text: str) -> bytes:
    """Bytes from base64; a text that is none gives no bytes, which no signature fits."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


class Comparison:
    """Compares the roots of a log that is being read with what was signed at each size.

    After the first root that differs no later one can fit; the rows since the last one that did are named.
    """

    def __init__(self, statements: Iterable[Statement], key: Ed25519PublicKey) -> None:
        self.faults: list[Fault] = []
        self.covered = 0
        self.broken = False
        self._key = key
        self._waiting = sorted(statements, key=lambda each: each.size, reverse=True)

    @property
    def waiting(self) -> int:
        """How many checkpoints have not been reached yet."""
        return len(self._waiting)

    def reached(self, frontier: Frontier) -> None:
        """Compare every checkpoint of the size that the log has just reached."""
        while self._waiting and self._waiting[-1].size <= frontier.size:
            statement = self._waiting.pop()
            if not statement.is_signed_by(self._key):
                self.faults.append(Fault(statement.place, "the signature does not fit"))
            elif statement.size != frontier.size:
                self.faults.append(Fault(statement.place, "no log has this size"))
            elif self.broken:
                continue
            elif frontier.root() == statement.root:
                self.covered = statement.size
            else:
                self.broken = True
                self.faults.append(
                    Fault(
                        f"positions {self.covered} to {statement.size - 1}",
                        f"the rows are not those that were sealed: the {statement.place} fits no longer, "
                        + (f"the one of {self.covered} rows does" if self.covered else "nor does any before it"),
                    )
                )

    def ended(self, size: int) -> Iterator[Fault]:
        """Faults of the checkpoints that promise more rows than there are."""
        yield from self.faults
        for statement in reversed(self._waiting):
            if not statement.is_signed_by(self._key):
                yield Fault(statement.place, "the signature does not fit")
                continue
            lost = f"positions {size} to {statement.size - 1}"
            yield Fault(lost, f"the rows are gone: the {statement.place} was signed, {size} are there")
