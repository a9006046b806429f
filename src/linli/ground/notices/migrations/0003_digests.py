import uuid

import django.db.models.deletion
from django.db import migrations, models


def carry(apps, schema_editor):
    """A notice whose sending had begun and not ended becomes a digest of its own, in the same state."""
    notices = apps.get_model("notices", "Notice").objects
    digests = apps.get_model("notices", "Digest").objects
    begun = notices.filter(models.Q(mailed_at__isnull=False) | models.Q(failures__gt=0), gathered_at__isnull=True)
    for notice in begun.filter(as_staff=False).iterator():
        notice.digest = digests.create(
            person_id=notice.person_id,
            at=notice.at,
            mailed_at=notice.mailed_at,
            claims=1,
            failures=notice.failures,
            try_after=notice.try_after,
        )
        notice.gathered_at = notice.mailed_at or notice.at
        notice.save(update_fields=["digest", "gathered_at"])


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0002_each_channel_once"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("mailed_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("claims", models.PositiveSmallIntegerField(default=0)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("try_after", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at__isnull", True)), fields=["at", "id"], name="digests_unsent"
                    )
                ],
            },
        ),
        migrations.RemoveIndex(model_name="notice", name="notices_unsent"),
        migrations.RenameField(model_name="notice", old_name="sent_at", new_name="gathered_at"),
        migrations.AddField(
            model_name="notice",
            name="digest",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="notices.digest",
            ),
        ),
        migrations.RunPython(carry, migrations.RunPython.noop),
    ]
