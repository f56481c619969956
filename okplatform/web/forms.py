"""Our words on allauth's form, and what we ask at sign-up besides address and password."""

from typing import Any, ClassVar

from allauth.account.forms import SignupForm
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.parties.actions.create_person import EmailTaken
from okplatform.parties.models import Person


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
