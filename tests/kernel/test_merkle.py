"""The arithmetic of RFC 6962 against its published vectors, a naive reading of the text, and altered proofs."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.merkle import (
    EMPTY_ROOT,
    WIDTH,
    Tree,
    consistency_holds,
    inclusion_holds,
    leaf_hash,
    node_hash,
    root_of,
)

# Leaves and roots of the reference implementation of Certificate Transparency (merkle_tree_test).
LEAVES = [
    b"",
    bytes.fromhex("00"),
    bytes.fromhex("10"),
    bytes.fromhex("2021"),
    bytes.fromhex("3031"),
    bytes.fromhex("40414243"),
    bytes.fromhex("5051525354555657"),
    bytes.fromhex("606162636465666768696a6b6c6d6e6f"),
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive(leaves: list[bytes]) -> bytes:
    """The definition of section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(naive(leaves[:split]), naive(leaves[split:]))


def tree_of(hashes: list[bytes]) -> Tree:
    def source(level: int, index: int) -> bytes:
        span = WIDTH**level
        return root_of(hashes[index * span : (index + 1) * span])

    return Tree(len(hashes), source)


def hashes_of(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


@pytest.mark.parametrize("size", range(9))
def test_published_vectors(size: int) -> None:
    hashes = [leaf_hash(leaf) for leaf in LEAVES[:size]]
    assert tree_of(hashes).root().hex() == root_of(hashes).hex() == ROOTS[size]


def test_published_inclusion_and_consistency_proofs() -> None:
    tree = tree_of([leaf_hash(leaf) for leaf in LEAVES])
    assert [each.hex() for each in tree.inclusion(0)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [each.hex() for each in tree.consistency(1)] == [each.hex() for each in tree.inclusion(0)]


@given(st.integers(0, 1200))
def test_root_equals_the_definition(size: int) -> None:
    hashes = hashes_of(size)
    assert tree_of(hashes).root() == naive(hashes) == root_of(hashes)


@given(st.data())
def test_inclusion_holds_and_nothing_else_does(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 700))
    position = data.draw(st.integers(0, size - 1))
    hashes = hashes_of(size)
    tree = tree_of(hashes)
    path, root = tree.inclusion(position), tree.root()
    assert inclusion_holds(hashes[position], position, size, path, root)
    assert not inclusion_holds(leaf_hash(b"another"), position, size, path, root)
    assert not inclusion_holds(hashes[position], position, size, path, leaf_hash(b"root"))
    assert not inclusion_holds(hashes[position], position, size, [*path, root], root)
    assert not inclusion_holds(hashes[position], size, size, path, root)
    other = data.draw(st.integers(0, size - 1))
    assert inclusion_holds(hashes[position], other, size, path, root) is (other == position)
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        altered = [*path[:at], leaf_hash(b"altered"), *path[at + 1 :]]
        assert not inclusion_holds(hashes[position], position, size, altered, root)
        assert not inclusion_holds(hashes[position], position, size, path[:-1], root)


@given(st.data())
def test_consistency_holds_and_nothing_else_does(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 700))
    earlier = data.draw(st.integers(1, size))
    hashes = hashes_of(size)
    proof, root, before = tree_of(hashes).consistency(earlier), naive(hashes), naive(hashes[:earlier])
    assert consistency_holds(earlier, before, size, root, proof)
    assert not consistency_holds(earlier, leaf_hash(b"before"), size, root, proof)
    assert not consistency_holds(earlier, before, size, leaf_hash(b"after"), proof)
    assert not consistency_holds(earlier, before, size, root, [*proof, root])
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        assert not consistency_holds(earlier, before, size, root, [*proof[:at], b"\0" * 32, *proof[at + 1 :]])
        assert not consistency_holds(earlier, before, size, root, proof[:-1])


@given(st.data())
def test_a_rewritten_past_is_never_consistent(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 300))
    earlier = data.draw(st.integers(1, size))
    rewritten = data.draw(st.integers(0, earlier - 1))
    hashes = hashes_of(size)
    before = naive(hashes[:earlier])
    hashes[rewritten] = leaf_hash(b"rewritten")
    assert not consistency_holds(earlier, before, size, naive(hashes), tree_of(hashes).consistency(earlier))


def test_proofs_outside_the_tree_are_refused() -> None:
    tree = tree_of(hashes_of(5))
    for position in (-1, 5):
        with pytest.raises(ValueError, match="leaves"):
            tree.inclusion(position)
    for earlier in (0, 6):
        with pytest.raises(ValueError, match="earlier"):
            tree.consistency(earlier)
    assert tree_of([]).root() == EMPTY_ROOT


def test_a_large_tree_reads_few_hashes() -> None:
    hashes, reads = hashes_of(70_000), 0
    known: dict[tuple[int, int], bytes] = {}

    def source(level: int, index: int) -> bytes:
        nonlocal reads
        reads += 1
        span = WIDTH**level
        if (level, index) not in known:
            known[level, index] = root_of(hashes[index * span : (index + 1) * span])
        return known[level, index]

    tree = Tree(len(hashes), source)
    assert inclusion_holds(hashes[41_234], 41_234, len(hashes), tree.inclusion(41_234), naive(hashes))
    assert reads < 1500
