"""What Prometheus may ask about; labels are few and never about a person."""

from prometheus_client import Counter, Histogram

HTTP_SECONDS = Histogram(
    "ok_http_request_seconds",
    "Seconds to answer a request, by method, route and status.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)
EVENTS_HANDLED = Counter(
    "ok_events_handled_total", "Events whose handlers have all acted.", ["type"]
)
EVENTS_FAILED = Counter("ok_events_failed_total", "Attempts of a handler that failed.", ["handler"])
REFUSALS = Counter("ok_refusals_total", "Anticipated refusals, by their stable code.", ["code"])
