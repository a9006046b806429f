"""Images written anew: upright, without metadata, and never larger in memory than allowed."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

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


class ImageRefused(ValueError):
    """`code` is `broken_image` or `too_many_pixels`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def clean_image(content: bytes, name: str, *, most_pixels: int) -> bytes:
    """Decode an image of the format `name` (as Pillow calls it) and write its pixels anew, turned upright.

    Place, time, camera and colour profile are lost; of a moving image the first picture stays.

    Raises:
        ImageRefused: more pixels than allowed, judged before decoding, or not decodable to the end.
    """
    try:
        with Image.open(BytesIO(content), formats=[name]) as image:
            _require_size(image, most_pixels)
            image.load()
            return _written(_upright(image), name)
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


def _written(image: Image.Image, name: str) -> bytes:
    if name != "JPEG" and image.has_transparency_data:
        mode = "RGBA"
    else:
        mode = "L" if image.mode in {"1", "L", "I", "I;16", "F"} else "RGB"
    plain = image.convert(mode) if image.mode != mode else image.copy()
    plain.info.clear()
    output = BytesIO()
    plain.save(output, format=name, **SAVING[name])
    return output.getvalue()
