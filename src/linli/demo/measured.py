"""What real messages to a government are like, in figures: how long, about what, and when.

Measured once on the messages of the 2020 TipDM cup, task C: 7,142 with their text and time (annexes 3 and 4), 2,816 of
them with a reply, and 8,030 that bear one of seven first-level labels (annex 2). Lengths are characters without white
space. Figures only: no sentence of theirs stands anywhere in this program, whose people say what its own wording makes.
"""

from random import Random

Quantiles = tuple[int, ...]
"""Lengths at 0 %, 5 %, 10 % … of all; the last one is where we stop, not the longest that was seen."""

LONGEST = 1500
TEXT_LENGTHS: Quantiles = (
    9, 48, 66, 82, 96, 110, 124, 140, 158, 175, 198, 223, 253, 288, 330, 387, 456, 564, 748, 1118, LONGEST,
)  # fmt: skip
REPLY_LENGTHS: Quantiles = (
    3, 32, 52, 82, 112, 141, 167, 192, 218, 244, 269, 293, 322, 354, 391, 435, 495, 585, 679, 899, LONGEST,
)  # fmt: skip

LABELS = {
    "城乡建设": 1773,
    "劳动和社会保障": 1718,
    "教育文体": 1385,
    "商贸旅游": 1026,
    "环境保护": 821,
    "卫生计生": 776,
    "交通运输": 531,
}
"""Messages under each first-level label."""

WEEKDAYS = (1146, 1382, 1312, 1145, 1037, 507, 599)
"""Messages written on a Monday, a Tuesday …"""

HOURS = (
    145, 92, 17, 22, 9, 27, 52, 99, 299, 432, 792, 615, 383, 357, 479, 656, 501, 505, 364, 281, 238, 277, 285, 201,
)  # fmt: skip
"""Messages written in each hour of the day."""


def drawn_length(quantiles: Quantiles, random: Random) -> int:
    """A length as they are distributed; straight between two quantiles."""
    place = random.random() * (len(quantiles) - 1)
    below = int(place)
    return round(quantiles[below] + (quantiles[below + 1] - quantiles[below]) * (place - below))
