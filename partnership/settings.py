"""
Settings of the portal, all of them from the environment.

In demo mode (`PORTAL_DEMO=1`, which `make run` sets) every setting has a working
value. Otherwise a missing one stops the start with a sentence on how to mend it.
"""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

DEMO = os.environ.get("PORTAL_DEMO") == "1"
DEBUG = False


def required(name, meaning, *, demo):
    """
    Return a setting from the environment; in demo mode it may fall back to `demo`.

    :raises ImproperlyConfigured: if it is missing outside demo mode
    """
    value = os.environ.get(name)
    if value:
        return value
    if DEMO:
        return demo
    raise ImproperlyConfigured(
        f"{name} is not set. It is {meaning}. Set it in the environment of the web and worker "
        f"processes, or set PORTAL_DEMO=1 to try the portal with made-up data."
    )


def whole_number(name, default):
    """
    Return a setting that is a whole number, 0 or more.

    :raises ImproperlyConfigured: if something else stands there
    """
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if value.isascii() and value.isdecimal():
        return int(value)
    raise ImproperlyConfigured(
        f"{name} is “{value}”. It must be a whole number in digits alone, such as {default}; without it, that is taken."
    )


# Identity and addresses

SECRET_KEY = required(
    "SECRET_KEY",
    "the secret that signs sessions and links: fifty or more random characters, the same for every process",
    demo="demo-only-secret-that-protects-nothing-because-the-demo-holds-only-made-up-people",
)
ALLOWED_HOSTS = required(
    "ALLOWED_HOSTS", "the host names that the portal answers to, separated by commas", demo="127.0.0.1,localhost"
).split(",")
BASE_URL = required("BASE_URL", "the address people reach the portal by, used in e-mails", demo="http://127.0.0.1:8000")
SERVICE_NAME = os.environ.get("SERVICE_NAME", "Place maturity")
SERVICE_CONTACT = os.environ.get("SERVICE_CONTACT", "your ICB's programme office")

# Storage: `var/` holds what set-up makes; nothing in it is committed.

