"""What was published of each quarter; nothing of what must stay hidden is kept."""

from typing import ClassVar

from django.db import models

from linli.ground.organizations.models import Organization
from linli.insight.indicators.rules.rates import Rate


class PublishedQuarter(models.Model):
    """A quarter whose rates were published: once, and not changed afterwards."""

    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["year", "number"], name="one_publication_per_quarter")]

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


class PublishedRate(models.Model):
    """One rate of an organization with all below it, or of its `own` part. Both counts are empty where it is hidden."""

    quarter = models.ForeignKey(PublishedQuarter, models.PROTECT, related_name="rates")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    own = models.BooleanField()
    rate = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Rate])
    part = models.PositiveIntegerField(null=True)
    whole = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["quarter", "organization", "own", "rate"], name="one_rate_per_cell"),
            models.CheckConstraint(
                condition=models.Q(part__isnull=True, whole__isnull=True) | models.Q(part__lte=models.F("whole")),
                name="a_share_or_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quarter_id} {self.rate} {self.organization_id}"
