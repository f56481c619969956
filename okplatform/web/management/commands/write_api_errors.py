"""`manage.py write_api_errors`: docs/errors.md, from the code."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import get_resolver
from typing_extensions import override

from okplatform.web.error_docs import api_refusals, page

FILE = settings.BASE_DIR / "docs" / "errors.md"


class Command(BaseCommand):
    """Write the page."""

    help = "Write docs/errors.md: each error code of the API, its cause and what to do."

    @override
    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write it."""
        FILE.write_text(page(api_refusals(get_resolver().url_patterns)))
