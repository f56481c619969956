"""Errors as problem details (RFC 9457).

A stable ``code`` for programs, a sentence for people, a trace id for us.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from typing_extensions import override

from okplatform.kernel import metrics, tracing
from okplatform.kernel.errors import Refusal

log = structlog.get_logger(__name__)

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "/api/docs/errors/#"


class InvalidBody(Refusal):
    """The body does not fit its schema; ``errors`` says where and why, field by field."""

    code = "invalid_request"
    status = 422
    sentence = "The request does not fit."  # replaced by the joined sentences of the fields

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


def respond(document: Mapping[str, Any]) -> Response:
    """Answer with a problem document."""
    response = Response(document, status=document["status"], content_type=CONTENT_TYPE)
    if "retry_after" in document:
        response["Retry-After"] = str(document["retry_after"])
    return response


def _anticipated(error: Exception) -> dict[str, Any] | None:
    """Translate what may be expected; None for everything else."""
    if isinstance(error, Refusal):
        return problem(status=error.status, code=error.code, detail=error.detail, facts=error.facts)
    if isinstance(error, exceptions.Throttled):
        wait = int(error.wait or 0) + 1  # type: ignore[attr-defined]  # the stubs forget it
        sentence = _("Too many requests. Try again in a moment.")
        return problem(
            status=429, code="too_many_requests", detail=sentence, facts={"retry_after": wait}
        )
    for kinds, status, code, sentence in (
        ((exceptions.NotAuthenticated,), 401, "unauthenticated", _("Sign in with an API key.")),
        ((exceptions.AuthenticationFailed,), 401, "key_invalid", _("This API key is not valid.")),
        (
            (exceptions.PermissionDenied, PermissionDenied),
            403,
            "not_allowed",
            _("This key may not do that."),
        ),
        ((exceptions.NotFound, Http404), 404, "not_found", _("There is nothing here.")),
        (
            (exceptions.MethodNotAllowed,),
            405,
            "method_not_allowed",
            _("This address does not take that method."),
        ),
        ((exceptions.NotAcceptable,), 406, "not_acceptable", _("Only JSON is spoken here.")),
        ((exceptions.UnsupportedMediaType,), 415, "not_json", _("Send JSON (application/json).")),
        ((exceptions.ParseError,), 400, "malformed_json", _("This is not valid JSON.")),
    ):
        if isinstance(error, kinds):
            return problem(status=status, code=code, detail=sentence)
    return None


def handle(error: Exception, context: Mapping[str, Any]) -> Response:
    """Be DRF's exception handler: anticipated or not, the client gets a problem document."""
    document = _anticipated(error)
    if document is None:
        log.error("unexpected_error", view=type(context.get("view")).__name__, exc_info=error)
        sentence = _(
            "Something went wrong on our side. Nothing was half done; "
            "ask for the outcome and try again."
        )
        document = problem(status=500, code="internal_error", detail=sentence)
    else:
        metrics.REFUSALS.labels(document["code"]).inc()
    facts = getattr(context.get("view"), "problem_facts", None)
    response = respond({**document, **facts(error)} if facts else document)
    if document["status"] == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response
