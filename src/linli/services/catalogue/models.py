"""The catalogue of topics: three levels, who answers for them, and by when."""

from django.db import models
from treebeard.mp_tree import MP_Node

from linli.ground.organizations.models import Organization, StreetUnit


class Responsible(models.TextChoices):
    """The level of government that answers for a topic."""

    COMMUNITY = "community", "社区居委会"
    STREET = "street", "街道部门"
    DISTRICT = "district", "区职能部门"


class Topic(MP_Node):  # type: ignore[misc]  # treebeard ships no types
    """A topic (事项分类). Only leaves are given to cases."""

    name = models.CharField(max_length=60)
    responsible = models.CharField(max_length=10, choices=Responsible.choices, default=Responsible.STREET)
    street_unit = models.CharField(max_length=24, choices=StreetUnit.choices, blank=True)
    department = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    promised_days = models.PositiveSmallIntegerField(default=5)
    waives_second_person = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name
