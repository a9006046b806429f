"""Background work of demands."""

from django.conf import settings
from django_tasks import task

from linli.services.cases.importing_batches import continue_import


@task()
def write_import(source_id: int) -> None:
    """Write a confirmed file. Killed in the middle it stays unfinished, and the worker's loop continues it."""
    continue_import(source_id, settings.LINLI_CLOCK.now())
