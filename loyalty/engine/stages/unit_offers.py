"""Offers on pieces: sets of them, from any lines, each line for one offer of a group.

Of offers in one group the one that takes most off takes its pieces first; the next ones make do
with the lines that are left. What a set saves is split over all of its pieces, so that who brings
one back gets what it really cost.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from loyalty.engine.quote import NearMiss
from loyalty.engine.rules import UnitOffer
from loyalty.engine.sets import Run, runs_of, value_per_line
from loyalty.engine.shelf import Shelf
from loyalty.engine.work import Work

Fitting = list[tuple[int, int]]
"""Which parts of an offer fit which lines, as their numbers."""


class Candidate(NamedTuple):
    """An offer of which a line of the basket fits a part."""

    position: int
    offer: UnitOffer
    fitting: Fitting


class Sets(NamedTuple):
    """What an offer takes off, and what its pieces cost per line."""

    amount: int
    weights: list[int]


def apply(work: Work) -> None:
    """Make the sets of which the basket has all pieces."""
    give_sets(work, work.program.everyone, lambda _offer: True)


def give_sets(work: Work, shelf: Shelf, may: Callable[[UnitOffer], bool]) -> None:
    """Make sets for the offers on ``shelf`` that the shopper ``may`` have."""
    if not shelf.units:
        return
    value = sum(work.remaining)
    groups: dict[str | int, list[Candidate]] = {}
    for candidate in _candidates(work, shelf, may):
        groups.setdefault(candidate.offer.group or candidate.position, []).append(candidate)
    for contenders in groups.values():
        _give(work, contenders, value)


def _candidates(work: Work, shelf: Shelf, may: Callable[[UnitOffer], bool]) -> Iterable[Candidate]:
    found: dict[int, Fitting] = {}
    for index, line in enumerate(work.lines):
        if work.rooms[index] > 0:
            for position, part in shelf.unit_parts(line.sku, line.category):
                found.setdefault(position, []).append((part, index))
    for position in sorted(found):
        offer = shelf.units[position]
        if may(offer) and work.admits(offer):
            yield Candidate(position, offer, found[position])


def _give(work: Work, contenders: Sequence[Candidate], value: int) -> None:
    """Let offers that exclude each other take their pieces, the best one first."""
    ordered = contenders
    if len(contenders) > 1:
        saved = {each.position: _sets(work, each).amount for each in contenders}
        ordered = sorted(contenders, key=lambda each: (-saved[each.position], each.position))
    for candidate in ordered:
        offer = candidate.offer
        sets = _sets(work, candidate)
        if not sets.amount:
            continue
        if value < offer.min_basket:
            work.miss_amount(offer, offer.min_basket - value)
            continue
        work.take_from(offer, sets.amount, sets.weights)
        if offer.group:
            work.taken.update(
                (index, offer.group) for index, weight in enumerate(sets.weights) if weight
            )


_NONE = Sets(0, [])


def _sets(work: Work, candidate: Candidate) -> Sets:
    """Return the sets an offer can make of lines where its group has not won yet."""
    offer = candidate.offer
    runs: list[list[Run]] = [[] for _part in offer.parts]
    for part, index in candidate.fitting:
        if work.rooms[index] > 0 and (index, offer.group) not in work.taken:
            quantity = work.lines[index].quantity
            runs[part].extend(runs_of(index, work.remaining[index], max(quantity, 1)))
    counts = [sum(run.pieces for run in each) for each in runs]
    times = min(had // part.pieces for had, part in zip(counts, offer.parts, strict=True))
    if offer.most is not None:
        times = min(times, offer.most)
    if not times:
        _note_near_miss(work, offer, counts)
        return _NONE
    amount, picked = offer.make(runs, times)
    if not amount:
        return _NONE
    weights = [0] * len(work.lines)
    for pieces, count in picked:
        value_per_line(pieces, count, weights)
    return Sets(min(amount, work.room(offer, weights)), weights)


def _note_near_miss(work: Work, offer: UnitOffer, counts: Sequence[int]) -> None:
    """Note that one more piece would have made the first set."""
    missing = sum(max(part.pieces - had, 0) for had, part in zip(counts, offer.parts, strict=True))
    if missing == 1 and any(counts) and offer.most != 0:
        work.miss(NearMiss("piece", 0, 0, offer.text))
