"""What the merchant's own loyalty system gives: on what our offers left, before points pay.

It gives no more than a line still costs, and leaves the least that is to be paid for it.
"""

from loyalty.engine.basket import Outside
from loyalty.engine.quote import Discount
from loyalty.engine.rules import Texts
from loyalty.engine.work import Work
from okplatform.kernel.money import split


def apply(work: Work) -> None:
    """Take it off the lines it is for, or off all in proportion to what they still cost."""
    if not work.outside:
        return
    places = {line.number: index for index, line in enumerate(work.lines)}
    for off in work.outside:
        indices = range(len(work.lines)) if off.line is None else (places[off.line],)
        rooms = [work.rooms[index] for index in indices]
        amount = min(off.amount, sum(rooms))
        if not amount:
            continue
        for index, share in zip(indices, split(amount, rooms), strict=True):
            if share:
                _take(work, index, off, share)


def _take(work: Work, index: int, off: Outside, share: int) -> None:
    work.remaining[index] -= share
    work.rooms[index] -= share
    because = Texts(off.name, off.name)
    discount = Discount(off.system, off.text, because, share, "connector")
    work.discounts[index] += (discount,)
