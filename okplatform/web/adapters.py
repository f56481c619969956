"""Where allauth meets our people: how a person is made, and what happens at sign-in."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from okplatform.web.preferences import keep_language


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
        """Show the pages in the person's own language from here on."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        keep_language(response, user.language)
        return response
