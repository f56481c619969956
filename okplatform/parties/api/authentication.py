"""How tills sign in: with a key, or at the browser till with a session and a chosen terminal."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.parties import networks
from okplatform.parties.actions.use_api_key import use_api_key
from okplatform.parties.checks import REFERENCE_PATTERN
from okplatform.parties.models import Person
from okplatform.parties.queries import find_till_of_person
from okplatform.parties.tills import Caller, Till, in_training

MERCHANT_HEADER = "HTTP_OK_MERCHANT"
TERMINAL_HEADER = "HTTP_OK_TERMINAL"
REFERENCE = re.compile(REFERENCE_PATTERN)

TERMINAL_IN_SESSION = "terminal"
"""The session's key for the terminal a cashier works at: a primary key."""

TRAINING = "OK-Training"
"""The header by which a page says with every call that its till is the training twin."""


class TerminalNotChosen(Refusal):
    """The browser till does not know at which terminal it stands, or no longer may stand there."""

    code = "terminal_not_chosen"
    status = 403
    sentence = _("Choose the till you work at first.")


class PageTooOld(Refusal):
    """The page's CSRF token does not fit its session."""

    code = "page_too_old"
    status = 403
    sentence = _("This page is too old. Reload it and try again; nothing was booked.")


def choose_terminal(session: SessionBase, terminal_id: int) -> None:
    """Remember the terminal this browser stands at; whether it may is checked on every call."""
    session[TERMINAL_IN_SESSION] = terminal_id


class ApiKeyAuthentication(BaseAuthentication):
    """``Authorization: Bearer ok_live_…``; ``request.auth`` becomes the ``Till``.

    A till vendor's own key names besides whom it acts for (``OK-Merchant: bakkerij-bol``), and
    where (``OK-Terminal: utrecht/kassa-1``).

    A view that has the sign-in proved by its first statement may let it come from memory, with
    ``recall_api_key``.
    """

    def __init__(self, sign_in: Callable[..., Till] = use_api_key) -> None:
        """Take the action that signs in."""
        self.sign_in = sign_in

    @override
    def authenticate(self, request: Request) -> tuple[None, Till] | None:
        """Sign in by key; None where none is offered."""
        key = _offered_key(request)
        if key is None:
            return None
        return None, self.sign_in(key=key, now=clock.now(), caller=caller_of(request))

    @override
    def authenticate_header(self, request: Request) -> str:
        """Say how to sign in."""
        return "Bearer"


def _offered_key(request: Request) -> str | None:
    scheme, _space, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else None


def sign_in_anew(request: Request) -> None:
    """Sign a till in whose remembered sign-in is outdated; raises what ``use_api_key`` refuses."""
    request.auth = use_api_key(
        key=_offered_key(request) or "", now=clock.now(), caller=caller_of(request)
    )


def caller_of(request: Request) -> Caller:
    """Return from where a call comes, and for whom and at which till it says to be."""
    store, terminal = _place_named(request.META.get(TERMINAL_HEADER))
    return Caller(
        address=networks.seen_through(
            settings.ALLAUTH_TRUSTED_PROXY_COUNT,
            request.META.get("HTTP_X_FORWARDED_FOR", ""),
            request.META.get("REMOTE_ADDR"),
        ),
        merchant=_reference(request.META.get(MERCHANT_HEADER)),
        store=store,
        terminal=terminal,
    )


def _place_named(said: str | None) -> tuple[str | None, str | None]:
    """Read ``store/terminal``, or only a store."""
    if said is None:
        return None, None
    store, slash, terminal = said.partition("/")
    return _reference(store), _reference(terminal) if slash else None


def _reference(said: str | None) -> str | None:
    """Return a reference as it was said; what cannot be one is the reference of nothing."""
    return said if said is None or REFERENCE.fullmatch(said) else ""


class TillSessionAuthentication(SessionAuthentication):
    """The browser till: a signed-in cashier at a chosen terminal; CSRF is enforced.

    It trains where its page says so with the call itself: a session may have both tills open.
    """

    @override
    def authenticate(self, request: Request) -> tuple[Person, Till] | None:
        """Sign in by session; None where nobody is signed in."""
        http_request = request._request  # noqa: SLF001 -- DRF's own way to the session's person
        person = getattr(http_request, "user", None)
        if not isinstance(person, Person) or not person.is_active:
            return None
        try:
            self.enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            raise PageTooOld from error
        terminal_id = http_request.session.get(TERMINAL_IN_SESSION)
        till = terminal_id and find_till_of_person(person_id=person.pk, terminal_id=terminal_id)
        if not till:
            raise TerminalNotChosen
        return person, in_training(till) if TRAINING in http_request.headers else till


def till_of(request: Any) -> Till:
    """Return the till that signed in; raises 401 where none did."""
    if not isinstance(request.auth, Till):
        raise exceptions.NotAuthenticated
    return request.auth
