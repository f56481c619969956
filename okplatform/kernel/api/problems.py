"""Errors as problem details (RFC 9457).

A stable ``code`` for programs, a sentence for people, a trace id for us.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from typing_extensions import override

from okplatform.kernel import metrics, tracing
from okplatform.kernel.api.renderers import JsonAnswer
from okplatform.kernel.errors import Refusal

log = structlog.get_logger(__name__)

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "/api/docs/errors/#"


class InvalidBody(Refusal):
    """The body does not fit its schema; ``errors`` says where and why, field by field."""

    code = "invalid_request"
    status = 422
    sentence = _("The request does not fit: see the fields that are named.")

    def __init__(self, errors: Sequence[Mapping[str, str]]) -> None:
        """Keep one entry per field: ``field``, ``code`` and ``sentence``."""
        super().__init__(errors=list(errors))

    @property
    @override
    def detail(self) -> str:
        """Say the first faults in one sentence."""
        return "; ".join(
            f"{error['field']}: {error['sentence']}" for error in self.facts["errors"][:3]
        )


class TooManyRequests(Refusal):
    """More calls than the key may make in a minute; ``retry_after`` says when the next may come."""

    code = "too_many_requests"
    status = 429
    sentence = _("Too many requests. Try again in a moment.")


class Unauthenticated(Refusal):
    """The call brought no API key, and no till's session."""

    code = "unauthenticated"
    status = 401
    sentence = _("Sign in with an API key.")


class NotAllowed(Refusal):
    """The address names nobody who may use it, or not this key."""

    code = "not_allowed"
    status = 403
    sentence = _("This key may not do that.")


class NotThere(Refusal):
    """No such address."""

    code = "not_found"
    status = 404
    sentence = _("There is nothing here.")


class MethodNotAllowed(Refusal):
    """The address exists, and takes other methods."""

    code = "method_not_allowed"
    status = 405
    sentence = _("This address does not take that method.")


class NotJson(Refusal):
    """The body's Content-Type is not application/json."""

    code = "not_json"
    status = 415
    sentence = _("Send JSON (application/json).")


class MalformedJson(Refusal):
    """The body does not parse."""

    code = "malformed_json"
    status = 400
    sentence = _("This is not valid JSON.")


class InternalError(Refusal):
    """A defect of ours; the log holds it under the trace id. What was committed is committed."""

    code = "internal_error"
    status = 500
    sentence = _(
        "Something went wrong on our side. Nothing was half done; "
        "ask for the outcome and try again."
    )


# What Django and DRF raise by themselves, as the refusals above.
OF_THE_FRAMEWORK: tuple[tuple[type[Exception], type[Refusal]], ...] = (
    (exceptions.NotAuthenticated, Unauthenticated),
    (exceptions.AuthenticationFailed, Unauthenticated),
    (exceptions.PermissionDenied, NotAllowed),
    (PermissionDenied, NotAllowed),
    (exceptions.NotFound, NotThere),
    (Http404, NotThere),
    (exceptions.MethodNotAllowed, MethodNotAllowed),
    (exceptions.UnsupportedMediaType, NotJson),
    (exceptions.ParseError, MalformedJson),
)


def problem(
    *, status: int, code: str, detail: str, facts: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Build a problem document."""
    return {
        "type": TYPE_PREFIX + code,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "trace_id": tracing.current_trace_id(),
        **(facts or {}),
    }


def respond(document: Mapping[str, Any]) -> JsonAnswer:
    """Answer with a problem document."""
    response = JsonAnswer(document, status=document["status"], content_type=CONTENT_TYPE)
    if "retry_after" in document:
        response["Retry-After"] = str(document["retry_after"])
    return response


def _anticipated(error: Exception) -> dict[str, Any] | None:
    """Translate what may be expected; None for everything else."""
    if isinstance(error, exceptions.Throttled):
        wait = int(error.wait or 0) + 1  # type: ignore[attr-defined]  # the stubs forget it
        error = TooManyRequests(retry_after=wait)
    if not isinstance(error, Refusal):
        kinds = (refusal for known, refusal in OF_THE_FRAMEWORK if isinstance(error, known))
        refusal = next(kinds, None)
        if refusal is None:
            return None
        error = refusal()
    return problem(status=error.status, code=error.code, detail=error.detail, facts=error.facts)


def handle(error: Exception, context: Mapping[str, Any]) -> JsonAnswer:
    """Be DRF's exception handler: anticipated or not, the client gets a problem document."""
    document = _anticipated(error)
    if document is None:
        log.error("unexpected_error", view=type(context.get("view")).__name__, exc_info=error)
        ours = InternalError()
        document = problem(status=ours.status, code=ours.code, detail=ours.detail)
    else:
        metrics.REFUSALS.labels(document["code"]).inc()
    facts = getattr(context.get("view"), "problem_facts", None)
    response = respond({**document, **facts(error)} if facts else document)
    if document["status"] == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response
