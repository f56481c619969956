"""Our words on allauth's forms, and what we ask at sign-up besides address and password."""

from typing import Any, ClassVar

from allauth.account.forms import LoginForm, SignupForm
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.parties.actions.create_person import EmailTaken
from okplatform.parties.models import Person


class SignInForm(LoginForm):  # type: ignore[misc]  # untyped
    """Address and password; a browser that has a passkey offers it while one types."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The words are those of Web Authentication (conditional mediation) and HTML autofill.
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"


class SignUpForm(SignupForm):  # type: ignore[misc]  # untyped
    """Name, e-mail address and password; the adapter makes the person."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As you like to be called."),
    )

    field_order: ClassVar[list[str]] = ["name", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _(
            "At least 10 characters. A short sentence is strong and easy to remember."
        )

    @override
    def try_save(self, request: HttpRequest) -> tuple[Person | None, HttpResponse | None]:
        """Answer two who sign up with one address at once as if the second had come later."""
        try:
            saved: tuple[Person | None, HttpResponse | None] = super().try_save(request)
        except EmailTaken:
            self.account_already_exists = True
            saved = super().try_save(request)
        return saved
