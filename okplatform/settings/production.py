"""OK for everybody: HTTPS only, behind a reverse proxy; refuses to start on a default secret."""

import os

from okplatform.settings.guard import refuse_defaults

refuse_defaults(os.environ)

from okplatform.settings.base import *  # noqa: E402 -- not a line further on a default

# The proxy ends TLS and must set this header itself, whatever the client sent.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
# Asked from inside, past the proxy.
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
