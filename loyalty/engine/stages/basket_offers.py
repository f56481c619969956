"""Offers on the basket: one winner, its amount split over the lines by largest remainder."""

from collections.abc import Iterable

from loyalty.engine.rules import BasketOffer
from loyalty.engine.work import Work


def apply(work: Work) -> None:
    """Give the basket the offer that takes most off, on lines where its group has not won yet."""
    give_best(work, work.program.everyone.baskets)


def give_best(work: Work, offers: Iterable[tuple[BasketOffer, bool]]) -> None:
    """Give the one of ``offers`` that takes most off; each says whether there is aught to ask."""
    if not offers:
        return
    value = sum(work.remaining)
    winner = work.pick(
        [(offer, _amount(work, offer, value), asks) for offer, asks in offers], value
    )
    if winner:
        offer, amount = winner
        work.take_from(offer, amount, work.open_to(offer))


def _amount(work: Work, offer: BasketOffer, value: int) -> int:
    """Return what an offer takes off the lines it may touch; ``value`` is what all of them cost."""
    if work.has_floors or (offer.group and work.taken):
        open_lines = work.open_to(offer)
        return min(offer.discount(sum(open_lines.values())), work.room(offer, open_lines))
    return work.left_of(offer, offer.discount(value))
