"""What an installation still lacks before residents and staff rely on it: one finding per question, with what to do."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import checks
from django.core.files.storage import InvalidStorageError
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.executor import MigrationExecutor

from linli.ground.files.scanning import ScannerSilent, scan
from linli.ground.files.storage import StorageSilent, files_storage
from linli.ground.matters.clocks import local_day, workdays
from linli.ground.people.models import Account, Appointment, SecondFactor
from linli.ground.people.rules.rulebook import strict_rules
from linli.ground.people.selectors import in_force
from linli.ground.privacy.assessments import lacking_assessments
from linli.ground.record.keys import KeysMissing, field_keys, log_key
from linli.kernel.access import ADMINISTRATORS
from linli.kernel.workdays import Status
from linli.site.marks import BackupMark, last_backup

LOCAL = {"localhost", "127.0.0.1", "[::1]", "testserver"}
FILE_SMS, FILE_EMAIL = "linli.ground.notices.adapters.FileSms", "filebased"
NO_SCANNER = "linli.ground.files.scanning.NoScanner"
LONG_SECRET = 50
A_DAY = timedelta(days=1)
NOTICE_MONTH = 12  # by then the State Council's notice of the next year's holidays has come out


@dataclass(frozen=True)
class Finding:
    """The answer to one question.

    Args:
        essential: whether a real district may not open without it.
        todo: what to do; empty where nothing is lacking.
    """

    code: str
    fulfilled: bool
    essential: bool
    todo: str = ""


def found(code: str, fulfilled: object, todo: str, *, essential: bool = True) -> Finding:
    """A finding; what to do is told only where something is lacking."""
    return Finding(code, bool(fulfilled), essential, "" if fulfilled else todo)


def basics() -> Iterator[Finding]:
    """What every installation needs, the one on a desk too."""
    yield found("keys", _keys_there(), "run `linli init`, which makes the keys")
    yield found("migrations", _is_migrated(), "run `linli init --empty`, which brings the tables up to date")
    yield from _django_findings(deploy=False)


def deployment(now: datetime) -> Iterator[Finding]:
    """What a real district needs besides."""
    yield from _web()
    yield from _channels()
    yield from _files()
    yield from _keeping(now)
    yield from _calendars(now)
    yield from _accounts(now)
    yield from _privacy(now)
    yield from _django_findings(deploy=True)


def readiness(now: datetime, *, deploy: bool) -> list[Finding]:
    """Every finding, in an order in which one may work through them; without tables only what needs none."""
    asked: list[Callable[[], Iterable[Finding]]] = [basics]
    if deploy:
        asked.append(lambda: deployment(now))
    findings: dict[str, Finding] = {}
    for questions in asked:
        for each in questions():
            findings.setdefault(each.code, each)
        if not findings["migrations"].fulfilled:
            break
    return list(findings.values())


def _web() -> Iterator[Finding]:
    secret = settings.SECRET_KEY
    yield found(
        "secret_key",
        len(secret) >= LONG_SECRET,
        f"set LINLI_SECRET_KEY to a random text of {LONG_SECRET} characters or more, or run `linli init`",
    )
    yield found(
        "secret_key_from_environment",
        settings.SECRET_KEY_GIVEN,
        "set LINLI_SECRET_KEY, so that the secret lies with the service and not beside the data",
        essential=False,
    )
    yield found("debug_off", not settings.DEBUG, "unset LINLI_DEBUG: its error pages show data to everybody")
    yield found("https", settings.HTTPS, "put a proxy with TLS in front and set LINLI_HTTPS=true")
    yield found(
        "trusted_proxies",
        not settings.HTTPS or settings.TRUSTED_PROXIES,
        "set LINLI_TRUSTED_PROXIES to the number of proxies in front: rate limits see one visitor otherwise",
    )
    hosts = set(settings.ALLOWED_HOSTS)
    yield found("hosts", hosts - LOCAL and "*" not in hosts, "set LINLI_HOSTS to the names of the site, without *")
    yield found(
        "postgresql",
        connection.vendor == "postgresql",
        "set DATABASE_URL to a PostgreSQL server: SQLite carries an office, not a district",
        essential=False,
    )


def _channels() -> Iterator[Finding]:
    yield found(
        "text_messages",
        settings.LINLI_SMS_ADAPTER != FILE_SMS,
        "set LINLI_SMS_ADAPTER to the operator's channel: nobody can register while messages go to a file",
    )
    yield found(
        "email",
        FILE_EMAIL not in settings.EMAIL_BACKEND,
        "set LINLI_EMAIL_BACKEND and the mail server: messages go to files",
        essential=False,
    )


def _files() -> Iterator[Finding]:
    with_scanner = settings.LINLI_SCAN_ADAPTER != NO_SCANNER
    yield found(
        "virus_scanner",
        with_scanner and _scanner_answers(),
        "the virus scanner does not answer, so that no upload is let in: see LINLI_SCAN_ADAPTER and LINLI_CLAMD"
        if with_scanner
        else "set LINLI_SCAN_ADAPTER=linli.ground.files.scanning.Clamd and LINLI_CLAMD: uploads are not scanned",
    )
    yield found(
        "files_kept",
        _store_answers(),
        "the store of files does not answer, or has no such bucket: see LINLI_FILES_S3 and the settings beside it",
    )


def _keeping(now: datetime) -> Iterator[Finding]:
    mark = last_backup()
    yield found(
        "backup",
        mark and mark.made_at > now - A_DAY,
        "run `linli backup` every day, to another machine; the last one is "
        + (f"of {mark.made_at.isoformat()}" if mark else "not known"),
    )
    yield found(
        "keys_backed_up",
        _keys_backed_up(mark),
        "run `linli backup FOLDER --keys-separately FILE` and keep the keys elsewhere: no backup holds the newest key",
    )
    yield found(
        "keys_apart",
        mark and mark.keys_apart,
        "use --keys-separately: who finds the last backup can read the personal data in it",
        essential=False,
    )


def _calendars(now: datetime) -> Iterator[Finding]:
    day, tables = local_day(now), workdays().tables
    for code, year, essential in (
        ("calendar_this_year", day.year, True),
        ("calendar_next_year", day.year + 1, day.month >= NOTICE_MONTH),
    ):
        table = tables.get(year)
        yield found(
            code,
            table and table.status is Status.OFFICIAL,
            f"write the State Council's table of {year} and run `linli calendar load {year}.toml`",
            essential=essential,
        )


def _accounts(now: datetime) -> Iterator[Finding]:
    yield found("second_factor", settings.SECOND_FACTOR == "staff", "set LINLI_SECOND_FACTOR=staff")
    without = Account.objects.filter(is_active=True, person__appointments__in=Appointment.objects.filter(in_force(now)))
    count = without.exclude(pk__in=SecondFactor.objects.values("account")).distinct().count()
    yield found(
        "second_factors_added",
        not count,
        f"{count} accounts in office have added no second factor yet",
        essential=False,
    )
    held = set(Appointment.objects.filter(in_force(now), role__in=ADMINISTRATORS).values_list("role", "person"))
    missing = sorted(ADMINISTRATORS - {role for role, _ in held})
    yield found(
        "three_administrators",
        not missing and len({person for _, person in held}) >= len(ADMINISTRATORS),
        "run `linli staff appoint` for three persons; nobody is " + ", ".join(missing),
    )
    strict = strict_rules()
    weaker = [name for name, code, is_weaker in _LIMITS if is_weaker(getattr(settings, name), strict.integer(code))]
    yield found(
        "account_limits",
        not weaker,
        "weaker than graded protection usually sets (unconfirmed, B11.14): " + ", ".join(weaker),
        essential=False,
    )


def _privacy(now: datetime) -> Iterator[Finding]:
    missing = lacking_assessments(now)
    yield found(
        "impact_assessments",
        not missing,
        "enter them at the desk (PIPL art. 55); sensitive or published data without a valid one: " + ", ".join(missing),
        essential=False,
    )


def _less(value: int, strict: int) -> bool:
    return value < strict


def _more(value: int, strict: int) -> bool:
    """More than the strict value, or no limit at all."""
    return value > strict or value == 0


_LIMITS: tuple[tuple[str, str, Callable[[int, int], bool]], ...] = (
    ("PASSWORD_LENGTH", "password_length", _less),
    ("PASSWORD_KINDS", "password_kinds", _less),
    ("PASSWORD_DAYS", "password_days", _more),
    ("LOCK_FAILURES", "lock_failures", _more),
    ("LOCK_MINUTES", "lock_minutes", _less),
    ("SESSION_IDLE_MINUTES", "idle_minutes", _more),
    ("SESSIONS_PER_ACCOUNT", "sessions_per_account", _more),
)


def _django_findings(*, deploy: bool) -> Iterator[Finding]:
    """Django's own checks: an error is essential, a warning is not."""
    said = [each for each in checks.run_checks(include_deployment_checks=deploy) if not each.is_silenced()]
    for each in said:
        yield Finding(str(each.id), fulfilled=False, essential=each.level >= checks.ERROR, todo=_one_line(each))
    if not said:
        yield found("django_deploy" if deploy else "django", fulfilled=True, todo="")


def _one_line(message: checks.CheckMessage) -> str:
    return " ".join(f"{message.msg} {message.hint or ''}".split())


def _keys_there() -> bool:
    try:
        return bool(field_keys() and log_key())
    except KeysMissing:
        return False


def _scanner_answers() -> bool:
    try:
        return not scan(b"nothing")
    except (ScannerSilent, ImportError):
        return False


def _store_answers() -> bool:
    try:
        next(iter(files_storage().walk()), None)
    except (StorageSilent, InvalidStorageError):
        return False
    return True


def _keys_backed_up(mark: BackupMark | None) -> bool:
    return mark is not None and _keys_there() and mark.key_version >= field_keys().newest


def _is_migrated() -> bool:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
