"""Settings every environment shares; what differs comes from the environment: docs/settings.md."""

from pathlib import Path

import environ

from okplatform.settings.schedule import SCHEDULE
from okplatform.settings.sign_in import *

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
    "okplatform.kernel.middleware.TraceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "okplatform.web.compression.PageCompression",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "okplatform.web.sessions.SessionsMiddleware",
    "okplatform.web.csp.ContentSecurityPolicy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# Around calls that sign in by a key (okplatform/wsgi.py).
PROGRAM_MIDDLEWARE = [
    "okplatform.kernel.middleware.TraceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "okplatform.kernel.middleware.ProgramLanguageMiddleware",
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

# Where OK is reached from outside, without a slash at the end.
BASE_URL = env("BASE_URL", default="http://localhost:8000")

DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = None
# A Unix socket comes as ?host=…&user=…, which Django's own tools look for one level up.
for _option in {"host", "user"} & set(DATABASES["default"].get("OPTIONS", {})):
    DATABASES["default"][_option.upper()] = DATABASES["default"]["OPTIONS"].pop(_option)
REDIS_URL = env("REDIS_URL")
# The longest basket is a tenth of this; the server reads no further (okplatform/asgi.py).
DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
# A bank statement or an acquirer's file that somebody uploads.
OK_UPLOAD_MAX_BYTES = 16 * 2**20

# Rate limits count here, over all processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "ok",
    },
}

AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CSRF_FAILURE_VIEW = "okplatform.web.pages.errors.csrf_failure"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:start"

ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# Local runs write letters to .local/mail; production names its server in EMAIL_URL.
vars().update(env.email("EMAIL_URL", default=f"filemail:///{BASE_DIR / '.local' / 'mail'}"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="OK <ok@localhost>")

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "okplatform.web.staticfiles.AllauthFinder",
    "okplatform.web.staticfiles.VendorFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "okplatform.web.staticfiles.StaticStorage"},
}
# What pages may load from npm, as vendor/<name>: the file below node_modules. A page imports
# "htmx.js" as "htmx".
OK_VENDOR_FILES = {
    "barcode-detector.js": "barcode-detector/dist/es/ponyfill.js",
    "bwip-js.js": "bwip-js/dist/bwip-js.mjs",
    "bwipp.mjs": "bwip-js/dist/bwipp.mjs",
    "htmx.js": "htmx.org/dist/htmx.esm.min.js",
    "pdfjs-worker.js": "pdfjs-dist/build/pdf.worker.min.mjs",
    "pdfjs.js": "pdfjs-dist/build/pdf.min.mjs",
    "uplot.css": "uplot/dist/uPlot.min.css",
    "uplot.js": "uplot/dist/uPlot.esm.js",
    "uqr.js": "uqr/dist/index.mjs",
    "zxing-exported.js": "barcode-detector/dist/es/zxing-exported.js",
    "zxing-reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
}

# No inline script or style, no eval, nothing from elsewhere; the import map is allowed by its hash
# (okplatform/web/csp.py).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
        "frame-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["ok-htmx", "ok-worker"],
    },
}

# Peppers and keys live outside the database, so that a stolen dump forges nothing.
OK_API_KEY_PEPPER = env("OK_API_KEY_PEPPER")
OK_CODE_PRIVATE_KEY = env("OK_CODE_PRIVATE_KEY").replace("\\n", "\n")
OK_CONSENT_PRIVATE_KEY = env("OK_CONSENT_PRIVATE_KEY").replace("\\n", "\n")
OK_CONSENT_OLD_PUBLIC_KEYS = env("OK_CONSENT_OLD_PUBLIC_KEYS", default="").replace("\\n", "\n")
OK_PUSH_PRIVATE_KEY = env("OK_PUSH_PRIVATE_KEY").replace("\\n", "\n")

# Who collects (SEPA's creditor identifier), and where files for the bank and from it lie.
OK_CREDITOR_ID = env("OK_CREDITOR_ID", default="NL79ZZZ999999990000")
OK_BANK_FOLDER = env("OK_BANK_FOLDER", default=str(BASE_DIR / ".local" / "bank"))

# Who stands on OK's own invoices as their seller; a KvK number has 8 digits.
OK_SELLER_NAME = env("OK_SELLER_NAME", default="OK B.V.")
OK_SELLER_STREET = env("OK_SELLER_STREET", default="Voorbeeldkade 1")
OK_SELLER_POSTAL_CODE = env("OK_SELLER_POSTAL_CODE", default="1011 AA")
OK_SELLER_CITY = env("OK_SELLER_CITY", default="Amsterdam")
OK_SELLER_KVK = env("OK_SELLER_KVK", default="61200905")
OK_SELLER_VAT_NUMBER = env("OK_SELLER_VAT_NUMBER", default="NL081230059B01")

