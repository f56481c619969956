"""Settings every environment shares; anything that differs comes from the environment (docs/settings.md lists all of it)."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

DEBUG = False
SECRET_KEY = env("DJANGO_SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "okplatform.kernel",
    "okplatform.parties",
    "okplatform.trade",
    "okplatform.web",
    "wallet",
    "payments",
    "loyalty",
    "merchants",
    "demo",
    "bench",
]

MIDDLEWARE = [
    "okplatform.kernel.tracing.TraceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "csp.middleware.CSPMiddleware",
]

ROOT_URLCONF = "okplatform.urls"
WSGI_APPLICATION = "okplatform.wsgi.application"

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
                "django.template.context_processors.i18n",
            ],
        },
    },
]

DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = None
# A Unix socket comes as ?host=…&user=…, which Django's own tools look for one level up.
for _option in {"host", "user"} & set(DATABASES["default"].get("OPTIONS", {})):
    DATABASES["default"][_option.upper()] = DATABASES["default"]["OPTIONS"].pop(_option)
REDIS_URL = env("REDIS_URL")

AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]

# Peppers and keys live outside the database, so that a stolen dump forges nothing.
OK_API_KEY_PEPPER = env("OK_API_KEY_PEPPER")
OK_CODE_PRIVATE_KEY = env("OK_CODE_PRIVATE_KEY").replace("\\n", "\n")

# The API: every view names its scope, errors are problem details, JSON both ways.
REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "okplatform.kernel.api.problems.handle",
    "DEFAULT_RENDERER_CLASSES": ["okplatform.kernel.api.views.JsonRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "okplatform.parties.api.authentication.ApiKeyAuthentication"
    ],
    "DEFAULT_PERMISSION_CLASSES": ["okplatform.parties.api.permissions.HoldsScope"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}

# Logs: one JSON line each, with the trace id, without codes and secrets.
LOGGING_CONFIG = "okplatform.kernel.logs.configure"
LOGGING: dict[str, object] = {"level": env("LOG_LEVEL", default="INFO")}
