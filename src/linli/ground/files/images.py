"""Images written anew: upright, without metadata, and never larger in memory than allowed."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, ImageFile, ImageOps

BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    ArithmeticError,
    LookupError,
    TypeError,
    AttributeError,
    EOFError,
    MemoryError,
    struct.error,
    zlib.error,
)

SAVING: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88, "optimize": True},
    "PNG": {"compress_level": 6},
    "WEBP": {"quality": 85, "method": 4},
}
SIDE = 320
SAVING_SMALL: dict[str, Any] = {"quality": 75, "method": 4}


class ImageRefused(ValueError):
    """`code` is `broken_image` or `too_many_pixels`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class CleanImage:
    """An image written anew, and the small picture of it."""

    content: bytes
    small: bytes


def clean_image(content: bytes, name: str, *, most_pixels: int) -> CleanImage:
    """Decode an image of the format `name` (as Pillow calls it) and write its pixels anew, turned upright.

    Place, time, camera and colour profile are lost; of a moving image the first picture stays.

    Raises:
        ImageRefused: more pixels than allowed, judged before decoding, or not decodable to the end.
    """
    with _decoding(), Image.open(BytesIO(content), formats=[name]) as image:
        _require_size(image, most_pixels)
        image.load()
        plain = _plain(_upright(image), name)
        return CleanImage(_written(plain, name, SAVING[name]), _small(plain))


def small_image(content: bytes) -> bytes:
    """The small picture of an image that has been written anew before: a WebP, square, cut from the middle.

    Raises:
        ImageRefused: it is damaged.
    """
    with _decoding(), Image.open(BytesIO(content), formats=list(SAVING)) as image:
        image.load()
        return _small(_plain(image, image.format or ""))


@contextmanager
def _decoding() -> Iterator[None]:
    """Whatever a decoder stumbles over is a reason to refuse the image.

    An image has to be whole: other libraries (WeasyPrint) let the whole process take truncated ones.
    """
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageRefused("too_many_pixels") from error
    except ImageRefused:
        raise
    except BROKEN as error:
        raise ImageRefused("broken_image") from error


def _require_size(image: Image.Image, most_pixels: int) -> None:
    width, height = image.size
    if width * height > most_pixels:
        raise ImageRefused("too_many_pixels")


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its EXIF says; as it stands when that cannot be read."""
    try:
        return ImageOps.exif_transpose(image)
    except BROKEN:
        return image


def _plain(image: Image.Image, name: str) -> Image.Image:
    """The pixels alone, in a mode that the format can hold."""
    if name != "JPEG" and image.has_transparency_data:
        mode = "RGBA"
    else:
        mode = "L" if image.mode in {"1", "L", "I", "I;16", "F"} else "RGB"
    plain = image.convert(mode) if image.mode != mode else image.copy()
    plain.info.clear()
    return plain


def _small(plain: Image.Image) -> bytes:
    """Square, so that pages know its size. Large images are averaged down first, which costs less."""
    factor = min(plain.size) // (2 * SIDE)
    coarse = plain.reduce(factor) if factor > 1 else plain
    return _written(ImageOps.fit(coarse, (SIDE, SIDE)), "WEBP", SAVING_SMALL)


def _written(plain: Image.Image, name: str, saving: dict[str, Any]) -> bytes:
    output = BytesIO()
    plain.save(output, format=name, **saving)
    return output.getvalue()
