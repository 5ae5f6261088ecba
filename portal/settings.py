"""One settings file, by sections. Values come from the environment through `portal.env`: see docs/operations.md."""

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext_lazy as _

from portal import addresses, env
from portal.embedded.places import Places, default_var

# --- Places ---------------------------------------------------------------------------------------
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = default_var()
PLACES = Places(VAR_DIR)
LAKE_DIR = Path(env.text("LAKE_DIR") or VAR_DIR / "lake")  # votes as Parquet, for batch mining; derived
DASK_SCHEDULER = env.text("DASK_SCHEDULER")  # address of a cluster for `manage.py consensus`
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

# --- Security -------------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG")
SECRET_KEY_FILE = VAR_DIR / "secret-key"  # made by the supervisor, one for each installation
NO_SECRET = "development-only-not-secret"  # noqa: S105 - its name says it; portal.checks refuses it where it matters
SECRET_KEY = env.text("SECRET_KEY") or (
    SECRET_KEY_FILE.read_text(encoding="utf-8").strip() if SECRET_KEY_FILE.is_file() else NO_SECRET
)
# The address that people type, such as https://voorwerp.example. Empty: a demo over plain http.
SITE_URL = env.text("SITE_URL").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS", [urlsplit(SITE_URL).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []
# Cookies marked Secure over plain http would never come back: a phone on the same network could not sign in.
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]  # asked for by machines behind the proxy
SECURE_HSTS_SECONDS = env.whole("HSTS_SECONDS", 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_SECONDS > 0
BEHIND_PROXY = env.flag(
    "BEHIND_PROXY"
)  # the proxy sets X-Forwarded-Proto and X-Forwarded-For, and removes a client's own
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Read by portal.headers. No inline script or style anywhere; pictures may be made in the page (blob:, data:).
CONTENT_SECURITY_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data: blob:",
    "connect-src": "'self'",  # covers ws: and wss: of our own host
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000  # bytes of a request's body
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

# --- Applications ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "portal.apps.StaticFilesConfig",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "django_htmx",
    "channels",
    "projects",
    "mining",
    "portal",
    "portal.talk",
]
MIDDLEWARE = [
    "portal.requests.RequestMiddleware",
    "portal.headers.ContentPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.middleware.VolunteerCookieMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "portal.urls"
ASGI_APPLICATION = "portal.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "portal" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Database and Redis ---------------------------------------------------------------------------
# Without DATABASE_URL / REDIS_URL: the embedded servers of this data folder (portal.embedded).
DATABASES: dict[str, dict[str, Any]] = {
    "default": addresses.database(
        env.text("DATABASE_URL", f"postgres://voorwerp@/voorwerp?host={quote(str(PLACES.run))}")
    )
}
DATABASES["default"]["ENGINE"] = "portal.database"
# Each web thread (portal.asgi) and worker thread keeps its connection this long; 0 closes it after every request.
DATABASES["default"]["CONN_MAX_AGE"] = env.whole("DATABASE_KEEP", 600)  # seconds
# Only what asks for it is prepared (projects/services/statement.py): text with its values inside never comes again.
DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = 1_000_000
WEB_THREADS = env.whole("WEB_THREADS", 8)  # of one web process
REDIS_URL = env.text("REDIS_URL", f"unix://{PLACES.redis_socket}")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "voorwerp",
    },
    # Numbers that may be a little old, kept by each process for itself: a page needs no Redis for them.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
CHANNEL_LAYERS = {
    "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
}

# --- Jobs -----------------------------------------------------------------------------------------
CELERY_BROKER_URL = addresses.celery_broker(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 10,
    "socket_connect_timeout": 2,
}
# A lost message harms nothing (the tick finds the work), so a request never waits for a broker that is away.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_DEFAULT_QUEUE = "fast"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "portal.beat:Beat"
CELERY_BEAT_MAX_LOOP_INTERVAL = 1  # seconds; also how often beat says that it lives
CELERY_BEAT_SCHEDULE = {
    "exports": {"task": "projects.jobs.tend_exports", "schedule": 5.0, "options": {"expires": 5}},
    "fairness": {"task": "mining.jobs.look_for_unfair", "schedule": 300.0, "options": {"expires": 300}},
    "forget": {"task": "portal.jobs.forget", "schedule": 600.0, "options": {"expires": 300}},
    "mining-tick": {"task": "mining.jobs.tick", "schedule": 2.0, "options": {"expires": 2}},
    "qualify": {"task": "mining.jobs.qualify", "schedule": 600.0, "options": {"expires": 300}},
    "reap-leases": {"task": "projects.jobs.reap_leases", "schedule": 10.0, "options": {"expires": 10}},
    "tend-bands": {"task": "mining.jobs.tend_bands", "schedule": 5.0, "options": {"expires": 5}},
    "arrivals": {"task": "mining.jobs.tell_of_arrivals", "schedule": 60.0, "options": {"expires": 60}},
    "similar": {"task": "mining.jobs.look_for_similar", "schedule": 60.0, "options": {"expires": 60}},
    "tend-blocks": {"task": "projects.jobs.tend_blocks", "schedule": 60.0, "options": {"expires": 60}},
    "tend-lakes": {
        "task": "mining.jobs.tend_lakes",
        "schedule": 60.0,
        "options": {"expires": 60, "queue": "heavy"},
    },
    "tend-rules": {"task": "projects.jobs.tend_rules", "schedule": 5.0, "options": {"expires": 5}},
    "send-webhooks": {
        "task": "projects.jobs.send_webhooks",
        "schedule": 5.0,
        "options": {"expires": 5, "queue": "heavy"},
    },
    "talk-mails": {"task": "portal.talk.jobs.send_mails", "schedule": 60.0, "options": {"expires": 60}},
    "tend-imports": {"task": "projects.jobs.tend_imports", "schedule": 10.0, "options": {"expires": 10}},
}

