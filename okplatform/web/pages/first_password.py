"""In the place of allauth's page that sets a first password, at the same address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from typing_extensions import override

from okplatform.web.views import PublicPage


class FirstPassword(PublicPage):
    """Sends on to the other way to a password, which asks the mailbox: a session is no proof."""

    http_method_names = ["get"]

    @override
    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Go there."""
        return redirect("account_reset_password")
