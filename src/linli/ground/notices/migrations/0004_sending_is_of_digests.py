from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0003_digests"),
    ]

    operations = [
        migrations.RemoveField(model_name="notice", name="failures"),
        migrations.RemoveField(model_name="notice", name="mailed_at"),
        migrations.RemoveField(model_name="notice", name="try_after"),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("gathered_at__isnull", True)), fields=["id"], name="notices_ungathered"
            ),
        ),
    ]
