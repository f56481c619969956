"""What happens around every request: a trace id, a measurement, one line in the log."""

import re
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from okplatform.kernel import metrics, tracing

log = structlog.get_logger("okplatform.http")

# All zeros, and version ff, are invalid by the standard: nobody's trace, so never taken over.
TRACEPARENT = re.compile(
    r"^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$"
)


class TraceMiddleware:
    """Give each request its trace id, measure it, and log it in one line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer under the trace id of ``traceparent``, or a new one; say it in ``Trace-Id``."""
        given = TRACEPARENT.match(request.headers.get("traceparent", ""))
        trace_id = given.group(1) if given else tracing.new_trace_id()
        started = time.perf_counter()
        with tracing.traced(trace_id):
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            route = request.resolver_match.route if request.resolver_match else "-"
            metrics.HTTP_SECONDS.labels(request.method, route, response.status_code).observe(
                seconds
            )
            log.info(
                "request",
                method=request.method,
                route=route,
                status_code=response.status_code,
                ms=round(seconds * 1000, 1),
            )
        response["Trace-Id"] = trace_id
        return response


class ProgramLanguageMiddleware:
    """Speak the language a program asks for.

    Django's own looks for it in the address too, which costs more than all the rest here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in that language, and say so."""
        language = translation.get_language_from_request(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language",))
        return response
