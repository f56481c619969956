"""What the tests of gift cards in the books do again and again."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import merchant_scope
from payments.actions.load_gift_card import Load, load_gift_card
from payments.actions.set_gift_card_terms import set_gift_card_terms
from payments.actions.spend_gift_card import OfSale, Part, spend_gift_cards
from payments.actions.take_back_load import take_back_load
from payments.actions.write_off_gift_cards import (
    months_before,
    revive_gift_card,
    write_off_gift_cards,
)
from payments.chart import EUR, GIFT_CARD, GIFT_CARD_BREAKAGE, GIFT_CARDS_ISSUED
from payments.gift_card_queries import Expired
from payments.ledger import AccountRef
from payments.models import GiftCard
from tests.payments.books import close, held
from tests.support.world import NOW, Place


@dataclass(frozen=True)
class Cards:
    """A merchant's gift cards, by its actions."""

    place: Place

    def start(self, valid_months: int | None = None) -> "Cards":
        set_gift_card_terms(
            merchant_id=self.place.merchant.pk,
            is_selling=True,
            valid_months=valid_months,
            now=NOW,
            actor=SYSTEM,
        )
        return self

    def load(self, amount: int, card: GiftCard | None = None, uuid: UUID | None = None) -> GiftCard:
        """Sell a card, or top one up."""
        load = Load(
            uuid=uuid or uuid4(),
            card_id=card.pk if card else None,
            amount=amount,
            currency=EUR,
            store_id=self.place.store.pk,
            terminal_id=None,
            timezone="Europe/Amsterdam",
            paid_by="cash",
            operator="",
            reference="",
            request_hash=bytes(32),
        )
        with merchant_scope(self.place.merchant.pk):
            booked = load_gift_card(
                merchant_id=self.place.merchant.pk, mode="live", load=load, now=NOW, actor=SYSTEM
            )
            return booked.card

    def take_back(self, uuid: UUID) -> None:
        with merchant_scope(self.place.merchant.pk):
            take_back_load(
                merchant_id=self.place.merchant.pk, mode="live", uuid=uuid, now=NOW, actor=SYSTEM
            )

    def spend(self, card: GiftCard, amount: int, **other: Any) -> int:
        """Sell something that a card pays; return the sale's id."""
        with transaction():
            sale_id = close(self.place, ("gift_card", amount))
            spend_gift_cards(
                sale=self.sale(sale_id, **other),
                parts=[Part(card_id=card.pk, number=1, amount=amount)],
                now=NOW,
                actor=SYSTEM,
            )
        return sale_id

    def sale(self, sale_id: int, *, days: int = 0) -> OfSale:
        """Return a sale here as cards pay it, so many days from now."""
        return OfSale(
            id=sale_id,
            merchant_id=self.place.merchant.pk,
            mode="live",
            store_id=self.place.store.pk,
            currency=EUR,
            today=(NOW + timedelta(days=days)).date(),
        )

    def write_off(self, shown: int, *, days: int = 800, months: int = 12) -> Expired:
        """Write off what is left on cards that are over for a year, so many days from now."""
        later = NOW + timedelta(days=days)
        with merchant_scope(self.place.merchant.pk):
            return write_off_gift_cards(
                merchant_id=self.place.merchant.pk,
                mode="live",
                before=months_before(later.date(), months),
                today=later.date(),
                shown=shown,
                reason="Year end",
                now=later,
                actor=SYSTEM,
            )

    def revive(self, card: GiftCard, *, days: int = 900) -> None:
        """Bring back what was written off on a card."""
        later = NOW + timedelta(days=days)
        with merchant_scope(self.place.merchant.pk):
            revive_gift_card(
                card=card, reason="Good will", today=later.date(), now=later, actor=SYSTEM
            )

    def broke(self) -> int:
        """Return what the ledger has as breakage on gift cards."""
        return held(AccountRef(GIFT_CARD_BREAKAGE.kind, self.place.merchant.pk, EUR))

    def issued(self) -> int:
        """Return what the merchant owes on its cards, as the ledger has it: below zero."""
        return held(AccountRef(GIFT_CARDS_ISSUED.kind, self.place.merchant.pk, EUR))


def on(card: GiftCard) -> int:
    """Return what is on a card."""
    return held(AccountRef(GIFT_CARD.kind, card.pk, EUR))
