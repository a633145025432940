"""Settings of the web, from the environment: a demo on a laptop needs none, production a few. See docs/manual/server.md."""

import os
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

env = Env()
ROOM = Path(__file__).resolve().parent

MODE = env.str("MEERVOUD_MODE", "demo")
if MODE not in ("demo", "production"):
    raise ImproperlyConfigured(f"MEERVOUD_MODE is {MODE!r}. Use demo or production.")
IS_DEMO = MODE != "production"
DATA = Path(env.str("MEERVOUD_DATA", "build/web")).resolve()
DATA.mkdir(parents=True, exist_ok=True)
(DATA / "static").mkdir(exist_ok=True)
DEBUG = False

SECRET_KEY = env.str(
    "MEERVOUD_SECRET_KEY", "a demo has no secrets: whoever runs it sits at its keyboard" if IS_DEMO else ""
)
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("Set MEERVOUD_SECRET_KEY to at least 50 random characters.")
SECRET_KEY_FALLBACKS: list[str] = env.list("MEERVOUD_OLD_SECRET_KEYS", [])
ALLOWED_HOSTS = env.list("MEERVOUD_HOSTS", ["127.0.0.1", "localhost", "[::1]"] if IS_DEMO else [])
BASE_URL = env.str("MEERVOUD_URL", "http://127.0.0.1:8741" if IS_DEMO else f"https://{next(iter(ALLOWED_HOSTS), '')}")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if not IS_DEMO]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "js_lib_leaflet",
    "lucide",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "meervoud.lib",
    "meervoud.parties",
    "meervoud.places",
    "meervoud.supply",
    "meervoud.demand",
    "meervoud.matching",
    "meervoud.agreements",
    "meervoud.usage",
    "meervoud.outcomes",
    "meervoud.site",
]
MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",  # what a server in front has compressed already is left alone
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "meervoud.site.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "meervoud.site.middleware.SecondFactorMiddleware",
    "meervoud.site.middleware.ErrorMiddleware",
]
ROOT_URLCONF = "meervoud.site.urls"
WSGI_APPLICATION = "meervoud.site.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [  # Any: Django's own shape
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOM / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "meervoud.site.context.house",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
        },
    }
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}
POSTGRES_OPTIONS = {"options": "-c lock_timeout=5s -c statement_timeout=15s -c idle_in_transaction_session_timeout=30s"}
DATABASE_URL = env.str("DATABASE_URL", f"sqlite:///{DATA / 'meervoud.sqlite3'}")
DATABASES: dict[str, Any] = {"default": dict(dj_database_url.parse(DATABASE_URL, conn_max_age=60))}  # Any: Django's own
IS_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if IS_SQLITE:
    DATABASES["default"]["ENGINE"] = "meervoud.lib.sqlite"
    DATABASES["default"]["TEST"] = {  # a file, as in production: memory has no queue
        "NAME": str(Path(gettempdir()) / f"meervoud-test-{os.getpid()}.sqlite3")
    }
DATABASES["default"].setdefault("OPTIONS", {}).update(SQLITE_OPTIONS if IS_SQLITE else POSTGRES_OPTIONS)

# in the database: limits on signing in hold for every process, without another server
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

# in the database too: a task is written in the transaction of the deed, and no other server is needed
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_SIGNUP_FORM_CLASS = "meervoud.site.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_ADAPTER = "meervoud.site.accounts.AccountAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
CSRF_FAILURE_VIEW = "meervoud.site.views.errors.form_expired"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True

LANGUAGE_CODE = env.str("MEERVOUD_LANGUAGE", "nl")
LANGUAGES = [("nl", "Nederlands"), ("en", "English"), ("da", "Dansk")]
LOCALE_PATHS = [ROOM.parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("MEERVOUD_TIME_ZONE", "Europe/Amsterdam")

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [ROOM / "static"]
WHITENOISE_USE_FINDERS = IS_DEMO
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if IS_DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

SCALE_PACKS = env.str("MEERVOUD_SCALE_PACKS", "")
MAP_TILE_URL = env.str("MEERVOUD_MAP_TILES", "")
MAP_ATTRIBUTION = env.str("MEERVOUD_MAP_ATTRIBUTION", "")
TILE_ORIGINS = [MAP_TILE_URL.split("{", maxsplit=1)[0].rsplit("/", 1)[0]] if MAP_TILE_URL else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *TILE_ORIGINS],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if not IS_DEMO:
    SECURE_SSL_REDIRECT = env.bool("MEERVOUD_HTTPS_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = (
        ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("MEERVOUD_BEHIND_PROXY", default=False) else None
    )
    SECURE_REDIRECT_EXEMPT = ["^healthz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

DEFAULT_FROM_EMAIL = env.str("MEERVOUD_MAIL_FROM", "meervoud@localhost")
EMAIL_BACKEND = (
    "django.core.mail.backends.filebased.EmailBackend" if IS_DEMO else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_FILE_PATH = DATA / "mail"
EMAIL_TIMEOUT = 20
if not IS_DEMO:
    vars().update(env.dj_email_url("MEERVOUD_MAIL_SERVER", "smtp://localhost:25"))

DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
MOST_IMPORTED_ROWS = 50_000
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"private": {"()": "meervoud.site.logs.PrivateFilter"}},
    "formatters": {"json": {"()": "meervoud.site.logs.JsonFormatter"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "filters": ["private"], "formatter": "json"}},
    "loggers": {
        "django_tasks_db": {"level": "WARNING"},  # it says at every look that no task waits
        "fido2": {"level": "WARNING"},  # it names the key of whoever adds one
    },
    "root": {"handlers": ["out"], "level": env.str("MEERVOUD_LOG_LEVEL", "INFO")},
}
