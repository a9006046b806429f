"""Backup and restore of files that lie in a bucket: fetched one by one, put back in steps that bear repeating."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from linli.ground.files.storage import ORIGINAL, files_storage

PUT_BACK = "files-put-back"


def bucket_holds_something() -> bool:
    """Whether anything of an installation lies in the bucket."""
    return next(iter(files_storage().walk()), None) is not None


def fetch_files(folder: Path) -> None:
    """Copy every file out of the bucket into a folder, without what is made of files; one just removed is left out."""
    storage = files_storage()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for kept in storage.walk():
        if ORIGINAL.fullmatch(kept.name):
            try:
                content = storage.read(kept.name)
            except FileNotFoundError:
                continue
            path = folder / kept.name
            path.parent.mkdir(mode=0o700, exist_ok=True)
            path.write_bytes(content)


def put_files_back(prepared: Path, aside: Path | None) -> None:
    """Make the bucket hold what was restored and nothing else; its former content was copied aside before.

    A folder of files from before the bucket goes aside, too. Cut off anywhere, it can be done again from the start.
    """
    if not prepared.exists():
        return
    storage = files_storage()
    names = set(_names(prepared))
    for name in sorted(names):
        storage.write(name, (prepared / name).read_bytes())
    for name in [kept.name for kept in storage.walk() if kept.name not in names]:
        storage.remove(name)
    former = Path(settings.LINLI_HOME) / "files"
    if aside and former.exists():
        former.rename(aside / "files-from-folder")
    prepared.rename(prepared.with_name(PUT_BACK))


def _names(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if ORIGINAL.fullmatch(name) and path.is_file():
            yield name
