"""Small pictures of images: made when an image comes in, made again where one is missing. Nothing rests on them."""

from linli.ground.files.images import ImageRefused, small_image
from linli.ground.files.models import StoredFile
from linli.ground.files.storage import SMALL, StorageSilent, files_storage

CONTENT_TYPE = "image/webp"


def has_small(file: StoredFile) -> bool:
    """Whether a file is an image, of which there is a small picture."""
    return file.content_type.startswith("image/")


def read_small(file: StoredFile) -> bytes:
    """The small picture of an image.

    Raises:
        FileNotFoundError: it is no image, or the image itself is lost or damaged.
    """
    if not has_small(file):
        raise FileNotFoundError(file.path)
    storage = files_storage()
    try:
        return storage.read(file.path + SMALL)
    except FileNotFoundError:
        return _made_again(file)


def _made_again(file: StoredFile) -> bytes:
    storage = files_storage()
    try:
        small = small_image(storage.read(file.path))
    except ImageRefused as refusal:
        raise FileNotFoundError(file.path) from refusal
    try:
        storage.write(file.path + SMALL, small)
        if not StoredFile.objects.filter(pk=file.pk).exists():
            storage.remove(file.path + SMALL)  # erased in the meantime: nothing of it may stay
    except StorageSilent:
        pass  # shown all the same; the next one makes it
    return small
