"""How much of a sale's points and offers comes back with a part of its lines (pure).

Every share is the difference of two running totals, so that parts never come to more than the
whole, and all parts together come to exactly that.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from okplatform.kernel.money import half_up, split
from okplatform.trade.facts import LineStanding, ReturnLineFacts


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
    shares = split(milli, weights if any(weights) else [line.paid for line in lines])
    now = {line.number: line.amount for line in back}
    return sum(
        _part(share, line.paid, line.returned_amount, now.get(line.number, 0))
        for line, share in zip(lines, shares, strict=True)
    )


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
