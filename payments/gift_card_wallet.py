"""What the wallet shows of gift cards: one live card each, and what was left after a sale."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from okplatform.web import formats
from payments.gift_card_queries import kept_by, left_after
from wallet.hooks import HomeCard, ReceiptNote


class GiftCardsInWallet:
    """Gives the wallet a card per gift card that is kept (``wallet.hooks.HomeCards``)."""

    def cards(self, person_id: int, mode: str) -> Sequence[HomeCard]:
        """Return the cards, the one kept last first."""
        return [
            HomeCard(
                title=kept.shop,
                subtitle=_("Gift card {end}").format(end=kept.number_end),
                value=formats.money(kept.balance, kept.currency),
                url=reverse("payments:gift-card", args=[kept.id]),
            )
            for kept in kept_by(person_id=person_id, mode=mode)
        ]


class GiftCardNotes:
    """Says on receipts what was left on a card (``wallet.hooks.ReceiptNotes``)."""

    def notes(self, sale_id: int, person_id: int) -> Sequence[ReceiptNote]:
        """Return a note per card that paid a part."""
        return [
            ReceiptNote(
                title=_("Gift card {end}").format(end=f"•••• {spent.number_end}"),
                line=_("Left on it after this"),
                value=formats.money(spent.balance, spent.currency),
            )
            for spent in left_after(sale_id, person_id=person_id)
        ]
