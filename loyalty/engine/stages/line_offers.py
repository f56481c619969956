"""Offers on lines: per line one winner per exclusivity group.

Groups act one after the other, on what remains.
"""

from loyalty.engine.rules import LineOffer
from loyalty.engine.shelf import Groups
from loyalty.engine.work import Work


def apply(work: Work) -> None:
    """Give every line its winning offers."""
    value = sum(work.remaining)
    for index, place in enumerate(work.places):
        if place.lines:
            discount_line(work, index, place.lines, value)


def discount_line(work: Work, index: int, groups: Groups, value: int) -> None:
    """Give a line the winner of each group; ``value`` is what the basket costs."""
    pieces, exhausted = work.counts[index], work.exhausted
    for contenders in groups:
        remaining, room = work.remaining[index], work.rooms[index]
        if room <= 0:
            return
        amounts = []
        for _position, offer, asks, capped in contenders:
            if (asks or exhausted) and not work.admits(offer):
                continue
            if capped:
                amount = _capped(work, offer, pieces, remaining, room)
            else:
                amount = offer.discount(remaining, pieces)
            amounts.append((offer, min(room, amount)))
        winner = work.pick(amounts, value) if amounts else None
        if winner:
            offer, amount = winner
            if offer.most is not None:
                work.pieces[offer.id] = work.pieces.get(offer.id, 0) + pieces
            work.take(index, offer, amount)


def _capped(work: Work, offer: LineOffer, pieces: int, remaining: int, room: int) -> int:
    """Return what an offer takes off as many pieces of the line as may still have it."""
    allowed = _allowed(work, offer, pieces)
    if not allowed:
        return 0
    value = remaining if allowed == pieces else dearest(remaining, pieces, allowed)
    return work.left_of(offer, min(offer.discount(value, allowed), room))


def _allowed(work: Work, offer: LineOffer, pieces: int) -> int:
    if offer.most is None:
        return pieces
    return max(0, min(pieces, offer.most - work.pieces.get(offer.id, 0)))


def dearest(value: int, pieces: int, count: int) -> int:
    """Return what the ``count`` dearest of ``pieces`` cost that cost ``value`` together.

    A value is cut into cents piece by piece, and the first ones are a cent dearer.
    """
    price, dearer = divmod(value, pieces)
    return price * count + min(dearer, count)
