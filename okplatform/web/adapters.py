"""Where allauth meets our people: how a person is made, and what happens at sign-in."""

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.models import AnonymousUser
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from okplatform.web.browsers import browser_name
from okplatform.web.preferences import keep_language

WAYS: Mapping[str, str | Promise] = {
    "mfa_reauthenticate:webauthn": _("Use my passkey"),
    "reauthenticate": _("Use my password"),
    "mfa_reauthenticate": _("Use a code from my app, or a recovery code"),
}
"""How somebody may show that it is them, by allauth's names, the best first."""


class PersonAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped
    """Makes people through our own action, and brings their language along at sign-in."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "This e-mail address and password do not belong together. "
            "Check both, or choose a new password."
        ),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This is not the code. Check it, or ask for a new one."),
        "incorrect_password": _("This is not your password."),
        "too_many_login_attempts": _(
            "Too many tries. Your account is safe; wait five minutes and try again."
        ),
        "rate_limited": _("That went too fast. Wait a minute and try again."),
    }

    @override
    def save_user(
        self, request: HttpRequest, user: Person, form: BaseForm, commit: bool = True
    ) -> Person:
        """Make the person; allauth's empty ``user`` is not used. Raises ``EmailTaken``."""
        return create_person(
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"].strip(),
            password=form.cleaned_data["password1"],
            language=get_language() or user.language,
            actor=SYSTEM,
        )

    @override
    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Show the pages in the person's own language from here on.

        Signing in is a proof too: for some minutes nobody is asked again.
        """
        record_authentication(request, user, method="sign_in", reauthenticated=True)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        keep_language(response, user.language)
        return response

    @override
    def get_reauthentication_methods(self, user: Person | AnonymousUser) -> list[dict[str, Any]]:
        """Return the ways in which this person may show that it is them, a passkey first."""
        ways = {way["id"]: way for way in super().get_reauthentication_methods(user)}
        return [{**ways[name], "description": WAYS[name]} for name in WAYS if name in ways]

    @override
    def get_http_user_agent(self, request: HttpRequest) -> str:
        """Return a browser's name as letters tell it, not the whole header."""
        return browser_name(request.headers.get("User-Agent", "")) or str(_("unknown"))
