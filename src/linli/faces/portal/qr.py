"""A QR code as one path of an inline picture: no image file, no style, nothing that the policy of pages forbids."""

from dataclasses import dataclass

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET = 4  # the empty border that readers need, in modules


@dataclass(frozen=True)
class Drawing:
    """The side of the square and the path of its dark modules."""

    side: int
    path: str


def qr_drawing(text: str) -> Drawing:
    """The picture of a text."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    rows = code.get_matrix()
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return Drawing(len(rows), "".join(dark))
