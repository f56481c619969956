#!/usr/bin/env python
"""Django's command line for OK; without DATABASE_URL it starts, or joins, the embedded services."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "okplatform.settings.local")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
