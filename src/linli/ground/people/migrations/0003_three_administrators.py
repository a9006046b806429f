from django.db import migrations, models

ROLES = ('window_clerk', 'clerk', 'reviewer', 'signer', 'dispatcher', 'supervisor', 'observer', 'auditor',
         'system_administrator', 'security_administrator', 'audit_administrator')


def rename(apps, old, new):
    apps.get_model('people', 'Appointment').objects.filter(role=old).update(role=new)


class Migration(migrations.Migration):
    """The one administrator, who could read nothing but what is published, is the system administrator."""

    dependencies = [
        ('people', '0002_failures_are_counted_by_name'),
    ]

    operations = [
        migrations.AlterField(
            model_name='appointment',
            name='role',
            field=models.CharField(choices=[(role, role) for role in ROLES], max_length=30),
        ),
        migrations.RunPython(
            lambda apps, editor: rename(apps, 'administrator', 'system_administrator'),
            lambda apps, editor: rename(apps, 'system_administrator', 'administrator'),
        ),
    ]
