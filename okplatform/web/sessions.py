"""Around every request: which browser somebody is signed in with, and when it was last seen."""

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.parties.actions.note_session import note_session
from okplatform.parties.models import Person
from okplatform.web.browsers import browser_name

NOTED_AT = "noted_at"
"""The session's key for when it was last noted, in seconds since 1970."""
EVERY = timedelta(minutes=15)
"""As exact as "last seen" is; a write per request would cost more than it tells."""


class SessionsMiddleware:
    """Notes a browser at sign-in, and now and then while it is used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then note."""
        key = request.session.session_key
        response = self.get_response(request)
        # A page that asked nobody who they are is no sign of life; a stream was opened by one that
        # did, and would keep the connection for as long as it stays open.
        if request.session.accessed and not response.streaming:
            _note(request, was=key)
        return response


def _note(request: HttpRequest, *, was: str | None) -> None:
    session, now = request.session, clock.now()
    if not isinstance(request.user, Person) or session.session_key is None:
        return
    since = now.timestamp() - session.get(NOTED_AT, 0.0)
    # A new key comes with every sign-in, and with a new password.
    if session.session_key == was and since < EVERY.total_seconds():
        return
    stands = note_session(
        person_id=request.user.pk,
        session_key=session.session_key,
        browser=browser_name(request.headers.get("User-Agent", "")),
        now=now,
        actor=Actor(kind="person", id=str(request.user.pk)),
    )
    if stands:
        session[NOTED_AT] = now.timestamp()
