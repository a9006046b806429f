"""Who may see an uploaded file: the area of the office that uploaded it; files of before are the district's.

And the moment when a supplement was asked for, from which its time is counted again under another calendar.
"""

from django.db import migrations, models


def give_to_the_district(apps, schema_editor):
    district = apps.get_model("territory", "Unit").objects.filter(depth=1).order_by("id").first()
    if district is not None:
        apps.get_model("cases", "CaseImport").objects.filter(area_path="").update(area_path=district.path)


def keep_out_who_is_complained_of(apps, schema_editor):
    matters = apps.get_model("matters", "Matter")
    for case in apps.get_model("cases", "Case").objects.exclude(complained_of=None).select_related("complained_of"):
        matters.objects.filter(pk=case.pk).update(recused_path=case.complained_of.path)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("matters", "0003_recused"), ("territory", "0001_initial")]

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
        migrations.RunPython(keep_out_who_is_complained_of, migrations.RunPython.noop),
    ]
