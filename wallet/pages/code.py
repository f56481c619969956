"""The wallet opens on the code; what the phone itself does is in static/js/wallet-*.js."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.web.views import PersonPage
from wallet import hooks
from wallet.attention import attention_of
from wallet.card_access import cards_for
from wallet.card_tiles import tiles_of
from wallet.cards import Wanted
from wallet.offline_files import offline_files
from wallet.reader import reader

MIDDAY, EVENING = 12, 18

AT_HAND = 6
"""Cards of other brands below the code: the starred ones, then those used last."""


class CodePage(PersonPage):
    """The code, and the loyalty cards below it.

    The service worker keeps it for when there is no network, and asks for it ``?bare``: without
    anything personal, because what it keeps is not encrypted.
    """

    template_name = "wallet/code.html"

    @override
    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Say of which release the page is: a phone keeps what fits together."""
        response = super().render_to_response(context, **kwargs)
        return in_release(response)

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the greeting, the cards, and where to add something to pay from."""
        person = reader(self.request)
        if "bare" in self.request.GET:
            return super().get_context_data(bare=True, **kwargs)
        today = timezone.localdate(clock.now())
        return super().get_context_data(
            cards=hooks.cards_of(person.pk, person.mode),
            tiles=tiles_of(person, cards_for(person.pk, Wanted())[:AT_HAND], today),
            attention=attention_of(person, now=clock.now()),
            more_funding=hooks.more_funding(person.pk, person.mode),
            part_of_day=_part_of_day(timezone.localtime(clock.now()).hour),
            **kwargs,
        )


def in_release(response: HttpResponse) -> HttpResponse:
    """Name the release of a page; the service worker keeps no page of another one than its own."""
    response["X-OK-Release"] = offline_files().release
    return response


def _part_of_day(hour: int) -> str:
    if hour < MIDDAY:
        return "morning"
    return "afternoon" if hour < EVENING else "evening"
