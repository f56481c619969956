"""Everything of a sale comes back, in two parts: then what loyalty keeps stands as before it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from loyalty.engine import Basket, Quote
from loyalty.reversing import milli_back, offers_back, points_back, stamps_back
from okplatform.trade.facts import LineStanding, ReturnLineFacts

Kept = Counter[tuple[str, int]]
"""How much of what, and of which offer or card."""


def left_behind(quote: Quote, basket: Basket) -> Iterator[str]:
    """Name what is not as it was before the sale once all of it has come back.

    The first to come back is half of the goods and of the money, to the piece and the cent; then
    the rest.
    """
    kept = _kept(quote)
    lines = _standing(quote, basket)
    for part in (2, 1):
        back = [_back(line, part) for line in lines]
        kept.subtract(_came_back(quote, lines, back))
        lines = [
            replace(
                line,
                returned_quantity=line.returned_quantity + came.quantity,
                returned_amount=line.returned_amount + came.amount,
            )
            for line, came in zip(lines, back, strict=True)
        ]
    return (
        f"{what} of {number} stay behind: {left}" for (what, number), left in kept.items() if left
    )


def _kept(quote: Quote) -> Kept:
    kept: Kept = Counter({("milli-points", 0): quote.milli})
    kept["spent points", 0] = quote.spent.points if quote.spent else 0
    for given in quote.given:
        kept["cents", given.offer_id] = given.amount
        kept["uses", given.offer_id] = 1
    for card in quote.stamped:
        kept["stamps", card.offer_id] = card.stamps
        kept["full cards", card.offer_id] = card.rewards
    return kept


def _came_back(
    quote: Quote, lines: Sequence[LineStanding], back: Sequence[ReturnLineFacts]
) -> Kept:
    kept: Kept = Counter({("milli-points", 0): milli_back(quote.milli, lines, back)})
    kept["spent points", 0] = points_back(lines, back)
    for offer in offers_back(lines, back):
        kept["cents", offer.offer_id] = offer.amount
        kept["uses", offer.offer_id] = offer.uses
    stamped = [(card.offer_id, card.stamps, card.lines) for card in quote.stamped]
    for card in stamps_back(stamped, lines, back):
        kept["stamps", card.offer_id] = card.stamps
        kept["full cards", card.offer_id] = card.rewards
    return kept


def _standing(quote: Quote, basket: Basket) -> Sequence[LineStanding]:
    bought = {line.number: line for line in basket.lines}
    return [
        LineStanding(
            number=line.number,
            sku=bought[line.number].sku,
            name="",
            quantity=bought[line.number].quantity,
            unit="piece",
            paid=line.paid,
            vat_rate_bp=0,
            vat=0,
            points=line.points,
            reasons=line.reasons(),
        )
        for line in quote.lines
    ]


def _back(line: LineStanding, part: int) -> ReturnLineFacts:
    quantity, amount = line.quantity_left // part, line.amount_left // part
    return ReturnLineFacts(number=line.number, quantity=quantity, amount=amount, vat=0)
