"""The WSGI application: everything but the live streams, for a server of its own in production.

A till's call passes only what concerns it. Sessions, messages and policies for browsers are for
pages, and cost a till's call a twelfth of its work.
"""

import os
from typing import Any

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string
from typing_extensions import override

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "okplatform.settings.production")

pages = get_wsgi_application()


class _Programs(WSGIHandler):
    """Django with settings.PROGRAM_MIDDLEWARE around its views."""

    @override
    def load_middleware(self, is_async: bool = False) -> None:
        """Build the chain; none of these has a hook besides its own call."""
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        chain = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        for name in reversed(settings.PROGRAM_MIDDLEWARE):
            chain = convert_exception_to_response(import_string(name)(chain))
        self._middleware_chain = chain


programs = _Programs()


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Answer one request; who offers a key to the API is a program."""
    is_program = environ["PATH_INFO"].startswith("/api/") and "HTTP_AUTHORIZATION" in environ
    return (programs if is_program else pages)(environ, start_response)
