"""Since when, and until when, an organization has been there: as far as the record tells; else it stays unknown."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import migrations

COLUMNS = {"establish_organization": "valid_from", "close_organization": "valid_to"}


def known_days(apps, schema_editor):
    organizations = apps.get_model("organizations", "Organization").objects
    rows = apps.get_model("record", "Record").objects.filter(event__in=COLUMNS).order_by("id")
    for event, subject, at in rows.values_list("event", "subject", "at").iterator():
        kind, _, key = subject.partition(":")
        if kind != "organization" or not key.isdecimal():
            continue
        day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        closed = {"active": False} if event == "close_organization" else {}
        organizations.filter(pk=int(key), **closed).update(**{COLUMNS[event]: day})


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0002_validity"),
        ("record", "0001_initial"),
    ]

    operations = [migrations.RunPython(known_days, migrations.RunPython.noop)]
