"""What stamp cards cost, spread over the pieces that fill them (pure).

A basket with a free piece is no loss by itself: the pieces before it have paid for it. So each
piece bears its part of the one that becomes free, ``percentage / size`` of its own price.
"""

from collections.abc import Iterable

from loyalty.engine import Quote, StampCard, Stamped
from okplatform.kernel.money import BASIS_POINTS


def borne(quote: Quote, cards: Iterable[StampCard]) -> dict[int, int]:
    """Return what the pieces of a basket bear of free ones, by card, in minor units, rounded up.

    A card of one stamp per basket is borne by its cheapest piece, for that is what gets free.
    """
    if not quote.stamped:
        return {}
    known = {card.id: card for card in cards}
    return {
        stamped.offer_id: _share(quote, stamped, known[stamped.offer_id])
        for stamped in quote.stamped
    }


def spread(quote: Quote, cards: Iterable[StampCard]) -> dict[int, int]:
    """Return what each offer costs a basket, where free pieces lie on those that filled a card."""
    shares = borne(quote, cards)
    return {each.offer_id: each.amount for each in quote.given} | shares


def _share(quote: Quote, stamped: Stamped, card: StampCard) -> int:
    gross = {line.number: line.gross for line in quote.lines}
    counted = [(gross[number], pieces) for number, pieces, _free in stamped.lines]
    if card.per_visit:
        value = min(-(-amount // pieces) for amount, pieces in counted)
    else:
        value = sum(amount for amount, _pieces in counted)
    return -(-value * card.percentage_bp // (BASIS_POINTS * card.size))


class OpenStamps:
    """The stamps that lie on one card when a replay ends: they are owed, and cost their part."""

    def __init__(self, card: StampCard) -> None:
        """Begin with none."""
        self.card = card
        self.stamps = self.pieces = self.value = 0

    def count(self, quote: Quote, stamped: Stamped) -> None:
        """Count what a basket put on the card."""
        gross = {line.number: line.gross for line in quote.lines}
        self.stamps += stamped.stamps - stamped.size * stamped.rewards - stamped.lapsed
        for number, pieces, _free in stamped.lines:
            self.pieces += pieces
            self.value += gross[number]

    @property
    def cost(self) -> int:
        """Return what they will cost at the average price of a piece, rounded up."""
        if self.stamps <= 0:
            return 0
        whole = self.pieces * self.card.size * BASIS_POINTS
        return -(-self.stamps * self.value * self.card.percentage_bp // whole)
