"""Step-up: pages that change how one signs in or pays ask again who it is, a passkey first.

    @proved("get", "post")
    class Download(PersonPage): ...

Whoever has shown it within five minutes (``ACCOUNT_REAUTHENTICATION_TIMEOUT``), signing in
included, is let through. A form that was sent is kept in the session while they are asked, and
goes on by itself; one that holds a secret must not be: it uses ``is_proved``.
"""

from collections.abc import Callable
from typing import TypeVar

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.http import HttpRequest
from django.utils.decorators import method_decorator

from okplatform.web.views import Page

P = TypeVar("P", bound=type[Page])


def proved(*methods: str) -> Callable[[P], P]:
    """Ask before these methods of a page, by HTTP's names in small letters."""

    def decorate(page: P) -> P:
        for name in methods:
            page = method_decorator(reauthentication_required, name=name)(page)
        return page

    return decorate


def is_proved(request: HttpRequest) -> bool:
    """Say whether they have just shown that it is them."""
    return not is_reauthentication_required(request, app="")
