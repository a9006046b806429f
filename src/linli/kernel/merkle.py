"""Merkle tree arithmetic of RFC 6962, over SHA-256.

A tree is never held in memory: `Tree` asks a source for the hashes of complete subtrees, so that a root or proof
over millions of leaves reads a few hundred hashes.

Source: RFC 6962 (Certificate Transparency), section 2.1; verification as in RFC 9162, section 2.1.3–2.1.4.
"""

import hashlib
from collections.abc import Callable, Sequence

WIDTH = 256  # leaves, or subtrees, under one stored subtree

EMPTY_ROOT = hashlib.sha256(b"").digest()

Source = Callable[[int, int], bytes]


def leaf_hash(content: bytes) -> bytes:
    """The hash of one leaf, 32 bytes."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node, 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf (or equal-height subtree) hashes held in memory."""
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            paired.append(level[-1])
        level = paired
    return level[0]


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


class Tree:
    """A view of the first `size` leaves; `source(level, index)` gives the hash of a complete subtree.

    Level 0 are the leaves; a subtree of level n covers `WIDTH ** n` leaves.
    """

    def __init__(self, size: int, source: Source) -> None:
        self.size = size
        self._source = source

    def root(self) -> bytes:
        """The Merkle tree hash of the whole view."""
        return self._hash(0, self.size)

    def inclusion(self, position: int) -> list[bytes]:
        """The audit path of the leaf at `position`, from the leaf up."""
        if not 0 <= position < self.size:
            raise ValueError(f"position {position} is not within the {self.size} leaves")
        path: list[bytes] = []
        start, end = 0, self.size
        while end - start > 1:
            middle = start + _split(end - start)
            if position < middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, earlier: int) -> list[bytes]:
        """The proof that the first `earlier` leaves are a prefix of this view."""
        if not 0 < earlier <= self.size:
            raise ValueError(f"an earlier size of {earlier} is not within 1 to {self.size}")
        return self._prefix_proof(earlier, 0, self.size, whole=True)

    def _prefix_proof(self, earlier: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        if earlier == end - start:
            return [] if whole else [self._hash(start, end)]
        half = _split(end - start)
        if earlier <= half:
            left = self._prefix_proof(earlier, start, start + half, whole=whole)
            return [*left, self._hash(start + half, end)]
        right = self._prefix_proof(earlier - half, start + half, end, whole=False)
        return [*right, self._hash(start, start + half)]

    def _hash(self, start: int, end: int) -> bytes:
        size = end - start
        if size == 0:
            return EMPTY_ROOT
        level, span = 0, 1
        while span * WIDTH <= size:
            level, span = level + 1, span * WIDTH
        if size == span and start % span == 0:
            return self._source(level, start // span)
        middle = start + _split(size)
        return node_hash(self._hash(start, middle), self._hash(middle, end))


def inclusion_holds(leaf: bytes, position: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` proves that `leaf` stands at `position` in the tree of `size` leaves with `root`."""
    if not 0 <= position < size:
        return False
    index, last, current = position, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if index & 1 or index == last:
            current = node_hash(sibling, current)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and current == root


def consistency_holds(earlier: int, earlier_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `earlier` leaves is a prefix of the tree of `size` leaves."""
    if earlier == size:
        return not proof and earlier_root == root
    if not 0 < earlier < size or not proof:
        return False
    path = list(proof)
    if earlier & (earlier - 1) == 0:
        path.insert(0, earlier_root)
    index, last = earlier - 1, size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    first = second = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            first, second = node_hash(node, first), node_hash(node, second)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            second = node_hash(second, node)
        index, last = index >> 1, last >> 1
    return last == 0 and first == earlier_root and second == root
