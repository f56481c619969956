"""What a page of the wallet shows without a network, drawn from what the phone keeps."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from typing_extensions import override

from okplatform.web.views import PersonPage, PublicPage
from wallet.pages.card_edits import with_reader
from wallet.pages.card_form import programmes
from wallet.pages.cards import SORT_LABELS
from wallet.pages.code import in_release
from wallet.programmes import COLOURS
from wallet.symbologies import SYMBOLOGIES


@with_reader
class OfflinePage(PublicPage):
    """The one page that stands in for all; static/js/offline-page.js draws what the address asks.

    Of pages that it does not draw it says that the code works.
    """

    template_name = "wallet/offline.html"

    @override
    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Say of which release the page is."""
        return in_release(super().render_to_response(context, **kwargs))

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give what a new card is made with; nothing of anybody."""
        return super().get_context_data(
            sorts=SORT_LABELS.items(),
            programmes=programmes(),
            symbologies=SYMBOLOGIES.values(),
            colours=COLOURS,
            **kwargs,
        )


class UnsavedPage(PersonPage):
    """Changes that the server refused: the phone keeps them, this page shows them."""

    template_name = "wallet/unsaved.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the way back; the rest is on the phone."""
        return super().get_context_data(back=reverse("wallet:cards"), **kwargs)
