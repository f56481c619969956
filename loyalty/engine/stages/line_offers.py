"""Offers on lines: per line one winner per exclusivity group.

Groups act one after the other, on what remains.
"""

from collections.abc import Iterable

from loyalty.engine.rules import LineOffer
from loyalty.engine.work import Work


def apply(work: Work) -> None:
    """Give every line its winning offers."""
    program = work.program
    value = sum(work.remaining)
    for index, line in enumerate(work.lines):
        offers = program.line_offers(line.sku, line.category)
        if offers:
            _discount(work, index, offers, value)


def _discount(work: Work, index: int, offers: Iterable[LineOffer], value: int) -> None:
    line = work.lines[index]
    for contenders in _by_group(offers):
        remaining = work.remaining[index]
        winner = work.pick(
            [(offer, offer.discount(line, remaining)) for offer in contenders], value
        )
        if winner:
            work.take(index, *winner)


def _by_group(offers: Iterable[LineOffer]) -> Iterable[list[LineOffer]]:
    """Put offers that exclude each other together; one without a group stands alone."""
    groups: dict[str | int, list[LineOffer]] = {}
    for offer in offers:
        groups.setdefault(offer.group or offer.id, []).append(offer)
    return groups.values()
