"""Reads of files. The caller has decided which audiences the asker belongs to."""

from collections.abc import Collection

from linli.ground.files.models import StoredFile
from linli.ground.record.writing import Audience


def files_of(matter: int, audiences: Collection[Audience]) -> list[StoredFile]:
    """The files of a matter that the audiences may read, oldest first."""
    return list(StoredFile.objects.filter(matter=matter, audience__in=[str(each) for each in audiences]))
