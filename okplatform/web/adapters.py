"""Where allauth meets our people: how a person is made, and what happens at sign-in."""

import logging
from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM, Actor
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.actions.end_session import end_other_sessions
from okplatform.parties.actions.note_new_browser import note_new_browser
from okplatform.parties.models import Person
from okplatform.web.browsers import browser_name
from okplatform.web.known_browsers import is_known, keep_known
from okplatform.web.preferences import keep_language

logger = logging.getLogger(__name__)

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

        Signing in is a proof too: for some minutes nobody is asked again. A browser that they
        never signed in with is told them by letter, and on their phones.
        """
        record_authentication(request, user, method="sign_in", reauthenticated=True)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        keep_language(response, user.language)
        if not is_known(request, user.pk) and not kwargs.get("signup"):
            self._tell_of_new_browser(user)
            note_new_browser(
                person_id=user.pk,
                browser=browser_name(request.headers.get("User-Agent", "")),
                now=clock.now(),
                actor=Actor(kind="person", id=str(user.pk)),
            )
        keep_known(request, response, user.pk)
        return response

    @override
    def set_password(self, user: Person, password: str) -> None:
        """Set it, and sign them out in every other browser: one of those may be why they do."""
        super().set_password(user, password)
        end_other_sessions(
            person_id=user.pk,
            session_key=self.request.session.session_key or "",
            actor=Actor(kind="person", id=str(user.pk)),
        )

    def _tell_of_new_browser(self, user: Person) -> None:
        with translation.override(user.language):
            try:
                self.send_notification_mail("account/email/new_browser", user)
            except OSError:
                # They are in; a mail server that is away locks nobody out.
                logger.exception("letter_not_sent", extra={"about": "new browser"})

    @override
    def get_reauthentication_methods(self, user: Person | AnonymousUser) -> list[dict[str, Any]]:
        """Return the ways in which this person may show that it is them, a passkey first."""
        ways = {way["id"]: way for way in super().get_reauthentication_methods(user)}
        return [{**ways[name], "description": WAYS[name]} for name in WAYS if name in ways]

    @override
    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Say yes; allauth then asks whether they did so lately.

        It lets through whoever has no password and no second factor. They choose a password first,
        by a code that goes to their address.
        """
        user = self.request.user
        if not self.get_reauthentication_methods(user) and not self._has_just_signed_in(user):
            raise ImmediateHttpResponse(redirect("account_reset_password"))
        required: bool = super().is_reauthentication_required(app=app, **kwargs)
        return required

    def _has_just_signed_in(self, user: Person) -> bool:
        records = get_authentication_records(self.request, user)
        since = clock.now().timestamp() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return any(record["at"] > since for record in records if record.get("reauthenticated"))

    @override
    def get_http_user_agent(self, request: HttpRequest) -> str:
        """Return a browser's name as letters tell it, not the whole header."""
        return browser_name(request.headers.get("User-Agent", "")) or str(_("unknown"))
