"""What only a reform has to keep."""

from typing import Any, ClassVar

from django.db import models

from linli.ground.people.models import Dwelling
from linli.ground.territory.facade import Unit


class DwellingMove(models.Model):
    """A home that came to another community by a reform, so that every past day is answered."""

    dwelling = models.ForeignKey(Dwelling, models.CASCADE, related_name="moves")
    community = models.ForeignKey(Unit, models.PROTECT, related_name="+")  # in which it lay until then
    day = models.DateField()  # the first day in the next one

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["dwelling", "day"], name="dwelling_moves")]

    def __str__(self) -> str:
        return f"{self.dwelling_id} until {self.day}"
