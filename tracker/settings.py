"""Settings, read from the environment. The defaults are safe: DEBUG is off, and SECRET_KEY is required.

Every variable is described in docs/administrators.md (checked by a test). Invalid values and combinations are
reported by the system checks in `recommendations/core/checks.py`.
"""

import contextlib
import secrets
import sys
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from tracker.environment import Environment

# The folder that contains the code: a checkout, or site-packages.
BASE_DIR = Path(__file__).resolve().parent.parent
# Templates and fixtures are beside this package in a checkout, and inside it in a wheel.
INSTALLED = (BASE_DIR / "tracker" / "templates").is_dir()
RESOURCES_DIR = BASE_DIR / "tracker" if INSTALLED else BASE_DIR
FIXTURES_DIR = RESOURCES_DIR / "fixtures"
# How people run a command, and how the tracker runs one as a subprocess.
PROGRAM = "recommendation-tracker" if INSTALLED else "manage.py"
# -P keeps the current folder off the import path.
COMMAND_LINE = [sys.executable, *(("-P", "-m", "tracker") if INSTALLED else (str(BASE_DIR / "manage.py"),))]

env = Environment()
# The folder of the site's own files: data/, staticfiles/ and .env.
HOME_DIR = Path(env.str("TRACKER_HOME", default="") or (Path.cwd() if INSTALLED else BASE_DIR)).resolve()
DATA_DIR = HOME_DIR / "data"
# The .env file is optional; variables that are already set take precedence.
env.read_env(HOME_DIR / ".env")

# Set by `manage.py demo`, which serves on the loopback address with a key that lasts for one process.
DEMO = env.bool("TRACKER_DEMO", default=False)

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default=secrets.token_urlsafe(50) if DEMO else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Set it to a long random string (see docs/administrators.md),"
        f" or run `{PROGRAM} demo` to look around locally."
    )
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEMO or DEBUG else []
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Public address, for permanent links in exports, feeds and citations, e.g. https://tracker.example.org
SITE_URL = env.str("SITE_URL", default="").rstrip("/")
SITE_NAME = env.str("SITE_NAME", default="Recommendation Tracker")

INSTALLED_APPS = [
    "recommendations.apps.TrackerAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "simple_history",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "recommendations.apps.RecommendationsConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "recommendations.core.middleware.CrossOriginReadMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "recommendations.core.middleware.UnreadableRequestMiddleware",
    "recommendations.core.middleware.LockTimeoutMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "recommendations.accounts.middleware.DeskAccessMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

# A text field, because change reasons contain references of any length.
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RESOURCES_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "recommendations.core.context_processors.site",
                "recommendations.core.context_processors.language",
            ],
        },
    },
]


def database() -> dict[str, object]:
    """Return Django's database settings for `DATABASE_URL`; SQLite is configured for concurrent use."""
    if "DATABASE_URL" not in env.ENVIRON:
        # SQLite creates its file but not the folder. Ignore errors: SQLite reports them when it connects, and
        # commands without a database still run.
        with contextlib.suppress(OSError):
            DATA_DIR.mkdir(parents=True, exist_ok=True)
    config = env.database("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'tracker.sqlite3'}")
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            # Take the write lock at the start of a transaction, so that concurrent writers wait, not fail.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,  # seconds a writer waits
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            # Without recursive_triggers, INSERT OR REPLACE deletes rows without firing delete triggers.
            " PRAGMA recursive_triggers=ON;",
        }
    else:
        config["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
        config["CONN_HEALTH_CHECKS"] = True
        # Server-side cursors are always read to the end, so plan for all rows. No query is slow enough to
        # make up for the half second of JIT compilation.
        options = config.setdefault("OPTIONS", {})
        options.setdefault("options", "-c cursor_tuple_fraction=1 -c jit=off")
    return config


DATABASES = {"default": database()}
# Failed sign-ins and used codes are counted across processes, in a database cache whose table `migrate`
# creates. API requests are too many for that and are counted per process.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "tracker_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["recommendations.accounts.signing_in.Backend"]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("desk")
# No open sign-up: administrators invite people (recommendations/accounts/services.py).
ACCOUNT_ADAPTER = "recommendations.accounts.signing_in.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "recommendations.accounts.forms.LoginForm",
    "reauthenticate": "recommendations.accounts.forms.ReauthenticateForm",
    "reset_password": "recommendations.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "recommendations.accounts.forms.ResetPasswordKeyForm",
    "change_password": "recommendations.accounts.forms.ChangePasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation's key came by e-mail
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SITE_NAME}: "
ACCOUNT_EMAIL_NOTIFICATIONS = True  # tell people about a new password or second factor
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("overview")
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds until the password is asked for again
ACCOUNT_SESSION_REMEMBER = False
# Attempts/period per IP address and, for failures, per user name; otherwise allauth's defaults.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key", "reset_password": "10/m/ip,3/10m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "recommendations.accounts.forms.AuthenticateForm",
    "reauthenticate": "recommendations.accounts.forms.ReauthenticateByCodeForm",
    "activate_totp": "recommendations.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "recommendations.accounts.forms.AddWebAuthnForm",
    "edit_webauthn": "recommendations.accounts.forms.EditWebAuthnForm",
}
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # phone clocks are seldom exact
MFA_ALLOW_UNVERIFIED_EMAIL = True  # no open sign-up: accounts are created by invitation only
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO or DEBUG
USERSESSIONS_TRACK_ACTIVITY = True
# Days after which an invitation can no longer be accepted.
INVITATION_DAYS = 7
# Minutes without a request to the desk or the admin after which a session ends.
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=60)
SESSION_COOKIE_AGE = SESSION_IDLE_MINUTES * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Messages may contain private content, so they stay in the session on the server, not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Whether reviewers may approve their own entries, for teams too small for a second reviewer.
ALLOW_SELF_APPROVAL = env.bool("ALLOW_SELF_APPROVAL", default=False)

