"""Organizations: one tree of who is subordinate to whom, each with the area it serves."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from treebeard.mp_tree import MP_Node

from linli.ground.territory.models import AfterAnother, Unit
from linli.kernel.identity import uscc_fault


class Kind(models.TextChoices):
    """What an organization is."""

    DISTRICT = "district_government", "区政府"
    DISTRICT_CENTRE = "district_centre", "区受理中心"
    DEPARTMENT = "district_department", "区职能部门"
    STREET_OFFICE = "street_office", "街道办事处"
    STREET_UNIT = "street_unit", "街道部门(四部一中心)"
    COMMITTEE = "residents_committee", "社区居民委员会"
    PARTY = "party_organization", "党组织"
    SOCIAL = "social_organization", "社会组织"
    RESIDENT_UNIT = "resident_unit", "驻区单位"


class StreetUnit(models.TextChoices):
    """The five units of a street: four departments, one centre (四部一中心)."""

    GENERAL_AFFAIRS = "general_affairs", "党政综合部"
    ECONOMIC_SERVICES = "economic_services", "经济服务部"
    SOCIAL_MANAGEMENT = "social_management", "社会管理部"
    URBAN_MANAGEMENT = "urban_management", "城市管理部"
    CITIZEN_SERVICE_CENTER = "citizen_service_center", "市民服务中心"


def check_uscc(value: str) -> None:
    """Refuse a unified social credit code whose form or check digit is wrong."""
    fault = uscc_fault(value)
    if fault:
        raise ValidationError("统一社会信用代码有误,请核对", code=fault)


class Organization(MP_Node):  # type: ignore[misc]  # treebeard ships no types
    """An organization that can hold matters and appoint people.

    Siblings stand in the order in which they were established: a path never moves, so matters may copy it.
    """

    kind = models.CharField(max_length=24, choices=Kind.choices)
    street_unit = models.CharField(max_length=24, choices=StreetUnit.choices, blank=True)
    name = models.CharField(max_length=80)
    uscc = models.CharField(max_length=18, blank=True, validators=[check_uscc])
    area = models.ForeignKey(Unit, models.PROTECT, null=True)
    phone = models.CharField(max_length=30, blank=True)
    active = models.BooleanField(default=True)
    valid_from = models.DateField(null=True)  # not known of the oldest
    valid_to = models.DateField(null=True)  # the first day on which it is no more; not known of some that were closed
    former_paths = models.JSONField(default=list)  # of the organizations whose history it keeps, theirs included

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["uscc"], condition=~Q(uscc=""), name="one_uscc_per_organization"),
            models.CheckConstraint(condition=Q(active=False) | Q(valid_to__isnull=True), name="active_has_no_end"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="organization_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_district_wide(self) -> bool:
        """Whether it serves the whole district rather than a street or a community."""
        return self.kind in {Kind.DISTRICT, Kind.DISTRICT_CENTRE, Kind.DEPARTMENT}


class OrganizationSuccession(AfterAnother):
    """An organization that ended, and one that took over from it on that day.

    Of several successors one keeps the history (`inherits`): what was closed under the old one is read there.
    """

    predecessor = models.ForeignKey(Organization, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organization, models.PROTECT, related_name="origins")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="organization_succeeded_once", fields=["predecessor", "successor"]),
            models.UniqueConstraint(
                name="organization_has_one_heir", fields=["predecessor"], condition=Q(inherits=True)
            ),
            models.CheckConstraint(name="organization_succeeds_another", condition=~Q(predecessor=F("successor"))),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} {self.kind} {self.successor_id}"
