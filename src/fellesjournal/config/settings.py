"""Django's settings. What may differ between installations comes from ``environment``."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from fellesjournal.config.environment import (
    database_parameters,
    kept_secret_key,
    read_environment,
)
from fellesjournal.foundation.database.connection import APP_ROLE, OWNER
from fellesjournal.foundation.database.embedded import DATABASE, ROLE, socket_directory

ENVIRONMENT = read_environment()
PACKAGE = Path(__file__).resolve().parents[1]
PROJECT = PACKAGE.parents[1]

SECRET_KEY = ENVIRONMENT.secret_key or kept_secret_key(ENVIRONMENT.data)
DEBUG = ENVIRONMENT.development
ROOT_URLCONF = "fellesjournal.config.urls"
WSGI_APPLICATION = "fellesjournal.config.wsgi.application"
APPEND_SLASH = True

# The names this server answers to, for links are made of them: the given one and those of this
# machine. A demo that listens to the network without a given one can't know its name.
PUBLIC_URL = ENVIRONMENT.base_url
_public_name = urlsplit(ENVIRONMENT.base_url).hostname or "localhost"
ALLOWED_HOSTS = [_public_name, "localhost", "127.0.0.1", "[::1]"]
_listens_widely = ENVIRONMENT.host not in {"127.0.0.1", "localhost", "::1"}
if ENVIRONMENT.url is None and _listens_widely and ENVIRONMENT.stand_in:
    ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "fellesjournal.foundation.ui",
    "fellesjournal.foundation.outbox",
    "fellesjournal.store",
    "fellesjournal.access",
    "fellesjournal.access.identity",
    "fellesjournal.access.smart",
    "fellesjournal.leadership.documents",
    "fellesjournal.leadership.rollout.support",
    "fellesjournal.leadership.indicators",
    "fellesjournal.leadership.indicators.he1",
    "fellesjournal.surfaces.signing_in",
    "fellesjournal.surfaces.support",
    "fellesjournal.surfaces.clinic",
    "fellesjournal.surfaces.oauth",
    "fellesjournal.surfaces.administration",
    "fellesjournal.surfaces.leaders",
    "fellesjournal.surfaces.portal",
    *(["fellesjournal.surfaces.stand_in"] if ENVIRONMENT.stand_in else []),
    "django.contrib.staticfiles",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "fellesjournal.foundation.ui.headers.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "fellesjournal.foundation.database.middleware.LiveConnection",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "fellesjournal.foundation.languages.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "fellesjournal.surfaces.limiting.BrowserLimit",
    "django_htmx.middleware.HtmxMiddleware",
]

# --- database ---------------------------------------------------------------------------------


def _owner() -> dict[str, Any]:
    """The connection that owns the schema and migrates it."""
    url = ENVIRONMENT.database_owner_url or ENVIRONMENT.database_url
    if url:
        return _connected(database_parameters(url))
    return _connected(
        {
            "NAME": DATABASE,
            "USER": ROLE,
            "HOST": str(socket_directory(ENVIRONMENT.data)),
            "PORT": "5432",
            "OPTIONS": {},
        }
    )


def _served() -> dict[str, Any]:
    """The connection of everything else: a role that owns nothing.

    With one address only, its user becomes that role as it connects.
    """
    if not ENVIRONMENT.database_url:
        return {**_owner(), "USER": APP_ROLE}
    parameters = _connected(database_parameters(ENVIRONMENT.database_url))
    if not ENVIRONMENT.database_owner_url:
        parameters["OPTIONS"]["assume_role"] = APP_ROLE
    return parameters


def _connected(parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        **parameters,
        "ENGINE": "django.db.backends.postgresql",
        # A thread keeps its connection; LiveConnection replaces a dead one without a round trip.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # Bound by the server and prepared after the second use: a read by id parses once.
            "server_side_binding": True,
            "prepare_threshold": 2,
            "application_name": "fellesjournal",
            **parameters["OPTIONS"],
        },
    }


DATABASES = {"default": _served(), OWNER: _owner()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The folder that the message service shares with us: docs/operators.md.
MAILBOX = ENVIRONMENT.mailbox or ENVIRONMENT.data / "mailbox"

# Who reacts to which event, and what the clock starts.
WIRING = "fellesjournal.config.wiring"

# --- languages and time -----------------------------------------------------------------------

LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", _("Norwegian Bokmål")), ("nn", _("Norwegian Nynorsk")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = ENVIRONMENT.base_url.startswith("https://")
USE_I18N = True
FORMAT_MODULE_PATH = ["fellesjournal.foundation.languages.formats"]
USE_TZ = True
TIME_ZONE = "Europe/Oslo"

# --- templates --------------------------------------------------------------------------------

_loaders: list[Any] = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": _loaders if DEBUG else [("django.template.loaders.cached.Loader", _loaders)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "fellesjournal.surfaces.signing_in.signed_in.context",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
            ],
        },
    }
]

# --- static files -----------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = PROJECT / "staticfiles"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "fellesjournal.foundation.ui.vendor.VendorFinder",
]
NODE_MODULES = PROJECT / "node_modules"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# --- sessions and safety ----------------------------------------------------------------------

HTTPS = _https = ENVIRONMENT.base_url.startswith("https://")
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# What a page says after an act names patients and measurements: not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_SAVE_EVERY_REQUEST = False
# With https no other host of the domain can set it.
SESSION_COOKIE_NAME = "__Host-fellesjournal" if _https else "fellesjournal"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _https
SESSION_COOKIE_AGE = ENVIRONMENT.session_hours * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-csrf" if _https else "csrftoken"
CSRF_COOKIE_SECURE = _https
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.base_url]
if _https:
    # The proxy in front says by which way a request came; see docs/operators.md.
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# To have every browser know the name beforehand is a decision of whoever owns the domain.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
if ENVIRONMENT.url:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- signing in -------------------------------------------------------------------------------

IDLE_LIMIT = timedelta(minutes=ENVIRONMENT.idle_minutes)
SESSION_LIMIT = timedelta(hours=ENVIRONMENT.session_hours)
STAND_IN = ENVIRONMENT.stand_in

# --- log --------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
