"""Background work of notices."""

import json

from django.conf import settings
from django_tasks import task

from linli.ground.notices.adapters import send_sms
from linli.ground.people.encryption import decrypt

SEALED_SMS = "notices.sealed_sms"


@task()
def send_sealed_sms(sealed: str) -> None:
    """Send one text message, `phone` and `text` encrypted under `SEALED_SMS`: the queue holds no personal data.

    Without a telephone nothing is sent.
    """
    message = json.loads(decrypt(sealed, SEALED_SMS))
    if message["phone"]:
        send_sms(message["phone"], message["text"], settings.LINLI_CLOCK.now())
