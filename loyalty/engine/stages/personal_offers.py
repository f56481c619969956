"""Offers for some: those assigned to this member, and those whose code was shown.

They act on what the offers for everyone left: on lines first, then on pieces, then on the basket.
"""

from typing import TYPE_CHECKING

from loyalty.engine.shelf import Groups
from loyalty.engine.stages.basket_offers import give_best
from loyalty.engine.stages.line_offers import discount_line
from loyalty.engine.stages.unit_offers import give_sets
from loyalty.engine.work import Work

if TYPE_CHECKING:
    from loyalty.engine.rules import BasketOffer


def apply(work: Work) -> None:
    """Give the offers that only this shopper has."""
    mine = _mine(work)
    if not mine:
        return
    shelf = work.program.some
    value = sum(work.remaining)
    for index, place in enumerate(work.places):
        if place.some_lines:
            discount_line(work, index, _open(work, index, place.some_lines, mine), value)
    give_sets(work, shelf, mine)
    rivals: dict[str | int, list[tuple[BasketOffer, bool]]] = {}
    for offer, asks in work.moment.some:
        if offer.id in mine:
            rivals.setdefault(offer.group or offer.id, []).append((offer, asks))
    for contenders in rivals.values():
        give_best(work, contenders)


def _mine(work: Work) -> set[int]:
    """Return the offers this shopper has or has shown the code of."""
    program = work.program
    mine: set[int] = set()
    if work.member is not None and program.personal:
        mine.update(work.member.assigned & program.personal)
    for code in work.codes:
        mine.update(program.codes.get(code, ()))
    return mine


def _open(work: Work, index: int, groups: Groups, mine: set[int]) -> Groups:
    """Return the shopper's own offers on a line, but for groups that have won there already."""
    taken = work.taken
    own = [
        tuple([entry for entry in group if entry.offer.id in mine])
        for group in groups
        if not taken or (index, group[0].offer.group) not in taken
    ]
    return tuple([group for group in own if group])
