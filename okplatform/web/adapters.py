"""Where allauth meets our people: what a new person gets, and what happens at sign-in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from typing_extensions import override

from okplatform.parties.models import Person
from okplatform.web.preferences import keep_language


class PersonAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped
    """Writes name and language with the person, and brings the language along at sign-in."""

    @override
    def save_user(
        self,
        request: HttpRequest,
        user: Person,
        form: BaseForm,
        commit: bool = True,
    ) -> Person:
        """Fill in what the sign-up page knows, then let allauth set the password and save."""
        user.name = form.cleaned_data.get("name", "").strip()
        user.language = get_language() or user.language
        saved: Person = super().save_user(request, user, form, commit=commit)
        return saved

    @override
    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Show the pages in the person's own language from here on."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        keep_language(response, user.language)
        return response
