"""What only a reform has to keep: where homes lay, and the plans that were brought to the desk."""

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


class Phase(models.TextChoices):
    """How far a plan is."""

    READING = "reading"
    FAULTY = "faulty"
    PREVIEWED = "previewed"
    CONFIRMED = "confirmed"
    DONE = "done"


class ReformFile(models.Model):
    """A plan brought to the desk, kept as it was uploaded, with what its preview said."""

    file_name = models.CharField(max_length=120)
    text = models.TextField()
    by = models.UUIDField()
    uploaded_at = models.DateTimeField()
    phase = models.CharField(max_length=10, choices=Phase.choices, default=Phase.READING)
    asked_at = models.DateTimeField()  # of the preview or the confirmation that is under way, or was last
    problems = models.JSONField(default=list)
    result = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)  # of the plan and of what its preview said
    seconds = models.FloatField(null=True)  # that the preview took
    stale = models.BooleanField(default=False)  # what was confirmed is not what would have happened
    confirmed_by = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.pk}"
