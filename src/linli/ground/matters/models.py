"""The matter (事): what every demand, application, deliberation or contract item has in common."""

from typing import Any, ClassVar

from django.db import models

from linli.ground.organizations.models import Organization
from linli.ground.people.models import Person
from linli.ground.territory.models import Unit


class Visibility(models.TextChoices):
    """What the filer wants of it. Published is a fact of its own: `published_at`."""

    PUBLIC = "public", "愿意公开"
    PRIVATE = "private", "不公开"


class Street(models.Func):
    """The path of the street in which a matter lies: an expression that indexes hold, so it has no parameters."""

    length = Unit.steplen * 2
    template = f"SUBSTR(%(expressions)s, 1, {length})"
    output_field = models.CharField()

    def __init__(self, *expressions: models.F, **extra: Any) -> None:
        super().__init__(*(expressions or (models.F("place_path"),)), **extra)


NEWEST_PUBLISHED = (models.F("published_at").desc(), models.F("id").desc())
IS_PUBLISHED = models.Q(published_at__isnull=False)


class Matter(models.Model):
    """One row per matter; a feature's own row has it as primary key."""

    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    place = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=255)
    holder = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    holder_path = models.CharField(max_length=255)
    desk = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    desk_path = models.CharField(max_length=255)
    recused_path = models.CharField(max_length=255, blank=True)
    handler = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    filer = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    code_digest = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=20)
    procedure_version = models.PositiveSmallIntegerField()
    visibility = models.CharField(max_length=10, choices=Visibility.choices)
    published_at = models.DateTimeField(null=True)
    public_title = models.CharField(max_length=200, blank=True)
    withheld = models.BooleanField(default=False)
    erased_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    clock_start = models.DateField()
    clock_days = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    due_provisional = models.BooleanField(default=False)
    next_due = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(closed_at__isnull=True),
                name="matters_open_by_due",
            ),
            models.Index(
                fields=["desk_path", "due_at"],
                condition=models.Q(closed_at__isnull=True),
                name="matters_open_at_desk",
            ),
            models.Index(fields=["next_due"], condition=models.Q(next_due__isnull=False), name="matters_next_due"),
            models.Index(
                fields=["-published_at", "-id"],
                condition=models.Q(published_at__isnull=False),
                name="matters_published",
            ),
            # What the public narrows the list to: without these a rare state or a quiet street reads the whole archive.
            models.Index(models.F("state"), *NEWEST_PUBLISHED, condition=IS_PUBLISHED, name="matters_published_state"),
            models.Index(Street(), *NEWEST_PUBLISHED, condition=IS_PUBLISHED, name="matters_published_street"),
            models.Index(
                Street(), models.F("state"), *NEWEST_PUBLISHED, condition=IS_PUBLISHED, name="matters_published_both"
            ),
            models.Index(
                fields=["closed_at"],
                condition=models.Q(closed_at__isnull=False, erased_at__isnull=True),
                name="matters_ended",
            ),
            models.Index(fields=["filer", "-id"], name="matters_of_filer"),
            models.Index(fields=["holder_path", "id"], name="matters_of_holder"),
            models.Index(fields=["place_path", "id"], name="matters_at_place"),
        ]

    def __str__(self) -> str:
        return self.number


class MatterSpan(models.Model):
    """From when until when a matter stood as it did; a read model that a follower of the log writes.

    Codes and ids only. A matter's spans touch and never overlap; the last one has no end. `record` is the row of the
    record that began it. `due_at` is the promise that stood on the record, none before one did.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="spans", db_index=False)
    record = models.BigIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    state = models.CharField(max_length=20)
    is_open = models.BooleanField()
    holder = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    holder_path = models.CharField(max_length=255)
    desk = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    desk_path = models.CharField(max_length=255)
    place = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    place_path = models.CharField(max_length=255)
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter", "since"], name="one_span_begins_at_a_moment"),
            models.UniqueConstraint(fields=["matter"], condition=models.Q(until__isnull=True), name="one_span_goes_on"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("since")),
                name="span_ends_after_it_began",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-since", "-matter"], name="spans_newest_first"),
            models.Index(fields=["desk_path", "since"], name="spans_at_desk"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.state} {self.since}"


class Relation(models.TextChoices):
    """How one matter stands to another."""

    ANSWERS = "answers", "答复"
    ARISES_FROM = "arises_from", "源自"
    DUPLICATES = "duplicates", "重复"
    PART_OF = "part_of", "属于"
    FUNDS = "funds", "出资"
    DELIVERS = "delivers", "落实"


class MatterLink(models.Model):
    """A thread between two matters."""

    origin = models.ForeignKey(Matter, models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Matter, models.PROTECT, related_name="links_in")
    relation = models.CharField(max_length=12, choices=Relation.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin", "target", "relation"], name="one_link_per_relation")
        ]

    def __str__(self) -> str:
        return f"{self.origin_id} {self.relation} {self.target_id}"


class CalendarYear(models.Model):
    """A year's table of working days, loaded over the shipped one."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    content = models.TextField()
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.year}"


class SavedFilter(models.Model):
    """A set of inbox filters that a member of staff keeps under a name."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "name"], name="one_filter_per_name")]

    def __str__(self) -> str:
        return self.name
