"""Offers on the basket: one winner, its amount split over the lines by largest remainder."""

from loyalty.engine.rules import BasketOffer
from loyalty.engine.work import Work
from okplatform.kernel.money import split


def apply(work: Work) -> None:
    """Give the basket the offer that takes most off, on lines where its group has not won yet."""
    offers = work.program.basket_offers
    if not offers:
        return
    value = sum(work.remaining)
    winner = work.pick(
        [(offer, offer.discount(_open_to(work, offer, value))) for offer in offers], value
    )
    if winner:
        offer, amount = winner
        for index, share in enumerate(split(amount, _weights(work, offer))):
            if share:
                work.take(index, offer, share)


def _open_to(work: Work, offer: BasketOffer, value: int) -> int:
    """Return what the lines the offer may touch still cost; ``value`` is what all of them do."""
    if not offer.group or not work.taken:
        return value
    return sum(_weights(work, offer))


def _weights(work: Work, offer: BasketOffer) -> list[int]:
    return [
        0 if (index, offer.group) in work.taken else remaining
        for index, remaining in enumerate(work.remaining)
    ]
