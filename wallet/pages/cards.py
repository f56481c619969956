"""The loyalty cards."""

from typing import Any

from typing_extensions import override

from okplatform.web.views import PersonPage
from wallet import hooks
from wallet.reader import reader


class CardsPage(PersonPage):
    """All cards, or how to get the first one."""

    template_name = "wallet/cards.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the cards, and where to find more."""
        person = reader(self.request)
        cards = hooks.cards_of(person.pk, person.mode)
        return super().get_context_data(cards=cards, more=hooks.more_cards(), **kwargs)
