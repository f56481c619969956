"""The service worker and the manifest: what makes the wallet an app."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from typing_extensions import override

from okplatform.web.views import PublicPage
from wallet.offline_files import offline_files

PAPER = "#f6f5f1"


class ServiceWorker(PublicPage):
    """templates/wallet/sw.js, which sees every request of this origin.

    It is asked for anew at each visit, so that a mended worker reaches every phone.
    """

    template_name = "wallet/sw.js"
    content_type = "text/javascript"

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the script with the headers a worker needs."""
        facts = {"files": offline_files(), "icon": static("favicon.svg"), "news": _news()}
        response = super().get(request, *args, **facts, **kwargs)
        response["Cache-Control"] = "no-cache"
        return response


def _news() -> list[tuple[str, str]]:
    """Return what a notification says that cannot be read, by language."""
    said = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said.append((code, _("There is news in your wallet.")))
    return said


class Manifest(PublicPage):
    """How the wallet stands on a home screen, in the reader's language."""

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the manifest (https://www.w3.org/TR/appmanifest/)."""
        start = reverse("wallet:code")
        manifest = {
            "id": start,
            "name": _("OK wallet"),
            "short_name": "OK",
            "description": _("One code for discount, points and paying."),
            "start_url": start,
            "scope": start,
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": PAPER,
            "icons": [
                {
                    "src": static("favicon.svg"),
                    "sizes": "any",
                    "type": "image/svg+xml",
                    "purpose": "any",
                }
            ],
        }
        return JsonResponse(manifest, content_type="application/manifest+json")
