"""What a reader sees when a page cannot be shown: what happened, what was kept, what to do now.

Programs that ask for an address of the API get the same as a problem document.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from okplatform.kernel.api.problems import CONTENT_TYPE, problem
from okplatform.kernel.tracing import current_trace_id

API = "/api/"


@dataclass(frozen=True, slots=True)
class _Error:
    """One kind of error; ``code`` is the problem document's."""

    status: HTTPStatus
    code: str
    title: str | Promise
    kept: str | Promise
    advice: str | Promise


BAD_REQUEST = _Error(
    HTTPStatus.BAD_REQUEST,
    "bad_request",
    _("We could not read that request"),
    _("Nothing was changed."),
    _("Go back, reload the page and try once more."),
)
FORBIDDEN = _Error(
    HTTPStatus.FORBIDDEN,
    "not_allowed",
    _("This page is not for your account"),
    _("Nothing was changed, and you are still signed in."),
    _("Ask the owner of the shop for this role, or go back to the start."),
)
STALE_FORM = _Error(
    HTTPStatus.FORBIDDEN,
    "form_stale",
    _("This page was open too long"),
    _("Nothing was sent. What you typed is still in the page."),
    _("Go back, reload the page and send it again. Cookies must be allowed."),
)
NOT_FOUND = _Error(
    HTTPStatus.NOT_FOUND,
    "not_found",
    _("There is nothing at this address"),
    _("Your cards, points and receipts are where they were."),
    _("Check the address, or go back to the start."),
)
TOO_MANY = _Error(
    HTTPStatus.TOO_MANY_REQUESTS,
    "too_many_requests",
    _("That went too fast"),
    _("Your account is safe and nothing was changed."),
    _("Wait a minute and try again."),
)
BROKEN = _Error(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "internal_error",
    _("Something went wrong on our side"),
    _("Nothing was half done: what was not finished did not happen."),
    _("Try again in a moment. If it stays, tell us the number below."),
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- called by name
    """Answer what Django calls suspicious."""
    return _answer(request, BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- called by name
    """Answer a reader whose role does not fit."""
    return _answer(request, FORBIDDEN)


def csrf_failure(request: HttpRequest, **_why: object) -> HttpResponse:
    """Answer a form without its token."""
    return _answer(request, STALE_FORM)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- called by name
    """Answer an address that nobody has."""
    return _answer(request, NOT_FOUND)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Answer whoever tries too often."""
    return _answer(request, TOO_MANY)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a crash, without the request: whatever broke, this page has to work."""
    if request.path.startswith(API):
        return _problem(BROKEN)
    context = {"LANGUAGE_CODE": get_language(), **_context(BROKEN)}
    return HttpResponse(render_to_string("web/error.html", context), status=BROKEN.status)


def _answer(request: HttpRequest, error: _Error) -> HttpResponse:
    if request.path.startswith(API):
        return _problem(error)
    return render(request, "web/error.html", _context(error), status=error.status)


def _problem(error: _Error) -> JsonResponse:
    detail = f"{error.title}. {error.kept} {error.advice}"
    document = problem(status=error.status, code=error.code, detail=detail)
    return JsonResponse(document, status=error.status, content_type=CONTENT_TYPE)


def _context(error: _Error) -> dict[str, Any]:
    return {"error": error, "trace_id": current_trace_id()}
