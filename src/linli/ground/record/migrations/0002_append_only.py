"""The record refuses to be changed."""

from typing import ClassVar

from django.db import migrations

from linli.ground.record.triggers import create, drop


class Migration(migrations.Migration):
    """Guards the record's tables."""

    dependencies: ClassVar = [("record", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(create, drop)]
