"""Reads that only the residents' pages need."""

from linli.ground.matters.models import Matter
from linli.ground.people.encryption import blind_index


def matter_with_phone(number: str, phone: str) -> int | None:
    """The case with this number, if its filer left this telephone (in its one form); None for anything else."""
    row = (
        Matter.objects.filter(number=number.strip(), kind="case", withheld=False)
        .values_list("id", "filer__phone_index")
        .first()
    )
    return row[0] if row and row[1] and row[1] == blind_index(phone, "phone") else None
