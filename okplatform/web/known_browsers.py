"""Which people have signed in with this browser before; the browser itself remembers, signed."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from okplatform.web.preferences import YEAR

COOKIE = "ok_known"
SALT = "people this browser knows"
MOST = 8
"""A family shares a computer; a cookie stays small."""


def is_known(request: HttpRequest, person_id: int) -> bool:
    """Say whether this person has signed in with this browser within a year."""
    return person_id in _known(request)


def keep_known(request: HttpRequest, response: HttpResponse, person_id: int) -> None:
    """Remember that they have, from now on for a year."""
    others = [known for known in _known(request) if known != person_id]
    response.set_cookie(
        COOKIE,
        signing.dumps([person_id, *others][:MOST], salt=SALT),
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest) -> list[int]:
    try:
        return list(signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=YEAR))
    except signing.BadSignature:
        return []
