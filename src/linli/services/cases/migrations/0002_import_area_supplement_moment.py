"""Who may see an uploaded file: the area of the office that uploaded it; files of before are the district's.

And the moment when a supplement was asked for, from which its time is counted again under another calendar.
"""

from django.db import migrations, models


def give_to_the_district(apps, schema_editor):
    district = apps.get_model("territory", "Unit").objects.filter(depth=1).order_by("id").first()
    if district is not None:
        apps.get_model("cases", "CaseImport").objects.filter(area_path="").update(area_path=district.path)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("territory", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="caseimport",
            name="area_path",
            field=models.CharField(max_length=255, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="case",
            name="supplement_asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(give_to_the_district, migrations.RunPython.noop),
    ]
