"""A till that sells and takes gift cards."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from okplatform.kernel.audit import SYSTEM
from payments.actions.set_gift_card_terms import set_gift_card_terms
from tests.support.counter import Counter, basket
from tests.support.world import NOW, Place


@dataclass
class Sold:
    """A card as its buyer holds it."""

    uuid: UUID
    number: str
    pin: str


@dataclass
class CardDesk:
    """A counter, and what it asks about gift cards."""

    counter: Counter
    loads: list[UUID] = field(default_factory=list)

    def put(self, uuid: UUID, **asked: Any) -> Any:
        body = {"amount": 2500, "currency": "EUR", "paid_by": "pin", **asked}
        return self.counter.client.put(f"/api/v1/gift-card-loads/{uuid}", body, format="json")

    def take_back(self, uuid: UUID) -> Any:
        return self.counter.client.delete(f"/api/v1/gift-card-loads/{uuid}")

    def sell(self, amount: int = 2500) -> Sold:
        uuid = uuid4()
        answer = self.put(uuid, amount=amount)
        assert answer.status_code == 200, answer.json()
        return Sold(uuid, answer.json()["card"], answer.json()["pin"])

    def balance(self, card: Sold, **other: Any) -> Any:
        asked = {"card": card.number, "pin": card.pin, **other}
        return self.counter.client.post("/api/v1/gift-card-balances", asked, format="json")

    def pay(self, *tenders: dict[str, Any] | str, uuid: UUID | None = None, **other: Any) -> Any:
        """Sell bread and coffee, € 11.00."""
        asked = [{"kind": one} if isinstance(one, str) else one for one in tenders]
        return self.counter.put(uuid or uuid4(), basket(payment={"tenders": asked}, **other))


def by(card: Sold, amount: int | None = None) -> dict[str, Any]:
    """Return the tender that a card pays."""
    asked = {"kind": "gift_card", "card": card.number, "pin": card.pin}
    return asked if amount is None else {**asked, "amount": amount}


def sells_cards(place: Place, *, valid_months: int | None = None) -> None:
    """Let a merchant sell gift cards."""
    set_gift_card_terms(
        merchant_id=place.merchant.pk,
        is_selling=True,
        valid_months=valid_months,
        now=NOW,
        actor=SYSTEM,
    )
