"""What was published of each quarter, without what must stay hidden; the figures of the house; its hot topics."""

from typing import ClassVar

from django.db import models

from linli.ground.matters.models import Matter
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


class CountedCase(models.Model):
    """What the figures count of one demand (`rules/figures.py`), as it was counted last."""

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="+")
    place = models.CharField(max_length=255)
    topic = models.CharField(max_length=255, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    hops = models.PositiveSmallIntegerField()
    returns = models.PositiveSmallIntegerField()
    due_on = models.DateField(null=True)
    answered = models.BooleanField()
    closed_in_time = models.BooleanField()
    said_on = models.DateField(null=True)
    solved = models.BooleanField()
    rated_on = models.DateField(null=True)
    bad = models.BooleanField()
    mended = models.BooleanField()
    topic_decided_on = models.DateField(null=True)
    topic_taken = models.BooleanField(default=False)
    unit_decided_on = models.DateField(null=True)
    unit_taken = models.BooleanField(default=False)
    merge_decided_on = models.DateField(null=True)
    merge_taken = models.BooleanField(default=False)

    class Meta:
        # Every number of the board opens its rows: those of some days, the newest first, often of one place.
        indexes: ClassVar = [
            models.Index(fields=["opened_on", "matter"]),
            models.Index(fields=["closed_on", "matter"]),
            models.Index(fields=["due_on", "matter"]),
            models.Index(fields=["said_on", "matter"]),
            models.Index(fields=["rated_on", "matter"]),
            models.Index(fields=["place", "matter"]),
            *(
                models.Index(fields=[day, "matter"], condition=models.Q(**{f"{day}__isnull": False}), name=name)
                for day, name in (
                    ("topic_decided_on", "counted_topic_decided"),
                    ("unit_decided_on", "counted_unit_decided"),
                    ("merge_decided_on", "counted_merge_decided"),
                )
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class DailyFigures(models.Model):
    """The sums of one day over the demands of a place and a topic; a place counts with all that lies in it.

    Args:
        place: path of the district, a street or a community.
        topic: path of a topic or of a group of them; empty for all demands, those without a topic too.
    """

    day = models.DateField()
    place = models.CharField(max_length=255)
    topic = models.CharField(max_length=255, blank=True)
    received = models.IntegerField(default=0)
    open = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
    hops = models.IntegerField(default=0)
    returns = models.IntegerField(default=0)
    due = models.IntegerField(default=0)
    answered = models.IntegerField(default=0)
    closed_in_time = models.IntegerField(default=0)
    said = models.IntegerField(default=0)
    solved = models.IntegerField(default=0)
    rated = models.IntegerField(default=0)
    satisfied = models.IntegerField(default=0)
    bad = models.IntegerField(default=0)
    mended = models.IntegerField(default=0)
    topics_proposed = models.IntegerField(default=0)
    topics_taken = models.IntegerField(default=0)
    units_proposed = models.IntegerField(default=0)
    units_taken = models.IntegerField(default=0)
    merges_proposed = models.IntegerField(default=0)
    merges_taken = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "topic", "day"], name="one_sum_per_day_place_and_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.place} {self.topic}"


class FiguresCheck(models.Model):
    """A night's check: every demand was counted anew, and every sum added up anew."""

    at = models.DateTimeField()
    demands = models.PositiveIntegerField()
    wrong_demands = models.PositiveIntegerField()
    sums = models.PositiveIntegerField()
    wrong_sums = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"


class HotTopicsNight(models.Model):
    """A night in which the hot topics were found; the newest alone is kept.

    Args:
        night: the day on which it was done; once for each.
        since, until: the days of the demands that were read.
        read: how many were; `is_cut`: there were more, and the oldest were left out.
        compared_with: the night before, to whose heat that of its topics is compared; None for the first one.
    """

    night = models.DateField(unique=True)
    at = models.DateTimeField()
    since = models.DateField()
    until = models.DateField()
    read = models.PositiveIntegerField()
    is_cut = models.BooleanField()
    compared_with = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.night}"


class HotTopic(models.Model):
    """One matter that several people have told (docs/methods/topics.md), with the numbers of its night.

    Args:
        number: place in the order of heat, from 1.
        phrase: what its titles repeat; place: what place they name. Both without personal details, either may be empty.
        heat_before: of the same topic the night before; None if it is new.
    """

    night = models.ForeignKey(HotTopicsNight, models.PROTECT, related_name="topics", db_index=False)
    number = models.PositiveIntegerField()
    phrase = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=60, blank=True)
    first = models.DateTimeField()
    last = models.DateTimeField()
    size = models.PositiveIntegerField()
    voices = models.PositiveIntegerField()
    support = models.PositiveIntegerField()
    closeness = models.FloatField()
    heat = models.FloatField()
    heat_before = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["night", "number"], name="one_topic_for_a_number"),
            models.CheckConstraint(condition=models.Q(voices__lte=models.F("size")), name="no_voice_without_a_demand"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.place} {self.phrase}"


class HotTopicDemand(models.Model):
    """A demand of a hot topic; no demand is in two."""

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="+")
    topic = models.ForeignKey(HotTopic, models.PROTECT, related_name="demands")

    def __str__(self) -> str:
        return f"{self.pk}"
