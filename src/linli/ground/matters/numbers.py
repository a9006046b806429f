"""The number of a matter: the day on which it was opened, and eight digits drawn by chance.

Nobody can tell from it how many there were. A day has a hundred million: one that is taken is drawn rarely, but among
the hundred thousand of an import without dates some are.
"""

import secrets
from collections.abc import Collection, Sequence
from datetime import date

from django.db import connection

from linli.ground.matters.models import Matter

DAY = "%Y%m%d"
DIGITS = 8


def drawn_number(day: date) -> str:
    """A number of that day; whether it is free, `settle_numbers` looks."""
    return _on(day.strftime(DAY))


def settle_numbers(matters: Sequence[Matter]) -> None:
    """Draw again for those matters whose number is taken, in the table or by another of them."""
    given: set[str] = set()
    unsettled = list(matters)
    while unsettled:
        taken = taken_numbers([matter.number for matter in unsettled])
        clashing = []
        for matter in unsettled:
            if matter.number in taken or matter.number in given:
                matter.number = _on(matter.number[:-DIGITS])
                clashing.append(matter)
            else:
                given.add(matter.number)
        unsettled = clashing


def taken_numbers(numbers: Collection[str]) -> set[str]:
    """Which of these numbers matters have already; asked with each opening, so without the ORM."""
    marks = ", ".join(["%s"] * len(numbers))
    sql = f"SELECT number FROM {Matter._meta.db_table} WHERE number IN ({marks})"
    with connection.cursor() as cursor:
        cursor.execute(sql, list(numbers))
        return {number for (number,) in cursor.fetchall()}


def _on(day: str) -> str:
    return f"{day}{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
