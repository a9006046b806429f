"""Background work of reforms: a preview or a reform may take longer than a request."""

from django.conf import settings
from django_tasks import task

from linli.ground.reforms.desk import carry_out_row, preview_row


@task()
def preview_file(key: int) -> None:
    """Carry a plan out and take it back. Killed in the middle, nothing is written, and the page offers it again."""
    preview_row(key, settings.LINLI_CLOCK.now())


@task()
def carry_out_file(key: int) -> None:
    """Carry a confirmed plan out. Killed in the middle, nothing is written, and the page offers it again."""
    carry_out_row(key, settings.LINLI_CLOCK.now())
