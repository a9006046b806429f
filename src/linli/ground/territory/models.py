"""Units: the district, its streets, their communities and grids."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from treebeard.mp_tree import MP_Node

from linli.ground.territory.rules.changes import ChangeKind
from linli.ground.territory.rules.levels import LEVELS, kind_of
from linli.ground.territory.rules.places import Place
from linli.kernel.divisions import GRID_DIGITS, UNIT_DIGITS, Kind, Level
from linli.kernel.geodesy import Datum


class Unit(MP_Node):  # type: ignore[misc]  # treebeard ships no types
    """A 区, 街道, 社区 or 网格. The path is made from the code and never moves."""

    level = models.CharField(max_length=9, choices=[(level.value, level.value) for level in LEVELS])
    code = models.CharField(max_length=GRID_DIGITS, unique=True)
    name = models.CharField(max_length=60)
    outline = models.JSONField(null=True)  # GeoJSON Polygon or MultiPolygon, WGS-84
    outline_datum = models.CharField(
        max_length=5, blank=True, choices=[(datum.value, datum.value) for datum in Datum]
    )  # as delivered
    longitude = models.FloatField(null=True)  # of a point inside, WGS-84
    latitude = models.FloatField(null=True)
    households = models.PositiveIntegerField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # the first day on which the unit is no more
    former_paths = models.JSONField(default=list)  # of the units whose history it keeps, theirs included
    checksum = models.BigIntegerField()  # of code, name and outline; its sum is the version of the table

    node_order_by: ClassVar = ["code"]

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["level", "code"], name="unit_level_code"),
            # The version of the table is read from this index alone, without touching the outlines.
            models.Index(fields=["valid_to", "checksum", "id"], name="unit_version"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="unit_level_fits_depth",
                condition=Q(level=Level.DISTRICT.value, depth=1)
                | Q(level=Level.STREET.value, depth=2)
                | Q(level=Level.COMMUNITY.value, depth=3)
                | Q(level=Level.GRID.value, depth=4),
            ),
            models.CheckConstraint(
                name="unit_code_fits_level",
                condition=(Q(level=Level.GRID.value) & Q(Exact(Length("code"), GRID_DIGITS)))
                | (~Q(level=Level.GRID.value) & Q(Exact(Length("code"), UNIT_DIGITS))),
            ),
            models.CheckConstraint(
                name="unit_outline_has_datum",
                condition=Q(outline__isnull=True, outline_datum="")
                | Q(outline__isnull=False, outline_datum__in=[datum.value for datum in Datum]),
            ),
            models.CheckConstraint(
                name="unit_point_on_earth",
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(
                    longitude__isnull=False,
                    latitude__isnull=False,
                    longitude__range=(-180.0, 180.0),
                    latitude__range=(-90.0, 90.0),
                ),
            ),
            models.CheckConstraint(
                name="unit_ends_after_start",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            models.UniqueConstraint(
                name="unit_one_district", fields=["level"], condition=Q(level=Level.DISTRICT.value)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def kind(self) -> Kind:
        """What sort of unit the code stands for: street, functional area, committee, virtual community."""
        return kind_of(self.code, self.name)

    @property
    def place(self) -> Place:
        """The unit as a value, without its outline."""
        return Place(self.pk, self.code, self.name, LEVELS[self.depth - 1], self.path)


class FormerName(models.Model):
    """A name that a unit bore until a day. Residents go on using it, and old papers carry it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField()  # the first day of the next name

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["unit", "valid_to"], name="formername_unit")]

    def __str__(self) -> str:
        return self.name


class FormerOutline(models.Model):
    """What a unit looked like until a day: kept when it takes in a neighbour, or is drawn anew."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="former_outlines")
    outline = models.JSONField(null=True)
    households = models.PositiveIntegerField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField()  # the first day of the next outline

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["unit", "valid_to"], name="formeroutline_unit")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="former_outline_ends_after_start", condition=Q(valid_to__gt=F("valid_from"))),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} until {self.valid_to}"


class AfterAnother(models.Model):
    """What every succession tells: of which kind it was, from which day on, who keeps the history, by which paper."""

    kind = models.CharField(max_length=8, choices=[(each.value, each.value) for each in ChangeKind])
    day = models.DateField()
    inherits = models.BooleanField()
    document = models.CharField(max_length=120)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


class Succession(AfterAnother):
    """A unit that ended, and one that came after it on that day.

    Of several successors one keeps the history (`inherits`): what was closed under the old unit is read there.
    """

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="origins")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="unit_succeeded_once", fields=["predecessor", "successor"]),
            models.UniqueConstraint(name="unit_has_one_heir", fields=["predecessor"], condition=Q(inherits=True)),
            models.CheckConstraint(name="unit_succeeds_another", condition=~Q(predecessor=F("successor"))),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} {self.kind} {self.successor_id}"


class MovedGround(models.Model):
    """Ground that went from one community to another on a day, both of which went on."""

    loser = models.ForeignKey(Unit, models.PROTECT, related_name="lost_ground")
    winner = models.ForeignKey(Unit, models.PROTECT, related_name="won_ground")
    outline = models.JSONField(null=True)  # GeoJSON, WGS-84; none where the communities are not drawn
    day = models.DateField()
    at = models.DateTimeField()  # what was opened later has been placed by the new boundary
    document = models.CharField(max_length=120)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="ground_moves_to_another", condition=~Q(loser=F("winner"))),
        ]

    def __str__(self) -> str:
        return f"{self.loser_id} to {self.winner_id}"
