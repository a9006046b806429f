"""A log that is read from its first row to its last, kept as the few hashes that its root is made of."""

from dataclasses import dataclass, field

from linli.kernel.merkle import EMPTY_ROOT, WIDTH, node_hash

HEIGHT = WIDTH.bit_length() - 1  # binary levels under one stored subtree


@dataclass(frozen=True)
class Complete:
    """A subtree that has just become complete: `hash` covers `WIDTH ** level` leaves."""

    level: int
    index: int
    hash: bytes


@dataclass
class Frontier:
    """The right edge of a growing RFC 6962 tree: its root at every size, in memory that grows with log n."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> list[Complete]:
        """Append one leaf hash; returns the stored subtrees that it completed, smallest first."""
        completed = []
        self.peaks.append(leaf)
        index, height = self.size, 0
        while index & 1:
            right = self.peaks.pop()
            self.peaks.append(node_hash(self.peaks.pop(), right))
            index, height = index >> 1, height + 1
            if height % HEIGHT == 0:
                completed.append(Complete(height // HEIGHT, index, self.peaks[-1]))
        self.size += 1
        return completed

    def root(self) -> bytes:
        """The Merkle tree hash of everything added so far."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root
