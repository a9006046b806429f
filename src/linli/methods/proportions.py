"""Shares of a count, with the interval that tells how far they can be trusted."""

from math import sqrt

NORMAL_QUANTILE_95 = 1.959963984540054


def wilson_interval(part: int, whole: int, quantile: float = NORMAL_QUANTILE_95) -> tuple[float, float]:
    """The score interval of a share: between 0 and 1, sound for few answers and for shares near 0 and 1.

    Args:
        part: how many of them.
        whole: of how many; at least 1.
        quantile: of the standard normal distribution; by default for 95 %.

    Raises:
        ValueError: `part` is not between 0 and `whole`, or `whole` is not positive.

    Source: E. B. Wilson, “Probable inference, the law of succession, and statistical inference”, JASA 22 (1927),
    209–212.
    """
    if whole <= 0 or not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole} is no share")
    share, square = part / whole, quantile * quantile
    centre = (share + square / (2 * whole)) / (1 + square / whole)
    margin = quantile / (1 + square / whole) * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    return (centre - margin if part else 0.0), (centre + margin if part < whole else 1.0)
