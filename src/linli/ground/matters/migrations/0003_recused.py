"""Who keeps out of a matter (回避). What complaints of before need is copied by the migration of cases."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0002_search")]

    operations = [
        migrations.AddField(
            model_name="matter",
            name="recused_path",
            field=models.CharField(blank=True, max_length=255, default=""),
            preserve_default=False,
        ),
    ]