# Where merchants' bookkeeping program takes calls; their own tokens let us in.
OK_MONEYBIRD_URL = env("OK_MONEYBIRD_URL", default="https://moneybird.com/api/v2")

# Whether merchants' endpoints may lie on this machine; production never changes it.
OK_WEBHOOK_LOOPBACK = False

# How long a till waits for a chain's own loyalty system unless its merchant says otherwise, and how
# long nothing is asked after five failures in a row.
OK_CONNECTOR_LIMIT_MS = env.int("OK_CONNECTOR_LIMIT_MS", default=300)
OK_CONNECTOR_REST_SECONDS = env.int("OK_CONNECTOR_REST_SECONDS", default=60)

# Whether a browser's push service may lie on this machine: only one made for tests does.
OK_PUSH_LOOPBACK = False

# How long a till waits for a payer's yes on the phone.
OK_CONFIRMATION_SECONDS = env.int("OK_CONFIRMATION_SECONDS", default=60)

# Where banks take payments at once (NextGenPSD2), with the key and certificate (PEM) that seal our
# requests; and where our bank says whether a name is that on an account. Empty: neither is done.
OK_PIS_URL = env("OK_PIS_URL", default="")
OK_PIS_KEY = env("OK_PIS_KEY", default="").replace("\\n", "\n")
OK_PIS_CERTIFICATE = env("OK_PIS_CERTIFICATE", default="").replace("\\n", "\n")
OK_PAYEE_NAMES_URL = env("OK_PAYEE_NAMES_URL", default="")

# Who may attest things of people, a JSON list of objects: "id" (the iss of its JWTs), "name",
# "authorize" (its page) and "keys" (its JWK Set). Empty: every answer is "check the ID".
OK_ATTESTATION_ISSUERS = env.json("OK_ATTESTATION_ISSUERS", default=[])

# A till makes a few calls a minute; a chain with one key for all its stores makes thousands.
OK_API_CALLS_PER_MINUTE = env.int("OK_API_CALLS_PER_MINUTE", default=6_000)

# The API: every view names its scope, errors are problem details, JSON both ways.
REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "okplatform.kernel.api.problems.handle",
    "DEFAULT_RENDERER_CLASSES": ["okplatform.kernel.api.renderers.JsonRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "okplatform.parties.api.authentication.ApiKeyAuthentication"
    ],
    "DEFAULT_PERMISSION_CLASSES": ["okplatform.parties.api.permissions.HoldsScope"],
    "DEFAULT_THROTTLE_CLASSES": ["okplatform.parties.api.throttles.KeyThrottle"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}

# The contract, docs/openapi.yaml. Bodies are pydantic's, which say "or null" as OpenAPI 3.1 does.
SPECTACULAR_SETTINGS = {
    "TITLE": "OK",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    # The contract is for everybody to read.
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "merchants.document.complete",
    ],
    # What pays, and what a line is of, are both a `kind`: the first keeps the name it has in kits.
    "ENUM_NAME_OVERRIDES": {"KindEnum": ["ok", "pin", "cash", "gift_card"]},
}

# Logs: one JSON line each, with the trace id, without codes and secrets.
LOGGING_CONFIG = "okplatform.kernel.logs.configure"
LOGGING: dict[str, object] = {"level": env("LOG_LEVEL", default="INFO")}

# Work after the fact: Redis only carries nudges, what must happen stands in the outbox.
CELERY_BROKER_URL = env(
    "CELERY_BROKER_URL",
    # Celery spells the address of a Unix socket, and a database there, in its own way.
    default=REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host="),
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# After this an unacknowledged task is given to another worker, so no task may take longer.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 15 * 60}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
# Each new connection plans everything anew: one per task cost a seventh of a machine at full load.
CELERY_DB_REUSE_MAX = 10_000
# Somebody else's server may take ten seconds: it must not stand in the way of what is ours.
CELERY_TASK_ROUTES = {
    "merchants.send_webhooks": {"queue": "webhooks"},
    "merchants.serve_webhook_endpoint": {"queue": "webhooks"},
    "wallet.send_pushes": {"queue": "webhooks"},
    "wallet.send_push": {"queue": "webhooks"},
    # Seconds of work, which the relay of events must not wait for.
    "loyalty.replay_scheme": {"queue": "webhooks"},
    "loyalty.take_in_balances": {"queue": "webhooks"},
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = SCHEDULE

# Prometheus asks from this machine, or shows this token; empty is this machine only.
METRICS_TOKEN = env("METRICS_TOKEN", default="")

# Every process that commits nudges the worker through this app: servers, commands and tests.
from okplatform.celery import app as celery_app  # noqa: E402, F401 -- it reads these settings
