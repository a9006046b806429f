"""The processes of an installation: web, worker (tasks, sealer, followers, notices) and clock."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import structlog
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

from linli.demo.examples import example_texts
from linli.ground.exchange.once import forget_answers
from linli.ground.exchange.webhooks import deliver_webhooks
from linli.ground.files.storing import remove_unattached
from linli.ground.matters.ticking import tick
from linli.ground.notices.sending import send_notices
from linli.ground.people.sessions import drop_idle_sessions
from linli.ground.people.throttle import forget_old
from linli.ground.record.breathing import breathe
from linli.ground.record.following import follow_all
from linli.ground.record.log import checkpoint, seal
from linli.insight.indicators.facade import check_figures_at_night, find_hot_topics_at_night, publish_last_quarter
from linli.services.cases.facade import learn_topics_at_night
from linli.services.cases.importing import continue_import, unfinished_imports

logger = structlog.get_logger(__name__)

SEAL_EVERY = 0.5
TICK_EVERY = 15.0
HOUSEKEEPING_EVERY = 3600.0


def seal_and_follow(batch: int = 500, *, between: Callable[[], None] | None = None) -> int:
    """Place what is committed, sign a checkpoint when one is due, bring every follower one batch further.

    Args:
        between: is called after each part of the work, so that others may write.
    """
    now = settings.LINLI_CLOCK.now()
    placed = seal()
    checkpoint(now)
    if placed and between:
        between()
    return placed + follow_all(batch, between=between)


def settle(batch: int = 500) -> None:
    """Seal and follow until nothing is left: for commands and tests that do the worker's part themselves.

    Args:
        batch: how many rows each follower reads at once.
    """
    while seal_and_follow(batch):
        pass
    checkpoint(settings.LINLI_CLOCK.now(), at_once=True)


def run_worker() -> None:
    """Run background tasks; beside them, in threads, the sealer with its followers, and what a kill left behind."""
    stop = threading.Event()
    loops: list[tuple[Callable[[], object], float]] = [
        (lambda: seal_and_follow(between=breathe), SEAL_EVERY),
        (lambda: send_notices(settings.LINLI_CLOCK.now()), 2.0),
        (_continue_imports, 5.0),
        (lambda: deliver_webhooks(settings.LINLI_CLOCK.now()), 2.0),
    ]
    threads = [threading.Thread(target=_repeat, args=(work, pause, stop), daemon=True) for work, pause in loops]
    for thread in threads:
        thread.start()
    worker = Worker(
        queue_names=["*"],
        interval=1.0,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"linli-{os.getpid()}",
        excluded_queue_names=[],
    )
    worker.configure_signals()
    try:
        worker.run()
    finally:
        stop.set()


def run_clock() -> None:
    """Let time act: take due steps every quarter of a minute, tidy up every hour."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=_repeat, args=(_tidy, HOUSEKEEPING_EVERY, stop), daemon=True).start()
    _repeat(lambda: tick(settings.LINLI_CLOCK.now()), TICK_EVERY, stop)


def start_processes(port: int, host: str = "127.0.0.1", workers: int | None = None) -> int:
    """Start web, worker and clock as one process group and wait; when one ends, all end."""
    children = [subprocess.Popen(command) for command in _commands(port, host, workers or os.cpu_count() or 1)]  # noqa: S603
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with _ended_together(children):
        while not stopping.is_set() and all(child.poll() is None for child in children):
            time.sleep(0.3)
    return 0 if stopping.is_set() else 1


def _commands(port: int, host: str, workers: int) -> Iterator[list[str]]:
    linli = str(Path(sys.executable).with_name("linli"))
    granian = str(Path(sys.executable).with_name("granian"))
    yield [
        granian,
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        "1",
        "--respawn-failed-workers",
        "--no-ws",
        "--log-level",
        "warning",
        "linli.site.wsgi:application",
    ]
    yield [linli, "worker"]
    yield [linli, "clock"]


@contextlib.contextmanager
def _ended_together(children: list[subprocess.Popen[bytes]]) -> Iterator[None]:
    try:
        yield
    finally:
        for child in children:
            if child.poll() is None:
                child.terminate()
        for child in children:
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()


def _repeat(work: Callable[[], object], pause: float, stop: threading.Event) -> None:
    while not stop.is_set():
        close_old_connections()
        try:
            busy = bool(work())
        except OperationalError as error:
            logger.warning("database busy, trying again", error=str(error))
            busy = False
        except Exception:
            logger.exception("background work failed, trying again")
            busy = False
        if not busy:
            stop.wait(pause)


def _continue_imports() -> int:
    now = settings.LINLI_CLOCK.now()
    return sum(continue_import(source, now).is_over for source in unfinished_imports())


def _tidy() -> None:
    """Publish an ended quarter, throw away what has ended; at night check figures, find hot topics and learn topics.

    Abandoned photos come last, since the store in which they lie may be silent.
    """
    now = settings.LINLI_CLOCK.now()
    publish_last_quarter(now)
    forget_old(now)
    forget_answers(now)
    drop_idle_sessions(now)
    call_command("clearsessions")
    call_command("prune_db_task_results", min_age_days=7, verbosity=0)
    check_figures_at_night(now)
    for work in (find_hot_topics_at_night, lambda at: learn_topics_at_night(at, example_texts())):
        _try(work, now)
    remove_unattached(now)


def _try(work: Callable[[datetime], object], now: datetime) -> None:
    """What nobody waits for holds nothing else up: where it fails, it is tried again an hour later."""
    try:
        work(now)
    except Exception:
        logger.exception("work of the night failed, trying again")
