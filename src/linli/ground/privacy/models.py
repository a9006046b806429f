"""The register of impact assessments (个人信息保护影响评估, PIPL art. 55–56)."""

from typing import ClassVar

from django.db import models

from linli.ground.people.rules.purposes import ASSESSED
from linli.ground.record.models import Record


class Assessment(models.Model):
    """One version of the assessment of a purpose. A later one is another row; its texts lie in the entry of its record.

    Nothing deletes a row: the law asks for three years at least.
    """

    purpose = models.CharField(max_length=30, choices=[(code, code) for code in ASSESSED])
    version = models.PositiveSmallIntegerField()
    assessed_on = models.DateField()
    valid_until = models.DateField()
    acceptable = models.BooleanField()
    record = models.OneToOneField(Record, models.DO_NOTHING, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purpose", "version"], name="one_assessment_per_version"),
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("assessed_on")), name="assessment_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"
