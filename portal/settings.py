"""One settings file, by sections. Values come from the environment through `portal.env`."""

from pathlib import Path
from urllib.parse import quote

from portal import addresses, env
from portal.embedded.places import Places, default_var

# --- Places ---------------------------------------------------------------------------------------
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = default_var()
VERSION = "0.1.0"

# --- Security -------------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY", "development-only-not-secret")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["*"])

# --- Applications ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
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
]
MIDDLEWARE = [
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
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "portal.urls"
ASGI_APPLICATION = "portal.asgi.application"
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
PLACES = Places(VAR_DIR)
DATABASES = {
    "default": addresses.database(
        env.text("DATABASE_URL", f"postgres://voorwerp@/voorwerp?host={quote(str(PLACES.run))}")
    )
}
# A request runs in a thread of its own under ASGI: without a pool each one would open a connection. 0: no pool.
DATABASE_POOL = env.whole("DATABASE_POOL", 12)
if DATABASE_POOL:
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": DATABASE_POOL,
        "timeout": 10,
    }
REDIS_URL = env.text("REDIS_URL", f"unix://{PLACES.redis_socket}")

# --- Files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
# 1: files with a hash in their name, from `collectstatic`; 0: straight from the sources (tests, writing pages).
STATIC_MANIFEST = env.flag("STATIC_MANIFEST")
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
WHITENOISE_AUTOREFRESH = not STATIC_MANIFEST
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"
