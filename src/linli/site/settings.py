"""Every setting of a district's installation, read from the environment in one place.

Defaults suit one machine: SQLite and files under `var/`. A real district sets `DATABASE_URL`,
`LINLI_HOME`, `LINLI_SECRET_KEY` and `LINLI_HOSTS`.
"""

from pathlib import Path

import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from linli.ground.people.rules.rulebook import strict_rules
from linli.site.clock import Clock

env = Env()

ROOT = Path(__file__).resolve().parents[1]
LINLI_HOME = env.path("LINLI_HOME", Path("var")).resolve()
LINLI_PORT = env.int("LINLI_PORT", 8000)
LINLI_DATA = env.path("LINLI_DATA", None)
LINLI_CLOCK = Clock()
LINLI_SMS_ADAPTER = env.str("LINLI_SMS_ADAPTER", "linli.ground.notices.adapters.FileSms")
LINLI_SCAN_ADAPTER = env.str("LINLI_SCAN_ADAPTER", "linli.ground.files.scanning.NoScanner")
LINLI_CLAMD = env.str("LINLI_CLAMD", "127.0.0.1:3310")
SENDING_HOURS = env.list("LINLI_SENDING_HOURS", [8, 21], subcast=int)
if len(SENDING_HOURS) != 2 or not 0 <= SENDING_HOURS[0] < SENDING_HOURS[1] <= 24:
    raise ImproperlyConfigured("LINLI_SENDING_HOURS: two hours of the day, from and to, such as 8,21")
SENDING_FROM, SENDING_UNTIL = SENDING_HOURS

DEBUG = env.bool("LINLI_DEBUG", False)
SECRET_KEY = env.str("LINLI_SECRET_KEY", "") or (
    (LINLI_HOME / "keys" / "secret.key").read_text().strip()
    if (LINLI_HOME / "keys" / "secret.key").exists()
    else "unset-until-linli-init"
)
SECRET_KEY_GIVEN = bool(env.str("LINLI_SECRET_KEY", ""))
ALLOWED_HOSTS = env.list("LINLI_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
HTTPS = env.bool("LINLI_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# The proxy sends visitors on to HTTPS, and what else stands under the domain is not ours to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
TRUSTED_PROXIES = env.int("LINLI_TRUSTED_PROXIES", 0)
API_READS_PER_MINUTE = env.int("LINLI_API_READS_PER_MINUTE", 300)  # of one token, in each web process
API_WRITES_PER_MINUTE = env.int("LINLI_API_WRITES_PER_MINUTE", 60)  # of one token

# Accounts. What graded protection asks of a real district is the default once the site is reached over HTTPS;
# on one machine the demo's logins work without a second factor. The numbers stand in people/rules/rulebook.toml.
STRICT = env.bool("LINLI_STRICT", HTTPS)
_ACCOUNTS = strict_rules()
SECOND_FACTOR = env.str("LINLI_SECOND_FACTOR", "staff" if STRICT else "optional")
if SECOND_FACTOR not in {"off", "optional", "staff"}:
    raise ImproperlyConfigured("LINLI_SECOND_FACTOR: off, optional, or staff (whoever holds an office needs one)")
PASSWORD_LENGTH = env.int("LINLI_PASSWORD_LENGTH", _ACCOUNTS.integer("password_length"))
PASSWORD_KINDS = env.int("LINLI_PASSWORD_KINDS", _ACCOUNTS.integer("password_kinds") if STRICT else 1)
PASSWORD_DAYS = env.int("LINLI_PASSWORD_DAYS", _ACCOUNTS.integer("password_days") if STRICT else 0)
LOCK_FAILURES = env.int("LINLI_LOCK_FAILURES", _ACCOUNTS.integer("lock_failures"))
LOCK_MINUTES = env.int("LINLI_LOCK_MINUTES", _ACCOUNTS.integer("lock_minutes"))
SESSION_IDLE_MINUTES = env.int("LINLI_IDLE_MINUTES", _ACCOUNTS.integer("idle_minutes"))
SESSIONS_PER_ACCOUNT = env.int("LINLI_SESSIONS_PER_ACCOUNT", _ACCOUNTS.integer("sessions_per_account") if STRICT else 0)

# The city's single sign-on for staff, by OpenID Connect; not offered without an issuer.
OIDC_ISSUER = env.str("LINLI_OIDC_ISSUER", "")
OIDC_CLIENT_ID = env.str("LINLI_OIDC_CLIENT_ID", "")
OIDC_SECRET = env.str("LINLI_OIDC_SECRET", "")
OIDC_NAME = env.str("LINLI_OIDC_NAME", "统一身份认证")
OIDC_CLAIM = env.str("LINLI_OIDC_CLAIM", "sub")
if OIDC_CLAIM in {"email", "name", "nickname", "preferred_username"}:
    raise ImproperlyConfigured("LINLI_OIDC_CLAIM: people may change that themselves; name a claim that is assigned")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "treebeard",
    "linli.ground.record",
    "linli.ground.territory",
    "linli.ground.organizations",
    "linli.ground.people",
    "linli.ground.privacy",
    "linli.ground.files",
    "linli.ground.matters",
    "linli.ground.reforms",
    "linli.ground.notices",
    "linli.ground.exchange",
    "linli.ground.look",
    "linli.services.catalogue",
    "linli.services.cases",
    "linli.insight.indicators",
    "linli.faces.portal",
    "linli.faces.desk",
    "linli.faces.board",
    "linli.faces.api",
    "linli.faces.standards",
    "linli.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "linli.ground.matters.keys.KeysMiddleware",
    "linli.ground.people.middleware.ActorMiddleware",
    "linli.ground.notices.middleware.UnreadMiddleware",
    "linli.site.addresses.SoundAddressMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "linli.site.logged_requests.LoggedRequests",
]

ROOT_URLCONF = "linli.site.urls"
WSGI_APPLICATION = "linli.site.wsgi.application"

TEMPLATE_FOLDERS = sorted(path for path in ROOT.glob("*/*/templates") if path.is_dir())
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": TEMPLATE_FOLDERS,
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "linli.ground.look.environment.environment",
            "context_processors": ["linli.ground.look.environment.page_context"],
        },
    },
]