# --- Accounts -------------------------------------------------------------------------------------
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.whole("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "voorwerp@localhost")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional" if EMAIL_HOST else "none"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# --- The API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "projects.api.tokens.Bearer",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["projects.api.tokens.WithinScope"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "portal.openapi.Schema",
    "EXCEPTION_HANDLER": "portal.errors.api_exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# 1: /panoptes speaks as the reference platform does, for its programs (docs/panoptes.md)
PANOPTES = env.flag("PANOPTES")
SPECTACULAR_SETTINGS = {
    "TITLE": "Voorwerp",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "DESCRIPTION": "What a program may ask of this site, and send to it. Lists come in pages: follow `next`.",
    "LICENSE": {"name": "Apache-2.0"},
    "POSTPROCESSING_HOOKS": ["portal.openapi.with_errors"],
    "PREPROCESSING_HOOKS": ["portal.openapi.only_the_api"],
}
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
# Calls a minute from one address, by kind of call (portal.limits); a whole class may sit behind one address.
RATE_LIMITS_ON = env.flag("RATE_LIMITS", default=True)
RATE_LIMITS = {
    "api": 6000,
    "sign_in": 30,
    "record": 3000,
    "next": 3000,
    "consent": 300,
    "download": 20,
    "upload": 600,
    "cone": 300,
    "talk": 30,
}

# --- Files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
# 1: files with a hash in their name, from `collectstatic`; 0: straight from the sources (tests, writing pages).
STATIC_MANIFEST = env.flag("STATIC_MANIFEST")
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
WHITENOISE_AUTOREFRESH = not STATIC_MANIFEST
# Where browsers ask for media: this site, or an address that serves the same files (the site goes on serving them too).
MEDIA_URL = (env.text("MEDIA_URL") or "/media/").rstrip("/") + "/"
if MEDIA_URL.startswith("https://"):
    CONTENT_SECURITY_POLICY["img-src"] += f" {urlsplit(MEDIA_URL).scheme}://{urlsplit(MEDIA_URL).netloc}"
# Other sites, such as https://archive.example.org, whose pictures a team may show by their address alone. Volunteers'
# browsers fetch them there, so that site learns who looks; this one never asks it for anything.
PICTURE_HOSTS = [each.rstrip("/") for each in env.words("PICTURE_HOSTS", [])]
CONTENT_SECURITY_POLICY["img-src"] += "".join(f" {each}" for each in PICTURE_HOSTS)
MEDIA_ROOT = VAR_DIR / "media"
S3_BUCKET = env.text("S3_BUCKET")  # empty: media lie under MEDIA_ROOT
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.text("S3_ENDPOINT") or None,
            "region_name": env.text("S3_REGION") or None,
            "access_key": env.text("S3_ACCESS_KEY") or None,  # without: the machine's own role
            "secret_key": env.text("S3_SECRET_KEY") or None,
        },
    }
    if S3_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "portal.storage.HashedModulesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- The lab ---------------------------------------------------------------------------------------
NEW_PROJECTS = env.flag(
    "NEW_PROJECTS", default=True
)  # anybody with an account makes projects; else staff only

# --- Webhooks -------------------------------------------------------------------------------------
# Programs that a team names are told of what happens, over https on the public internet, unless more is allowed here.
WEBHOOK_HTTP = env.flag("WEBHOOK_HTTP")
WEBHOOK_NETWORKS = env.networks(
    "WEBHOOK_NETWORKS"
)  # such as 10.1.0.0/16, for receivers in the operator's own network

# --- Imports --------------------------------------------------------------------------------------
IMPORT_MAX_BYTES = env.whole("IMPORT_MAX_BYTES", 500 * 1024 * 1024)  # of one uploaded file
# Uploaded files until the worker has taken them in; never served. Beside the media, where these lie elsewhere.
STORAGES["private"] = {
    **STORAGES["default"],
    "OPTIONS": {
        **STORAGES["default"].get("OPTIONS", {}),
        "location": "private"
        if STORAGES["default"]["BACKEND"].startswith("storages.")
        else VAR_DIR / "private",
    },
}

# --- Retention ------------------------------------------------------------------------------------
# Days. portal.retention ends what is older, every ten minutes; the privacy page shows these numbers.
KEEP = {
    "sessions": env.days("KEEP_SESSIONS", 14),  # a sign-in, since the last time that it was renewed
    "unused": env.days("KEEP_UNUSED", 30),  # a volunteer who never answered and has no account
    "logs": env.days("KEEP_LOGS", 30),
    "exports": env.days("KEEP_EXPORTS", 7),  # a file that somebody asked for
    "notices": env.days("KEEP_NOTICES", 90),  # that somebody in Talk named or answered somebody
}
SESSION_COOKIE_AGE = KEEP["sessions"] * 86400  # seconds

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# --- Logs and metrics -----------------------------------------------------------------------------
LOG_LEVEL = env.text("LOG_LEVEL", "INFO")
METRICS_TOKEN = env.text("METRICS_TOKEN")  # without one /metrics answers only to this machine
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "portal.requests.RequestIdFilter"}},
    "formatters": {"json": {"()": "portal.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request"]}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django.request": {"level": "ERROR"},  # what is below is in portal.requests' line already
        "celery.beat": {"level": "WARNING"},  # else a line for every tick
        "celery.app.trace": {"level": "WARNING"},  # else two more
        "celery.worker.strategy": {"level": "WARNING"},  # else a third
        "uvicorn.access": {"level": "WARNING"},
        "uvicorn.error": {"handlers": ["stderr"], "propagate": False},
    },
}
