"""Offers on the basket: one winner, its amount split over the lines by largest remainder."""

from collections.abc import Iterable
from typing import NamedTuple

from loyalty.engine.rules import BasketOffer
from loyalty.engine.work import Work


class Open(NamedTuple):
    """The lines that offers of a group may touch: what they cost, and how much may come off."""

    lines: dict[int, int]
    remaining: int
    room: int


def apply(work: Work) -> None:
    """Give the basket the offer that takes most off, on lines where its group has not won yet."""
    give_best(work, work.moment.baskets)


def give_best(work: Work, offers: Iterable[tuple[BasketOffer, bool]]) -> None:
    """Give the one of ``offers`` that takes most off; each says whether there is aught to ask."""
    if not offers:
        return
    value, exhausted = sum(work.remaining), work.exhausted
    rooms: dict[str, Open] = {}
    amounts = [
        (offer, _amount(work, offer, rooms))
        for offer, asks in offers
        if not (asks or exhausted) or work.admits(offer)
    ]
    winner = work.pick(amounts, value)
    if winner:
        offer, amount = winner
        work.take_from(offer, amount, rooms[offer.group].lines)


def _amount(work: Work, offer: BasketOffer, rooms: dict[str, Open]) -> int:
    """Return what an offer takes off the lines it may touch; all of its group touch the same."""
    known = rooms.get(offer.group)
    if known is None:
        lines = work.open_to(offer)
        room = sum([work.rooms[index] for index in lines])
        known = rooms[offer.group] = Open(lines, sum(lines.values()), room)
    return min(offer.discount(known.remaining), work.left_of(offer, known.room))
