#!/usr/bin/env python
"""Django's command line for OK; without DATABASE_URL it starts, or joins, the embedded services."""

import os
import sys

from django.core.management import execute_from_command_line

from okplatform.local.environment import local_environment
from okplatform.local.errors import LocalError
from okplatform.local.prepare import migrate

LOCAL = "okplatform.settings.local"
PRODUCTION = "okplatform.settings.production"
# Our own commands work on a machine where nothing was ever started.
NEEDS_TABLES = {
    "appoint_staff",
    "import_complete_journey",
    "load_demo",
    "okcert",
    "rebuild_balances",
    "replay",
    "verify",
}


def main() -> None:
    """Run one management command, leaving the embedded services as it found them."""
    named = os.environ.get("DJANGO_SETTINGS_MODULE", LOCAL)
    if named != LOCAL:
        # Whoever names other settings brings what they need; nothing is made up.
        execute_from_command_line(sys.argv)
        return
    os.environ["DJANGO_SETTINGS_MODULE"] = LOCAL
    if "--deploy" in sys.argv:
        # It asks about production; answering for a laptop would be no answer.
        os.environ["DJANGO_SETTINGS_MODULE"] = PRODUCTION
        os.environ.setdefault("BASE_URL", "https://localhost")
        os.environ.setdefault("EMAIL_URL", "smtp+tls://localhost")
        os.environ.setdefault("OK_BANK_FOLDER", "/srv/ok/bank")
        os.environ.setdefault("OK_CREDITOR_ID", "NL79ZZZ999999990000")
        for name in ("NAME", "STREET", "POSTAL_CODE", "CITY", "KVK", "VAT_NUMBER"):
            os.environ.setdefault(f"OK_SELLER_{name}", "OK")
    try:
        with local_environment() as services:
            if services is not None and NEEDS_TABLES.intersection(sys.argv[1:2]):
                migrate()
            execute_from_command_line(sys.argv)
    except LocalError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
