"""All settings, read from the environment. Safe when nothing is set: no DEBUG, and no start without a key.

Every variable is described in docs/administrators.md (a test keeps the two in step). Values that make no
sense together are reported by the system checks in `recommendations/core/checks.py`.
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

# The folder of the code: a checkout, or the site-packages of an environment.
BASE_DIR = Path(__file__).resolve().parent.parent
# Templates and fixtures stand beside this package in a checkout, and inside of it in a wheel.
INSTALLED = (BASE_DIR / "tracker" / "templates").is_dir()
RESOURCES_DIR = BASE_DIR / "tracker" if INSTALLED else BASE_DIR
FIXTURES_DIR = RESOURCES_DIR / "fixtures"
# What a person types to run a command, and what a process of ours runs.
PROGRAM = "recommendation-tracker" if INSTALLED else "manage.py"
# -P: the current folder is no place to import from.
COMMAND_LINE = [sys.executable, *(("-P", "-m", "tracker") if INSTALLED else (str(BASE_DIR / "manage.py"),))]

env = Environment()
# The folder of what belongs to the site and not to the code: data/, staticfiles/ and .env.
HOME_DIR = Path(env.str("TRACKER_HOME", default="") or (Path.cwd() if INSTALLED else BASE_DIR)).resolve()
DATA_DIR = HOME_DIR / "data"
# The .env file is optional; what the environment already says wins.
env.read_env(HOME_DIR / ".env")

# `manage.py demo` sets this: local, on the loopback address, with a key that lasts as long as the process.
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
# The address readers see, for permanent links in exports, feeds and citations, e.g. https://tracker.example.org
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

# Why something was done is kept in full, however long the references in it are.
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
    """Django's database settings for `DATABASE_URL`; SQLite is made safe for concurrent use."""
    if "DATABASE_URL" not in env.ENVIRON:
        # SQLite makes its file, but not the folder. Where that may not be written it will say so itself,
        # and what needs no database still runs.
        with contextlib.suppress(OSError):
            DATA_DIR.mkdir(parents=True, exist_ok=True)
    config = env.database("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'tracker.sqlite3'}")
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            # Take the write lock at the start, so that two writers wait for each other instead of failing.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,  # seconds a writer waits
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            # Without it INSERT OR REPLACE deletes a row behind the triggers' back.
            " PRAGMA recursive_triggers=ON;",
        }
    else:
        config["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
        config["CONN_HEALTH_CHECKS"] = True
        # Whatever is read by a cursor here is read to its end, so plans are to be made for that; and no query
        # takes so long that compiling it (half a second) would be worth it.
        options = config.setdefault("OPTIONS", {})
        options.setdefault("options", "-c cursor_tuple_fraction=1 -c jit=off")
    return config


DATABASES = {"default": database()}
# Failed sign-ins and codes that were used are counted for all processes together, which needs no service
# but the database; its table is made by `migrate`. The API's many requests are counted in each process.
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
# Nobody signs up: administrators invite (recommendations/accounts/services.py).
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
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of a new password or second factor, to its owner
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("overview")
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds for which a password just given counts
ACCOUNT_SESSION_REMEMBER = False
# Per address and, for failures, per name: tries/time. What is not named here is as allauth sets it.
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
MFA_TOTP_TOLERANCE = 1  # clocks of telephones are seldom exact
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up with another's address: accounts are made by invitation
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO or DEBUG
USERSESSIONS_TRACK_ACTIVITY = True
# Days after which an invitation can no longer be accepted.
INVITATION_DAYS = 7
# Sessions end after so many minutes without a request to the desk or the admin.
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=60)
SESSION_COOKIE_AGE = SESSION_IDLE_MINUTES * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# What a page says after a form stays on the server and ends with the session, and is in no cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Whether a reviewer may publish what they wrote themselves; for teams too small for a second pair of eyes.
ALLOW_SELF_APPROVAL = env.bool("ALLOW_SELF_APPROVAL", default=False)

# The languages of the interface, the usual one first. English needs no catalogue; others are in
# recommendations/locale/ (docs/developers.md).
LANGUAGES = env.languages("LANGUAGES", default=["en-gb"])
LANGUAGE_CODE = LANGUAGES[0][0]
if len(LANGUAGES) > 1:
    # Each reader's language, as the browser asks for it. It stands where Django wants it: after sessions.
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django.middleware.common.CommonMiddleware"),
        "django.middleware.locale.LocaleMiddleware",
    )
LOCALE_PATHS = [BASE_DIR / "recommendations" / "locale"]
# How mail is sent: invitations, new passwords, digests. The demo prints it in its terminal.
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
# Evidence may name people at risk: nobody else on the machine reads it.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# Files from outside are read to a limit, and what they tell about their makers is taken out
# (recommendations/desk/entries/files.py).
UPLOAD_MAX_MB = env.int("UPLOAD_MAX_MB", default=20)
# Documents and tables that editors bring in; each is worked on by a process of its own, at once, or by
# `manage.py run_imports` where none can be started.
IMPORT_MAX_MB = env.int("IMPORT_MAX_MB", default=300)
IMPORTS_START_AT_ONCE = True
FILE_UPLOAD_HANDLERS = [
    "recommendations.desk.entries.files.CutAtLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# The demo serves straight from the sources; a deployment runs collectstatic: hashed, compressed files.
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
# Off only for the local demo, which speaks plain HTTP.
HTTPS = env.bool("HTTPS", default=not (DEMO or DEBUG))
SECURE_SSL_REDIRECT = HTTPS
CSRF_FAILURE_VIEW = "recommendations.core.error_pages.csrf_failure"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
# Our own proxy says by which scheme, and from which address, a request came; nobody else is believed.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# A status older than this many months is marked stale.
STALE_AFTER_MONTHS = env.int("STALE_AFTER_MONTHS", default=24)
PER_PAGE = 25
PER_PAGE_MAX = 200
# Requests a minute to the API from one address; 0 for any number.
API_RATE = env.int("API_RATE", default=120)
# Longest query string that is read; more is refused with a sentence.
QUERY_STRING_MAX = 8_000

# Read only and for everyone: no accounts, no bodies, no format but JSON. Neither package is an installed
# app, because what that would add (pages with inline scripts, their static files) is not served here.
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
    "SORT_OPERATIONS": False,  # as in the addresses
    "POSTPROCESSING_HOOKS": [],  # choices stay where they are used
}

LOG_LEVEL = env.choice("LOG_LEVEL", default="INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Lines say what broke and where, and nothing of what somebody wrote.
    "formatters": {"plain": {"()": "recommendations.core.logging.ContentFreeFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # Not by mail: Django's reports of errors hold what was sent and the variables of the code.
    "loggers": {"django": {"handlers": [], "propagate": True}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
