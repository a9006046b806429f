"""Whoever registered before had agreed to the notice, and to e-mail by giving an address: the record says when."""

from typing import Any

from django.db import migrations


def write_rows(apps: Any, schema_editor: Any) -> None:
    """One consent per registration, and one per address; closed accounts have none."""
    accounts = apps.get_model("people", "Account").objects.filter(is_active=True)
    consents = apps.get_model("people", "Consent").objects
    rows = apps.get_model("record", "Record").objects.filter(event="register_resident")
    for subject, at, codes in rows.values_list("subject", "at", "codes").iterator(1000):
        account = accounts.select_related("person").filter(pk=subject.partition(":")[2]).first()
        if account is None:
            continue
        for purpose in ("account", "progress_mail") if account.person.email else ("account",):
            consents.create(
                person=account.person,
                purpose=purpose,
                wording=codes.get("privacy_notice", ""),
                separate=False,
                given_at=at,
                given_by=account.pk,
            )


class Migration(migrations.Migration):
    """Needs the record, in which the registrations stand."""

    dependencies = [("people", "0006_consents"), ("record", "0002_append_only")]

    operations = [migrations.RunPython(write_rows, migrations.RunPython.noop)]
