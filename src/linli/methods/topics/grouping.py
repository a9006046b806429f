"""Groups of like messages: the densest first, each drawn together around its own centre.

A message with the largest sum of similarities leads; its neighbours make a centre (their mean); whatever is close
enough to the centre makes the next one, until nothing changes. What has a group is out. Unlike chains of pairwise
likeness, a group cannot wander from one matter to another, because every member is close to one centre. Groups whose
centres have come close are joined.

Sources: leader clustering, J. Hartigan, “Clustering Algorithms” (1975), ch. 3; the mean of unit vectors as centre,
I. Dhillon, D. Modha, “Concept decompositions for large sparse text data using clustering”, Machine Learning 42 (2001).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

LIKE = 0.2
"""Cosine from which two messages count as neighbours."""

CLOSE = 0.3
"""Cosine from which a message belongs to a centre."""

JOINED = 0.5
"""Cosine from which two centres are one matter."""

ROUNDS = 8
AT_ONCE = 256
MOST_NEIGHBOURS = 200
"""Neighbours kept per message, the nearest: memory grows with the messages, not with their square."""

Members = NDArray[np.int64]


def groups_of(vectors: Any, *, like: float = LIKE, close: float = CLOSE, joined: float = JOINED) -> list[Members]:
    """Groups of at least two rows, in no row twice; the same input gives the same groups.

    Args:
        vectors: messages × features, rows of length 1 or 0.
        like: cosine from which two messages are neighbours.
        close: cosine from which a message belongs to a centre.
        joined: cosine from which two groups are joined.
    """
    neighbours = neighbourhoods(vectors, like)
    by_feature = vectors.T.tocsr()
    free = np.ones(vectors.shape[0], dtype=bool)
    weight = np.asarray(neighbours.sum(axis=1)).ravel()
    groups: list[Members] = []
    for leader in np.argsort(-weight, kind="stable"):
        around = neighbours.indices[neighbours.indptr[leader] : neighbours.indptr[leader + 1]]
        around = around[free[around]]
        if not free[leader] or len(around) < 2:
            continue
        members = _settled(vectors, by_feature, np.sort(around).astype(np.int64), free, close)
        if len(members) >= 2:
            free[members] = False
            groups.append(members)
    return _joined(vectors, groups, joined)


def neighbourhoods(vectors: Any, like: float) -> Any:
    """The cosines of at least `like`, messages × messages, sparse; each message is its own neighbour."""
    parts = []
    for start in range(0, vectors.shape[0], AT_ONCE):
        block = sparse.csr_matrix(vectors[start : start + AT_ONCE] @ vectors.T)
        block.data[block.data < like] = 0
        block.eliminate_zeros()
        for row in np.flatnonzero(np.diff(block.indptr) > MOST_NEIGHBOURS):
            values = block.data[block.indptr[row] : block.indptr[row + 1]]
            values[np.argsort(-values, kind="stable")[MOST_NEIGHBOURS:]] = 0
        block.eliminate_zeros()
        parts.append(block)
    return sparse.vstack(parts, format="csr") if parts else sparse.csr_matrix((0, 0), dtype=np.float32)


def centre_of(vectors: Any, members: Members) -> Any:
    """The mean of some rows, of length 1, as a sparse row."""
    rows = vectors[members]
    features, places = np.unique(rows.indices, return_inverse=True)
    sums = np.bincount(places, weights=rows.data, minlength=len(features))
    length = float(np.linalg.norm(sums)) or 1.0
    values = (sums / length).astype(np.float32)
    return sparse.csr_matrix((values, features, [0, len(features)]), shape=(1, vectors.shape[1]))


def _settled(vectors: Any, by_feature: Any, members: Members, free: NDArray[np.bool_], close: float) -> Members:
    """Draw a group together: centre, members, centre, … until it stays; or, where it dissolves, what it was before."""
    for _ in range(ROUNDS):
        centre = centre_of(vectors, members)
        cosines = by_feature[centre.indices].T @ centre.data
        drawn = np.flatnonzero((cosines >= close) & free)
        if len(drawn) < 2:
            return np.zeros(0, dtype=np.int64)
        if np.array_equal(drawn, members):
            break
        members = drawn
    return members


def _joined(vectors: Any, groups: list[Members], joined: float) -> list[Members]:
    """Join groups with close centres, the larger one taking the smaller ones in."""
    groups = sorted(groups, key=lambda members: (-len(members), int(members[0])))
    if not groups:
        return []
    centres = sparse.vstack([centre_of(vectors, members) for members in groups], format="csr")
    likeness = neighbourhoods(centres, joined)
    taken = np.zeros(len(groups), dtype=bool)
    result = []
    for place in range(len(groups)):
        if taken[place]:
            continue
        others = likeness.indices[likeness.indptr[place] : likeness.indptr[place + 1]]
        together = sorted({place, *(int(other) for other in others if not taken[other] and other > place)})
        taken[together] = True
        result.append(np.sort(np.concatenate([groups[each] for each in together])))
    return result
