"""One basket on its way through the stages."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final, TypeVar

from loyalty.engine.basket import Basket, MemberSnapshot
from loyalty.engine.program import Program
from loyalty.engine.quote import Discount, Earned, NearMiss
from loyalty.engine.rules import Offer

NEAR: Final = 4
"""A threshold is nearly reached when at most one in ``NEAR`` parts of it is missing."""

OfferT = TypeVar("OfferT", bound=Offer)


class Work:
    """What the stages read and change.

    Lists run parallel to ``lines``, which are in the order of their numbers. ``remaining`` is what
    is still to pay per line; ``points`` the whole points per line.
    """

    __slots__ = (
        "carry",
        "day",
        "discounts",
        "earned",
        "exhausted",
        "given",
        "lines",
        "member",
        "missed",
        "points",
        "program",
        "remaining",
        "taken",
    )

    def __init__(
        self,
        program: Program,
        member: MemberSnapshot | None,
        basket: Basket,
        now: datetime,
        exhausted: AbstractSet[int],
    ) -> None:
        """Lay the basket out; ``exhausted`` offers have nothing left to give."""
        self.program = program
        self.member = member
        self.lines = sorted(basket.lines)
        self.day = basket.day(now)
        self.exhausted = exhausted
        self.remaining = [line.gross for line in self.lines]
        self.discounts: list[tuple[Discount, ...]] = [()] * len(self.lines)
        self.taken: set[tuple[int, str]] = set()
        self.given: dict[int, int] = {}
        self.earned: list[Earned] = []
        self.points = [0] * len(self.lines)
        self.carry = member.carry if member else 0
        self.missed: list[NearMiss] = []

    def pick(
        self, contenders: Iterable[tuple[OfferT, int]], value: int
    ) -> tuple[OfferT, int] | None:
        """Return the offer that takes most off, the first of equals, or None.

        ``contenders`` are offers that exclude each other with what each would take off, in the
        order of their rank; ``value`` is what the basket still costs, for offers that start at an
        amount. An offer that only failed on that, and would have won, is a near miss.
        """
        winner: tuple[OfferT, int] | None = None
        most = 0
        below: list[tuple[OfferT, int]] = []
        for contender in contenders:
            offer, amount = contender
            if amount <= most or not self._admits(offer):
                continue
            if value < offer.min_basket:
                below.append(contender)
            else:
                winner, most = contender, amount
        for offer, amount in below:
            if amount > most:
                self._miss(offer, offer.min_basket - value)
        return winner

    def take(self, index: int, offer: Offer, amount: int) -> None:
        """Take ``amount`` off the line at ``index``, and remember for what."""
        self.remaining[index] -= amount
        self.discounts[index] += (Discount(offer.id, offer.text, offer.because, amount),)
        self.given[offer.id] = self.given.get(offer.id, 0) + amount
        if offer.group:
            self.taken.add((index, offer.group))

    def _admits(self, offer: Offer) -> bool:
        """Say whether an offer is open to this shopper today, whatever the amount."""
        return (
            offer.id not in self.exhausted
            and (self.member is not None or not offer.members_only)
            and offer.window.contains(self.day)
        )

    def _miss(self, offer: Offer, missing: int) -> None:
        if missing * NEAR <= offer.min_basket:
            miss = NearMiss("offer", missing, 0, offer.text)
            if miss not in self.missed:
                self.missed.append(miss)