VAR_DIR = Path(os.environ.get("PORTAL_VAR", BASE_DIR / "var"))
ASSETS_DIR = VAR_DIR / "assets"
FILES_DIR = Path(
    required("FILES_DIR", "the folder, outside the web root, that keeps uploaded evidence", demo=str(VAR_DIR / "files"))
)
DATABASES = {
    "default": dj_database_url.parse(
        required(
            "DATABASE_URL",
            "the database's address, such as postgres://user:password@host/name",
            demo=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}",
        ),
        conn_max_age=60,
        conn_health_checks=True,
        # A pooler that gives each transaction another connection keeps neither cursors nor statements for the next one.
        disable_server_side_cursors=os.environ.get("DATABASE_POOLED") == "1",
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Immediate transactions wait for their turn; deferred ones fail at once under contention.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        # Without it INSERT OR REPLACE would pass by the triggers that keep append-only rows.
        "PRAGMA recursive_triggers=ON;",
    }
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STORAGES = {
    "default": {"BACKEND": "partnership.storage.ContentStorage", "OPTIONS": {"location": str(FILES_DIR)}},
    "staticfiles": {"BACKEND": "partnership.static_files.StaticStorage"},
}
# How much of pages that were made before a web process keeps in its memory.
REMEMBERED_BYTES = whole_number("REMEMBERED_BYTES", 16 * 1024 * 1024)
UPLOAD_MAX_BYTES = whole_number("UPLOAD_MAX_BYTES", 20 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# What the portal is made of

INSTALLED_APPS = [
    "partnership",
    "frameworks",
    "assessments",
    "improvement",
    "reports",
    "partnership.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "partnership.middleware.SignInTimeMiddleware",
    "partnership.middleware.RouteTableMiddleware",
    "partnership.middleware.ConflictMiddleware",
    "partnership.middleware.NoStoreMiddleware",
]
ROOT_URLCONF = "partnership.urls"
WSGI_APPLICATION = "partnership.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "partnership.context.service",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["nhsuk"]
CRISPY_TEMPLATE_PACK = "nhsuk"
CRISPY_FAIL_SILENTLY = False

# Lower rooms reach higher ones through these dotted paths, never by importing them.

ROUTE_TABLES = [
    "partnership.permissions.ROUTES",
    "frameworks.permissions.ROUTES",
    "assessments.permissions.ROUTES",
    "improvement.permissions.ROUTES",
    "reports.permissions.ROUTES",
]
# Rows that the audit record vouches for; `verify_audit` holds them to it.
RECORDED = [
    "partnership.recorded.RECORDED",
    "frameworks.recorded.RECORDED",
    "assessments.recorded.RECORDED",
    "improvement.recorded.RECORDED",
    "reports.recorded.RECORDED",
]
FRAMEWORK_AUDIENCE = "assessments.selectors.versions_seen_by"
# Lets a program pass that brings a token, or answers it.
TOKEN_DOOR = "reports.api.door.admit"
# Where names and personal words are held, for pseudonymising.
PERSONAL = ["partnership.personal.PERSONAL", "assessments.personal.PERSONAL", "improvement.personal.PERSONAL"]
# What lets programs in on a person's word ends with their sign-in.
ENDS_WITH_SIGN_IN = ["reports.services.revoke_tokens_of"]
SNAPSHOT_SECTIONS = {"improvement": "improvement.sections.section"}
SNAPSHOT_SECTIONS_IN_WORDS = {"improvement": "improvement.sections.in_words"}
JOB_HANDLERS = {
    "make_report": "reports.services.make_report",
    "make_summary": "reports.paper_services.make_summary",
    "make_decision": "reports.paper_services.make_decision",
    "make_round_papers": "reports.paper_services.make_round_papers",
    "send_reminders": "reports.services.send_reminders",
    "end_sign_in": "partnership.services.leaving.end_sign_in",
    "forget_kept_forms": "partnership.services.kept_forms.forget_old",
}
# The worker queues each of these once a day, for eight in the morning.
DAILY_JOBS = ["send_reminders", "forget_kept_forms"]
OPEN_WORK = ["partnership.services.bodies", "assessments.services.handing_over", "improvement.services.actions"]
HOLDS_PLACES_OPEN = ["assessments.services.closing.held_open_by"]
STAYS_WITH_PLACES = ["assessments.services.closing.stays", "improvement.services.actions.stays"]
ON_SEALED = ["reports.services.order_report", "reports.paper_services.order_summary", "reports.services.count_seal"]
ON_DECIDED = ["improvement.services.actions.plan_conditions", "reports.paper_services.order_decision"]
ON_REOPENED = ["improvement.services.actions.move_actions"]

# People and sign-in

AUTH_USER_MODEL = "partnership.User"
AUTHENTICATION_BACKENDS = ["partnership.backends.PasswordBackend"]
# Everybody knows this one: the README says it. Outside demo mode it opens nothing and cannot be chosen.
DEMO_PASSWORD = "place-partnership-demo"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "partnership.backends.DemoPasswordValidator"},
]
LOGIN_URL = "partnership:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "partnership:sign_in"
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
INVITATION_DAYS = whole_number("INVITATION_DAYS", 7)
SESSION_COOKIE_AGE = 60 * 60 * 12

# Mail

if "EMAIL_URL" in os.environ:
    # smtp:// is unencrypted, for a relay on the same machine; smtp+starttls:// begins so and then
    # encrypts, smtps:// encrypts from the start: smtps://user:password@host:port
    from urllib.parse import unquote, urlsplit

    _mail = urlsplit(os.environ["EMAIL_URL"])
    _mail_ports = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
    if _mail.scheme not in _mail_ports or not _mail.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL must be the mail server's address, such as smtps://user:password@host:465; "
            f"it may begin with {', '.join(f'{scheme}://' for scheme in _mail_ports)}."
        )
    EMAIL_HOST, EMAIL_PORT = _mail.hostname, _mail.port or _mail_ports[_mail.scheme]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.scheme == "smtp+starttls", _mail.scheme == "smtps"
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = required("MAIL_FROM", "the address that e-mails come from", demo="portal@localhost")

# Language, time and static files

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    *[(part, ASSETS_DIR / part) for part in ("nhsuk", "plotly") if (ASSETS_DIR / part).is_dir()],
]

# Security

HTTPS = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# With BEHIND_PROXY=1 the proxy's word is taken on how and from where people came: it must set
# X-Forwarded-Proto and put the visitor's address last in X-Forwarded-For.
BEHIND_PROXY = os.environ.get("BEHIND_PROXY") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# The machine that watches the portal asks it directly.
SECURE_REDIRECT_EXEMPT = [r"^health$"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "partnership.views.service.too_old"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        # The hash is that of the empty style element which plotly.js inserts.
        "style-src": [SELF, "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # That somebody asked for what is not there, or not theirs, is no trouble of the portal's; and
    # an address may hold the token of a link.
    "loggers": {"django.request": {"level": "ERROR"}},
}
