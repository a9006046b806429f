"""Paths of trees as ranges: a subtree is what stands between a path and its upper bound."""


def upper_bound(path: str) -> str:
    """A text that no path below `path` exceeds, under every collation: path steps use 0–9 and A–Z alone.

    A range is answered from an index on both databases; a prefix pattern is not.
    """
    return path + "Z" * 60
