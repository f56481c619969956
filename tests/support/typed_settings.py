"""Settings for the type checker: the base in a made-up environment, so that no service is asked."""

import os

os.environ.setdefault("DATABASE_URL", "postgres://nobody@localhost/nothing")
os.environ.setdefault("REDIS_URL", "redis://localhost:1/0")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", __name__)
for name in ("DJANGO_SECRET_KEY", "OK_API_KEY_PEPPER", "OK_CODE_PRIVATE_KEY"):
    os.environ.setdefault(name, "made-up")

from okplatform.settings.base import *  # noqa: E402, F403 -- the environment comes first
