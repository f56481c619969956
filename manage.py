#!/usr/bin/env python
"""Django's command line for OK; without DATABASE_URL it starts, or joins, the embedded services."""

import os
import sys

from django.core.management import execute_from_command_line

from okplatform.local.environment import local_environment
from okplatform.local.errors import LocalError

LOCAL = "okplatform.settings.local"
PRODUCTION = "okplatform.settings.production"


def main() -> None:
    """Run one management command, leaving the embedded services as it found them."""
    # `check --deploy` asks about production; answering for a laptop would be no answer.
    if "--deploy" in sys.argv:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", PRODUCTION)
        os.environ.setdefault("BASE_URL", "https://localhost")
        os.environ.setdefault("EMAIL_URL", "smtp+tls://localhost")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", LOCAL)
    try:
        with local_environment():
            execute_from_command_line(sys.argv)
    except LocalError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
