"""Stamp cards: pieces that are paid for count, and a full card makes the cheapest of them free.

Every piece counts, the free one too, so that ten pieces in one basket give what ten baskets give.
An offer of the card's group that has won on a line keeps its line: that gives stamps, but no piece
of it is free; the card stays full until the next time.
"""

from collections.abc import Sequence
from typing import NamedTuple

from loyalty.engine.quote import NearMiss, Stamped
from loyalty.engine.rules import StampCard, percentage
from loyalty.engine.sets import Run, add_per_line, runs_of, value_of
from loyalty.engine.work import Work


class Reward(NamedTuple):
    """Pieces that are free or cheaper: how many per line, what they cost, and what goes off."""

    pieces: dict[int, int]
    weights: dict[int, int]
    amount: int


NO_REWARD = Reward({}, {}, 0)


def apply(work: Work) -> None:
    """Count stamps for a member, and give what full cards give."""
    cards = work.program.stamp_cards
    if work.member is None or not cards.all:
        return
    value, fitting = sum(work.remaining), dict[int, list[int]]()
    for index, place in enumerate(work.places):
        if place.stamps and work.remaining[index]:
            for position in place.stamps:
                fitting.setdefault(position, []).append(index)
    for position in sorted(fitting):
        card = cards.all[position]
        if value < card.min_basket:
            work.miss_amount(card, card.min_basket - value)
        elif work.admits(card) or card.id in work.exhausted:
            _stamp(work, card, fitting[position])


def _stamp(work: Work, card: StampCard, indices: Sequence[int]) -> None:
    had, lapsed = _had(work, card)
    pieces = sum(work.counts[index] for index in indices)
    stamps = 1 if card.per_visit else pieces
    reward = _reward(work, card, indices, (had + stamps) // card.size)
    if reward.amount:
        work.take_from(card, reward.amount, reward.weights)
    rewards = sum(reward.pieces.values())
    lines = tuple(
        (work.lines[index].number, work.counts[index], reward.pieces.get(index, 0))
        for index in indices
    )
    work.stamped.append(Stamped(card.id, card.size, stamps, rewards, lapsed, lines))
    missing = max(card.size - 1 - (had + stamps - rewards * card.size), 0)
    work.miss(NearMiss("stamps", 0, missing, card.text))


def _had(work: Work, card: StampCard) -> tuple[int, int]:
    """Return the stamps that count, and those that have ended."""
    held = work.member.stamps.get(card.id) if work.member else None
    if held is None:
        return 0, 0
    if card.lapse_days is not None and held.number > 0:
        last = held.last.astimezone(work.wall.tzinfo).date()
        if (work.wall.date() - last).days > card.lapse_days:
            return 0, held.number
    return held.number, 0


def _reward(work: Work, card: StampCard, indices: Sequence[int], times: int) -> Reward:
    """Return the cheapest pieces, at most ``times``, of lines where the card's group may win."""
    if times <= 0 or card.id in work.exhausted:
        return NO_REWARD
    is_open = [
        index
        for index in indices
        if work.rooms[index] > 0 and (index, card.group) not in work.taken
    ]
    runs: list[Run] = sorted(
        run
        for index in is_open
        for run in runs_of(index, work.remaining[index], work.counts[index])
        if run[0]
    )
    times = min(times, sum(pieces for _price, _line, pieces in runs), card.most or times)
    weights: dict[int, int] = {}
    add_per_line(runs, times, weights)
    ordered = {index: weights[index] for index in sorted(weights)}
    off = percentage(value_of(runs, times), card.percentage_bp)
    amount = min(off, work.room(card, ordered))
    return Reward(_per_line(runs, times), ordered, amount) if amount else NO_REWARD


def _per_line(runs: Sequence[Run], count: int) -> dict[int, int]:
    """Return how many of the first ``count`` pieces are of which line."""
    ones: dict[int, int] = {}
    add_per_line([(1, line, pieces) for _price, line, pieces in runs], count, ones)
    return ones
