"""Whether a unit may see who filed a demand."""


def may_see_filer(
    *, identity_shown: bool, viewer_paths: tuple[str, ...], holder_path: str, complained_path: str
) -> bool:
    """The filer decides whether the handling unit sees them; a unit that is complained of never does.

    Args:
        viewer_paths: organization paths of the viewer's appointments.
        holder_path: path of the holding unit.
        complained_path: path of the unit complained of, empty where there is none.
    """
    if not viewer_paths:
        return False
    if complained_path and any(path.startswith(complained_path) for path in viewer_paths):
        return False
    in_holder = any(path.startswith(holder_path) for path in viewer_paths)
    return identity_shown or not in_holder
