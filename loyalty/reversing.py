"""How much of a sale's points and offers comes back with a part of its lines (pure).

Every share is the difference of two running totals, so that parts never come to more than the
whole, and all parts together come to exactly that.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from okplatform.kernel.money import half_up, split
from okplatform.trade.facts import GOODS, LineStanding, ReturnLineFacts

PAID_WITH_POINTS = frozenset({"points", "reward"})
"""The kinds of reasons that say what points took off a line."""


class OfferBack(NamedTuple):
    """What an offer has back, in minor units; ``uses`` is 1 when all goods that it lowered are."""

    offer_id: int
    amount: int
    uses: int


def milli_back(milli: int, lines: Sequence[LineStanding], back: Sequence[ReturnLineFacts]) -> int:
    """Return the milli-points, of the ``milli`` that a sale earned, that go with money given back.

    The stored split says how they lie over the lines; where no line has a whole point, the money
    does. ``lines`` stand as they stood before.
    """
    weights = [line.points for line in lines]
    shares = split(milli, weights if any(weights) else _earning(lines))
    now = {line.number: line.amount for line in back}
    return sum(
        _part(share, line.paid, line.returned_amount, now.get(line.number, 0))
        for line, share in zip(lines, shares, strict=True)
    )


def _earning(lines: Sequence[LineStanding]) -> list[int]:
    """Return what was paid for the goods: nothing else earns."""
    return [line.paid if line.kind == GOODS else 0 for line in lines]


def offers_back(lines: Sequence[LineStanding], back: Sequence[ReturnLineFacts]) -> list[OfferBack]:
    """Return what offers have back: their part of the goods that came back.

    Where the goods stay, the discount was given for good.
    """
    now = {line.number: line.quantity for line in back}
    amounts: dict[int, int] = {}
    for line in lines:
        for offer_id, amount in _given(line).items():
            part = _part(amount, line.quantity, line.returned_quantity, now.get(line.number, 0))
            amounts[offer_id] = amounts.get(offer_id, 0) + part
    return [
        OfferBack(offer_id, amount, int(_is_whole(offer_id, lines, now)))
        for offer_id, amount in sorted(amounts.items())
        if amount or _is_whole(offer_id, lines, now)
    ]


def points_back(lines: Sequence[LineStanding], back: Sequence[ReturnLineFacts]) -> int:
    """Return the spent points that come back: their part of the goods that came back."""
    now = {line.number: line.quantity for line in back}
    return sum(
        _part(reason["points"], line.quantity, line.returned_quantity, now.get(line.number, 0))
        for line in lines
        for reason in line.reasons
        if reason["kind"] in PAID_WITH_POINTS
    )


StampsUsed = Sequence[Any]
"""A stamp card, its stamps of a sale, and per line the pieces that counted and were free."""


class StampsBack(NamedTuple):
    """What goes back of a stamp card: stamps, and rewards that give their full card back."""

    offer_id: int
    stamps: int
    rewards: int


def stamps_back(
    used: Sequence[StampsUsed], lines: Sequence[LineStanding], back: Sequence[ReturnLineFacts]
) -> list[StampsBack]:
    """Return what stamp cards have back of a sale that ``used`` them.

    Each is the card, its stamps, and per line the pieces that counted and those that were free. A
    stamp of the visit stays until all that counted came back, a reward until all of its line did.
    """
    standing = {line.number: line for line in lines}
    now = {line.number: line.quantity for line in back}
    found = []
    for offer_id, stamps, counted in used:
        pieces, had, come, rewards = 0, 0, 0, 0
        for number, count, free in counted:
            line, more = standing[number], now.get(number, 0)
            pieces += count
            had += _whole(count, line, 0)
            come += _whole(count, line, more)
            rewards += _whole(free, line, more) - _whole(free, line, 0)
        gone = stamps * come // pieces - stamps * had // pieces
        found.append(StampsBack(offer_id, gone, rewards))
    return [one for one in found if one.stamps or one.rewards]


def _whole(share: int, line: LineStanding, more: int) -> int:
    """Return how many of a line's ``share`` are back with ``more`` of it, rounded down."""
    return share * (line.returned_quantity + more) // line.quantity if line.quantity else 0


def offers_left(lines: Sequence[LineStanding]) -> Mapping[int, int]:
    """Return what offers gave of the goods that the shopper still has, by offer."""
    left: dict[int, int] = {}
    for line in lines:
        for offer_id, amount in _given(line).items():
            back = _part(amount, line.quantity, 0, line.returned_quantity)
            left[offer_id] = left.get(offer_id, 0) + amount - back
    return left


def _part(share: int, whole: int, before: int, now: int) -> int:
    if not whole:
        return 0
    return half_up(share * (before + now), whole) - half_up(share * before, whole)


def _given(line: LineStanding) -> Mapping[int, int]:
    given: dict[int, int] = {}
    for reason in line.reasons:
        if reason["kind"] == "offer":
            given[reason["id"]] = given.get(reason["id"], 0) + reason["amount"]
    return given


def _is_whole(offer_id: int, lines: Sequence[LineStanding], now: Mapping[int, int]) -> bool:
    """Say whether the last of the goods that an offer lowered comes back now."""
    lowered = [line for line in lines if offer_id in _given(line)]
    return any(now.get(line.number) for line in lowered) and all(
        line.quantity_left == now.get(line.number, 0) for line in lowered
    )