FORM_RENDERER = "linli.ground.look.widgets.Widgets"

# SQLite: one writer at a time. IMMEDIATE takes the write lock at BEGIN, so that a transaction that reads and
# then writes waits instead of failing. See docs/decisions/0003-sqlite-and-postgresql.md.
_DATABASE = env.dj_db_url("DATABASE_URL", f"sqlite:///{LINLI_HOME / 'linli.sqlite3'}")
if _DATABASE["ENGINE"].endswith("sqlite3"):
    _DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            "PRAGMA mmap_size=268435456; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
        ),
    }
    _DATABASE["CONN_MAX_AGE"] = None
else:
    _DATABASE.setdefault("OPTIONS", {}).update(pool={"min_size": 1, "max_size": 8}, server_side_binding=True)
    # A statement that comes again is planned once for each connection; Django leaves that off for poolers between.
    _DATABASE["OPTIONS"]["prepare_threshold"] = env.int("LINLI_PREPARE_AFTER", 5) or None
DATABASES = {"default": _DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

AUTH_USER_MODEL = "people.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PASSWORD_LENGTH},
    },
    {"NAME": "linli.ground.people.password_rules.KindsOfCharacters", "OPTIONS": {"least": PASSWORD_KINDS}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign_in"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "site" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = LINLI_HOME / "static"
# Uploaded files lie below LINLI_HOME, or in a bucket once LINLI_FILES_S3 names the address of a store.
_FILES: dict[str, object] = {"BACKEND": "linli.ground.files.storage.Folder"}
if _STORE := env.str("LINLI_FILES_S3", ""):
    _FILES = {
        "BACKEND": "linli.ground.files.bucket.Bucket",
        "OPTIONS": {
            "endpoint": _STORE,
            "bucket": env.str("LINLI_FILES_S3_BUCKET"),
            "key": env.str("LINLI_FILES_S3_KEY"),
            "secret": env.str("LINLI_FILES_S3_SECRET"),
            "region": env.str("LINLI_FILES_S3_REGION", "us-east-1"),
            "style": env.str("LINLI_FILES_S3_STYLE", "path"),
        },
    }
    if env.str("LINLI_FILES_S3_STYLE", "path") not in {"path", "virtual"}:
        raise ImproperlyConfigured("LINLI_FILES_S3_STYLE: path (store/bucket/name) or virtual (bucket.store/name)")
STORAGES = {
    "files": _FILES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "worker-src": [SELF, "blob:"],
        "style-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
CSRF_FAILURE_VIEW = "linli.ground.look.views.form_expired"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

EMAIL_BACKEND = env.str("LINLI_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_HOST = env.str("LINLI_EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("LINLI_EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("LINLI_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.str("LINLI_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.bool("LINLI_EMAIL_TLS", False)
EMAIL_TIMEOUT = 20
EMAIL_FILE_PATH = LINLI_HOME / "outbox" / "email"
DEFAULT_FROM_EMAIL = env.str("LINLI_EMAIL_FROM", "linli@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(ensure_ascii=False),
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LINLI_LOG_LEVEL", "WARNING")},
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
