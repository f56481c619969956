"""Offers on pieces: sets of them, from any lines, each line for one offer of a group.

Of offers in one group the one that takes most off takes its pieces first; the next ones make do
with the lines that are left. What a set saves is split over all of its pieces, so that who brings
one back gets what it really cost.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from loyalty.engine.quote import NearMiss
from loyalty.engine.rules import UnitOffer
from loyalty.engine.sets import Run, add_per_line, runs_of
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
    weights: dict[int, int]


def apply(work: Work) -> None:
    """Make the sets of which the basket has all pieces."""
    give_sets(work, work.program.everyone, None)


def give_sets(work: Work, shelf: Shelf, mine: AbstractSet[int] | None) -> None:
    """Make sets for the offers on ``shelf``, of which the shopper has ``mine``; None is all."""
    if not shelf.units:
        return
    value = sum(work.remaining)
    groups: dict[str | int, list[Candidate]] = {}
    for candidate in _candidates(work, shelf, mine):
        # The first to fit says when its group acts, also where its pieces are too few.
        contenders = groups.setdefault(candidate.offer.group or candidate.position, [])
        if candidate.fitting:
            contenders.append(candidate)
    for contenders in groups.values():
        _give(work, contenders, value)


def _candidates(work: Work, shelf: Shelf, mine: AbstractSet[int] | None) -> Iterable[Candidate]:
    found: dict[int, Fitting] = {}
    rooms, counts = work.rooms, work.counts
    for index, place in enumerate(work.places):
        parts = place.units if mine is None else place.some_units
        if parts and rooms[index] > 0:
            for position, part in parts:
                if position in found:
                    found[position].append((part, index))
                else:
                    found[position] = [(part, index)]
    for position in sorted(found):
        offer, fitting = shelf.units[position], found[position]
        if (mine is None or offer.id in mine) and work.admits(offer):
            # Where two pieces of a set are missing it is not even a near miss.
            pieces = sum([counts[index] for _part, index in fitting])
            yield Candidate(position, offer, fitting if pieces + 2 > shelf.pieces[position] else [])


def _give(work: Work, contenders: Sequence[Candidate], value: int) -> None:
    """Let offers that exclude each other take their pieces, the best one first."""
    seen = [(each, sets) for each in contenders if (sets := _sets(work, each)).amount]
    seen.sort(key=_best_first)
    gone: set[int] = set()
    for candidate, alone in seen:
        offer = candidate.offer
        is_touched = any(index in gone for _part, index in candidate.fitting) if gone else False
        sets = _sets(work, candidate) if is_touched else alone
        if not sets.amount:
            continue
        if value < offer.min_basket:
            work.miss_amount(offer, offer.min_basket - value)
            continue
        work.take_from(offer, sets.amount, sets.weights)
        if offer.group:
            work.taken.update([(index, offer.group) for index in sets.weights])
            gone.update(sets.weights)


def _best_first(seen: tuple[Candidate, Sets]) -> tuple[int, int]:
    candidate, sets = seen
    return -sets.amount, candidate.position


_NONE = Sets(0, {})


def _sets(work: Work, candidate: Candidate) -> Sets:
    """Return the sets an offer can make of lines where its group has not won yet."""
    offer, remaining, pieces = candidate.offer, work.remaining, work.counts
    group, taken, rooms = offer.group, work.taken, work.rooms
    counts = [0] * len(offer.parts)
    runs: list[list[Run]] = [[] for _part in counts]
    for part, index in candidate.fitting:
        if rooms[index] > 0 and (index, group) not in taken:
            count = pieces[index]
            counts[part] += count
            if count == 1:
                runs[part].append((remaining[index], index, 1))
            else:
                runs[part].extend(runs_of(index, remaining[index], count))
    times = min([had // part.pieces for had, part in zip(counts, offer.parts, strict=True)])
    if offer.most is not None:
        times = min(times, offer.most)
    if not times:
        _note_near_miss(work, offer, counts)
        return _NONE
    return _made(work, offer, runs, times)


def _made(work: Work, offer: UnitOffer, runs: list[list[Run]], times: int) -> Sets:
    amount, picked = offer.make(runs, times)
    if not amount:
        return _NONE
    weights: dict[int, int] = {}
    for pieces, count in picked:
        add_per_line(pieces, count, weights)
    ordered = {index: weights[index] for index in sorted(weights)}
    return Sets(min(amount, work.room(offer, ordered)), ordered)


def _note_near_miss(work: Work, offer: UnitOffer, counts: Sequence[int]) -> None:
    """Note that one more piece would have made the first set."""
    missing = sum(
        [max(part.pieces - had, 0) for had, part in zip(counts, offer.parts, strict=True)]
    )
    if missing == 1 and any(counts):
        work.miss(NearMiss("piece", 0, 0, offer.text))
