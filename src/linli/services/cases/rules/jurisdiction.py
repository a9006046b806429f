"""Who rules when units send a demand back to and fro (指定承办)."""

from collections.abc import Sequence


def superior_paths(paths: Sequence[str], step: int) -> list[str]:
    """The organizations that stand above every one of `paths`, the lowest first, as paths of `step` characters a level.

    One that sent the demand back itself stands above nobody in its own dispute.
    """
    if not paths:
        return []
    shared = 0
    while all(len(path) > shared + step and path[: shared + step] == paths[0][: shared + step] for path in paths):
        shared += step
    return [paths[0][:end] for end in range(shared, 0, -step)]
