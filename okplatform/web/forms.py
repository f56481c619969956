"""What we ask at sign-up besides the address and the password."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from okplatform.parties.models import Person


class SignUpForm(forms.Form):
    """Added to allauth's own form: the name, as the person wants to be called."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: HttpRequest, person: Person) -> None:
        """Do nothing: the adapter has written the name with the person, in one go."""
