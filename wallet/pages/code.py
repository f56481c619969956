"""The wallet opens on the code; what the phone itself does is in static/js/wallet-*.js."""

from typing import Any

from django.utils import timezone
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.web.views import PersonPage, PublicPage
from wallet import hooks
from wallet.card_tiles import tile_of
from wallet.cards import Wanted, cards_of
from wallet.reader import reader

MIDDAY, EVENING = 12, 18

AT_HAND = 6
"""Cards of other brands below the code: the starred ones, then those used last."""


class CodePage(PersonPage):
    """The code, and the loyalty cards below it.

    The service worker keeps the last one seen, so that it opens without a network.
    """

    template_name = "wallet/code.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the greeting, the cards, and where to add something to pay from."""
        person = reader(self.request)
        today = timezone.localdate(clock.now())
        return super().get_context_data(
            cards=hooks.cards_of(person.pk, person.mode),
            tiles=[tile_of(card, today) for card in cards_of(person.pk, Wanted())[:AT_HAND]],
            more_funding=hooks.more_funding(person.pk, person.mode),
            question=hooks.question_for(person.pk, clock.now()),
            part_of_day=_part_of_day(timezone.localtime(clock.now()).hour),
            **kwargs,
        )


class OfflinePage(PublicPage):
    """What a page of the wallet shows without a network; it says that the code still works."""

    template_name = "wallet/offline.html"


def _part_of_day(hour: int) -> str:
    if hour < MIDDAY:
        return "morning"
    return "afternoon" if hour < EVENING else "evening"
