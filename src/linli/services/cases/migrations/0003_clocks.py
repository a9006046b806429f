from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce


def copy_warnings(apps, schema_editor):
    """The moment of the warning goes to the matter, which every list reads."""
    Case, Matter = apps.get_model('cases', 'Case'), apps.get_model('matters', 'Matter')
    cases = Case.objects.filter(pk=OuterRef('pk')).values('warn_at')[:1]
    Matter.objects.filter(kind='case').update(warn_at=Subquery(cases))


def copy_promises(apps, schema_editor):
    """The days promised are the topic's, or those of the running clock."""
    Case, Topic = apps.get_model('cases', 'Case'), apps.get_model('catalogue', 'Topic')
    Matter = apps.get_model('matters', 'Matter')
    topics = Topic.objects.filter(pk=OuterRef('topic_id')).values('promised_days')[:1]
    clocks = Matter.objects.filter(pk=OuterRef('pk')).values('clock_days')[:1]
    Case.objects.update(promised_days=Coalesce(Subquery(topics), Subquery(clocks)))


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_import_area_supplement_moment'),
        ('matters', '0004_warn_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='called_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='confirmed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='promised_days',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='case',
            name='extended_days',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.RunPython(copy_promises, migrations.RunPython.noop),
        migrations.RunPython(copy_warnings, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='case',
            name='warn_at',
        ),
    ]
