"""Whether somebody in office may see who filed a demand."""


def may_see_filer(*, identity_shown: bool, viewer_paths: tuple[str, ...], first_contact_path: str) -> bool:
    """The filer decides whether the units that handle the demand see them; the desk that received it always may.

    A unit that is complained of keeps out of the demand altogether (`Subject.recused_path`).

    Args:
        identity_shown: what the filer chose.
        viewer_paths: organization paths of the viewer's appointments.
        first_contact_path: path of the organization that received the demand and calls the filer back.
    """
    if identity_shown:
        return bool(viewer_paths)
    return any(path.startswith(first_contact_path) for path in viewer_paths)
