"""Take all cards along, at any time: as files that Catima reads, and OK reads whole."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.web.views import PersonPage
from wallet.card_access import shares_with
from wallet.card_export import export_of, parts_of
from wallet.reader import reader


class ExportPage(PersonPage):
    """What is in the file, and the file; where there is much, in parts."""

    template_name = "wallet/card_export.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the parts, each with its first and last card."""
        parts = parts_of(reader(self.request).pk)
        return super().get_context_data(
            parts=[(part.first, part.first + len(part.cards) - 1) for part in parts],
            of_others=shares_with(reader(self.request).pk).count(),
            all_cards=sum(len(part.cards) for part in parts),
            back=reverse("wallet:cards"),
            **kwargs,
        )


class ExportCards(PersonPage):
    """One file."""

    http_method_names = ["get"]

    @override
    def get(  # type: ignore[override]  # a stream is no HttpResponse
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Return the part of the address."""
        person_id, nth = reader(request).pk, self.kwargs["part"]
        parts = parts_of(person_id)
        if not 0 < nth <= len(parts):
            raise Http404
        suffix = f"-{nth}" if len(parts) > 1 else ""
        name = f"ok-cards-{clock.now():%Y-%m-%d}{suffix}.zip"
        response = FileResponse(
            export_of(person_id, parts[nth - 1]), as_attachment=True, filename=name
        )
        add_never_cache_headers(response)
        return response