# Languages of the interface, the default first. English needs no catalogue; those of other languages are
# in recommendations/locale/ (docs/developers.md).
LANGUAGES = env.languages("LANGUAGES", default=["en-gb"])
LANGUAGE_CODE = LANGUAGES[0][0]
if len(LANGUAGES) > 1:
    # Choose the language by the browser's request; the middleware must come after sessions.
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django.middleware.common.CommonMiddleware"),
        "django.middleware.locale.LocaleMiddleware",
    )
LOCALE_PATHS = [BASE_DIR / "recommendations" / "locale"]
# Mail server for invitations, password resets and digests. The demo prints mails to its terminal.
_mail = env.mail("EMAIL_URL", default="consolemail://" if DEMO or DEBUG else "smtp://localhost:25")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail["EMAIL_HOST"]
EMAIL_PORT = _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default="tracker@localhost")

TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = HOME_DIR / "staticfiles"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(DATA_DIR / "media"))
# Evidence may name people at risk, so other users of the machine must not read it.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# Size limit of evidence files, which are stripped of metadata (recommendations/desk/entries/files.py).
UPLOAD_MAX_MB = env.int("UPLOAD_MAX_MB", default=20)
# Size limit of imported documents and tables. Each import is processed immediately in its own process, or by
# `manage.py run_imports` if none can be started.
IMPORT_MAX_MB = env.int("IMPORT_MAX_MB", default=300)
IMPORTS_START_AT_ONCE = True
FILE_UPLOAD_HANDLERS = [
    "recommendations.desk.entries.files.CutAtLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# The demo serves static files from the sources; deployments run collectstatic, which hashes and compresses.
WHITENOISE_USE_FINDERS = DEMO or DEBUG
WHITENOISE_AUTOREFRESH = DEMO or DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Off by default only for the local demo and DEBUG, which use plain HTTP.
HTTPS = env.bool("HTTPS", default=not (DEMO or DEBUG))
SECURE_SSL_REDIRECT = HTTPS
CSRF_FAILURE_VIEW = "recommendations.core.error_pages.csrf_failure"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
# Trust the forwarding headers (scheme and client address) only if our own proxy sets them.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# A status older than this many months is marked stale.
STALE_AFTER_MONTHS = env.int("STALE_AFTER_MONTHS", default=24)
PER_PAGE = 25
PER_PAGE_MAX = 200
# API requests per minute and IP address; 0 for no limit.
API_RATE = env.int("API_RATE", default=120)
# Maximum length of query strings; longer ones are answered with 400.
QUERY_STRING_MAX = 8_000

# Public and read-only: no authentication, no request bodies, only JSON. Neither package is in INSTALLED_APPS,
# because their pages with inline scripts and their static files are not used.
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["recommendations.api.http.ListJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "recommendations.api.http.OnlyJSON",
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_THROTTLE_CLASSES": ["recommendations.api.http.AddressThrottle"],
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": SITE_NAME,
    "VERSION": "1",
    "DESCRIPTION": _("Everything that is public here, as JSON. Read only; no account and no key."),
    "SORT_OPERATIONS": False,  # keep the order of the URLs
    "POSTPROCESSING_HOOKS": [],  # do not move enums to shared components
}

LOG_LEVEL = env.choice("LOG_LEVEL", default="INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Log what failed and where, without any content that people wrote.
    "formatters": {"plain": {"()": "recommendations.core.logging.ContentFreeFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # No error mails: Django's error reports contain request data and local variables.
    "loggers": {"django": {"handlers": [], "propagate": True}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
