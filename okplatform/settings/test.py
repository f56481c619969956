"""The tests' world: their own PostgreSQL and Redis under `.local/test`, never those of `make run`.

Nothing is started here: these are the addresses at which tests/conftest.py brings the services up.
The environment is set, not only read, so that a server started by a test lives in the same world.
"""

import os

from okplatform.local.environment import LOCAL
from okplatform.local.keys import new_keys
from okplatform.local.services import Services
from okplatform.local.slots import SLOTS, claim_slot

_urls = Services(LOCAL / "test", durable=False).urls
# Runs side by side, and the processes of pytest-xdist within a run, have databases of their own.
_run = int(os.environ.get("OK_TEST_RUN") or claim_slot(LOCAL / "test"))
os.environ["OK_TEST_RUN"] = str(_run)
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))

os.environ["DATABASE_URL"] = _urls.database_url
os.environ["REDIS_URL"] = f"{_urls.redis_url}?db={_run * SLOTS + _worker % SLOTS}"
os.environ["ALLOWED_HOSTS"] = "localhost,127.0.0.1,testserver"
for _name, _value in new_keys().items():
    os.environ.setdefault(_name, _value)

from okplatform.settings.base import *  # noqa: E402 -- the environment comes first

DATABASES["default"]["TEST"] = {"NAME": f"test_ok_{_run}"}

# Every sign-in of every test pays for the hash; its strength is Django's to test.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Pages are tested without collecting static files; tests/browser collects them, as production does.
STATIC_ROOT = LOCAL / "test" / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
