"""Language and light or dark: two small forms that work without a script."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from okplatform.kernel.audit import Actor
from okplatform.parties.actions.choose_language import choose_language
from okplatform.parties.models import Language
from okplatform.web.preferences import keep_language, keep_theme
from okplatform.web.views import PublicPage


class LanguageChoice(PublicPage):
    """Remembers the language, and writes it with the person who signed in: letters use it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep a language OK speaks; any other leaves things as they are."""
        response = redirect(_back(request))
        language = request.POST.get("language", "")
        if language in dict(settings.LANGUAGES):
            keep_language(response, language)
            if request.user.is_authenticated:
                choose_language(
                    person_id=self.person.pk,
                    language=Language(language),
                    actor=Actor("person", str(self.person.pk)),
                )
        return response


class ThemeChoice(PublicPage):
    """Remembers light or dark; ``device`` forgets the choice."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the choice and go back to the page."""
        response = redirect(_back(request))
        keep_theme(response, request.POST.get("theme", ""))
        return response


def _back(request: HttpRequest) -> str:
    """Return the page to go back to; an address elsewhere becomes the start."""
    address = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else "/"
