"""Rows of demands. What every matter has stands in `Matter`; here is what only a demand has."""

from typing import ClassVar

from django.db import models

from linli.ground.matters.models import Matter
from linli.ground.organizations.models import Organization
from linli.ground.people.models import Person
from linli.services.cases.rules.vocabulary import Appeal, Channel, Rating
from linli.services.catalogue.models import Topic


class CaseImport(models.Model):
    """One imported file: previewed, confirmed whole or not at all, written in batches, released together.

    `area_path` is the area of the office that uploaded it: who serves that area, or one above it, may see it.
    """

    file_name = models.CharField(max_length=120)
    path = models.CharField(max_length=200)
    columns = models.JSONField(default=dict)
    channel = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Channel])
    rows = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    by = models.UUIDField(null=True)
    area_path = models.CharField(max_length=255)
    uploaded_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.file_name


class Case(models.Model):
    """A demand (诉求)."""

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="case")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Channel])
    outside_number = models.CharField(max_length=60, blank=True)
    place_text = models.CharField(max_length=200, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    identity_shown = models.BooleanField(default=True)
    names_filer = models.BooleanField(default=False)
    wants_feedback = models.BooleanField(default=True)
    complained_of = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    first_contact = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    waives_second_person = models.BooleanField(default=False)
    promised_days = models.PositiveSmallIntegerField(default=0)
    extended_days = models.PositiveSmallIntegerField(default=0)
    warned_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    unaccepted_warned_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    returns = models.PositiveSmallIntegerField(default=0)
    disputed_at = models.DateTimeField(null=True)
    ruling_by = models.DateTimeField(null=True)
    ruling_warned_at = models.DateTimeField(null=True)
    ruled_at = models.DateTimeField(null=True)
    supplements_asked = models.PositiveSmallIntegerField(default=0)
    supplement_asked_at = models.DateTimeField(null=True)
    waits_until = models.DateTimeField(null=True)
    paused_days_left = models.PositiveSmallIntegerField(null=True)
    extension_asked_days = models.PositiveSmallIntegerField(null=True)
    extension_asked_by = models.UUIDField(null=True)
    extensions_granted = models.PositiveSmallIntegerField(default=0)
    handled_at = models.DateTimeField(null=True)
    drafted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    replied_at = models.DateTimeField(null=True)
    verify_by = models.DateTimeField(null=True)
    verification_warned_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    call_attempts = models.PositiveSmallIntegerField(default=0)
    solved = models.BooleanField(null=True)
    urged = models.PositiveSmallIntegerField(default=0)
    urged_at = models.DateTimeField(null=True)
    supervised = models.PositiveSmallIntegerField(default=0)
    reopened = models.PositiveSmallIntegerField(default=0)
    reopen_until = models.DateTimeField(null=True)
    waits_for_parts = models.BooleanField(default=False)
    merged_at = models.DateTimeField(null=True)
    merged_warned_at = models.DateTimeField(null=True)
    reopening_asked_at = models.DateTimeField(null=True)
    rating = models.PositiveSmallIntegerField(null=True, choices=[(each.value, each.name) for each in Rating])
    rated_at = models.DateTimeField(null=True)
    rated_path = models.CharField(max_length=255, blank=True)
    appeal = models.CharField(max_length=10, choices=[(each.value, each.name) for each in Appeal], blank=True)
    appeal_until = models.DateTimeField(null=True)
    rectification_asked_at = models.DateTimeField(null=True)
    rectification_opened_at = models.DateTimeField(null=True)
    contact_attempts = models.PositiveSmallIntegerField(default=0)
    contact_tried_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    rectified_at = models.DateTimeField(null=True)
    source = models.ForeignKey(CaseImport, models.PROTECT, null=True, related_name="cases")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "outside_number"],
                condition=~models.Q(outside_number=""),
                name="one_case_per_outside_number",
            ),
            models.CheckConstraint(
                condition=models.Q(rating__isnull=True) | models.Q(rating__range=(1, 5)),
                name="rating_of_five_levels",
            ),
        ]
        # What waits for a superior's word, or for the clock, among all that was ever closed.
        indexes: ClassVar = [
            models.Index(
                fields=["extension_asked_days"],
                condition=models.Q(extension_asked_days__isnull=False),
                name="cases_extension_asked",
            ),
            models.Index(
                fields=["reopening_asked_at"],
                condition=models.Q(reopening_asked_at__isnull=False),
                name="cases_reopening_asked",
            ),
            models.Index(fields=["appeal"], condition=models.Q(appeal="asked"), name="cases_appeal_asked"),
            models.Index(fields=["matter"], condition=models.Q(waits_for_parts=True), name="cases_wait_for_parts"),
            models.Index(fields=["merged_at"], condition=models.Q(merged_at__isnull=False), name="cases_merged"),
            models.Index(
                fields=["rectification_asked_at"],
                condition=models.Q(rectification_asked_at__isnull=False),
                name="cases_rectification_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def can_be_contacted(self) -> bool:
        """Whether the filer left a way to be reached."""
        return self.wants_feedback and self.matter.filer_id is not None


class TopicModel(models.Model):
    """What was learnt of which words speak for which topic; the newest one is used.

    Its `content` holds words of the texts from which it was learnt, and is emptied when another takes its place.

    Args:
        own, examples: of how many demands of this district, and of how many texts that come with the program.
        figures: how good it is, as `methods/triage/evaluation` says, on texts that it had not seen.
    """

    learnt_at = models.DateTimeField()
    own = models.PositiveIntegerField()
    examples = models.PositiveIntegerField()
    topics = models.PositiveIntegerField()
    figures = models.JSONField()
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.pk}"


class Suggestion(models.Model):
    """The topics that the program proposes for a demand, the likeliest first. What a person decided is in the record.

    Args:
        topics: each with its key (`topic`), `probability` and the `words` that spoke for it.
    """

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="+")
    model = models.ForeignKey(TopicModel, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    topics = models.JSONField()

    def __str__(self) -> str:
        return f"{self.pk}"


class Fingerprint(models.Model):
    """What tells how like an open demand is to another one (`methods/fingerprints`); goes when the demand ends."""

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="fingerprint")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.pk}"
