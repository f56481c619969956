"""One basket on its way through the stages."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from operator import add, le
from typing import Final, TypeVar

from loyalty.engine.basket import Basket, MemberSnapshot
from loyalty.engine.program import Program
from loyalty.engine.quote import (
    BonusGiven,
    Discount,
    Earned,
    NearMiss,
    PointsOff,
    RewardHere,
    Spent,
    Stamped,
)
from loyalty.engine.rules import Offer
from okplatform.kernel.money import split

NEAR: Final = 4
"""A threshold is nearly reached when at most one in ``NEAR`` parts of it is missing."""

OfferT = TypeVar("OfferT", bound=Offer)


class Work:
    """What the stages read and change.

    Lists run parallel to ``lines``, which are in the order of their numbers. ``remaining`` is what
    is still to pay per line, ``rooms`` how much of that offers may take; ``points`` the whole
    points per line, ``counts`` its pieces, ``places`` the rules on it; ``pieces`` those that had an
    offer for so many.
    """

    __slots__ = (
        "_admitted",
        "bonuses",
        "carry",
        "codes",
        "counts",
        "discounts",
        "earned",
        "exhausted",
        "given",
        "has_floors",
        "lines",
        "member",
        "missed",
        "moment",
        "online",
        "outside",
        "pieces",
        "places",
        "points",
        "points_off",
        "program",
        "remaining",
        "reward",
        "rewards",
        "rooms",
        "spendable",
        "spent",
        "stamped",
        "taken",
        "wall",
        "wish",
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
        self.codes = basket.codes
        self.wish = basket.wish
        self.reward = basket.reward
        self.online = basket.online
        self.outside = basket.outside
        self.rewards: list[RewardHere] = []
        self.spent: Spent | None = None
        self.spendable: Spent | None = None
        self.lines = sorted(basket.lines)
        self.wall = basket.wall(now)
        self.moment = program.places.on(self.wall, known=member is not None)
        at = self.moment.at
        self.places = [at(line.sku, line.category) for line in self.lines]
        self.exhausted = exhausted
        self.remaining = [line.gross for line in self.lines]
        self.rooms = [
            gross if floor <= 0 else max(gross - floor, 0)
            for _number, _sku, _category, _quantity, gross, floor, _measure in self.lines
        ]
        self.counts = [max(line.quantity, 1) for line in self.lines]
        self.has_floors = self.rooms != self.remaining
        self.discounts: list[tuple[Discount, ...]] = [()] * len(self.lines)
        self.taken: set[tuple[int, str]] = set()
        self.given: dict[int, int] = {}
        self.pieces: dict[int, int] = {}
        self.earned: list[Earned] = []
        self.points = [0] * len(self.lines)
        self.points_off: list[PointsOff | None] = [None] * len(self.lines)
        self.carry = member.carry if member else 0
        self.missed: list[NearMiss] = []
        self.stamped: list[Stamped] = []
        self.bonuses: list[BonusGiven] = []
        self._admitted: dict[int, bool] = {}

    def pick(
        self, contenders: Iterable[tuple[OfferT, int]], value: int
    ) -> tuple[OfferT, int] | None:
        """Return the offer that takes most off, the first of equals, or None.

        ``contenders`` are offers open to this shopper that exclude each other, in the order of
        their rank, with what each would take off; ``value`` is what the basket still costs, for
        offers that start at an amount. An offer that only failed on that, and would have won, is a
        near miss.
        """
        winner: tuple[OfferT, int] | None = None
        most = 0
        below: list[tuple[OfferT, int]] = []
        for contender in contenders:
            offer, amount = contender
            if amount > most:
                if value < offer.min_basket:
                    below.append(contender)
                else:
                    winner, most = contender, amount
        for offer, amount in below:
            if amount > most:
                self.miss_amount(offer, offer.min_basket - value)
        return winner

    def take(self, index: int, offer: Offer, amount: int) -> None:
        """Take ``amount`` off the line at ``index``, and remember for what."""
        self.remaining[index] -= amount
        self.rooms[index] -= amount
        self.discounts[index] += (Discount(offer.id, offer.text, offer.because, amount),)
        self.given[offer.id] = self.given.get(offer.id, 0) + amount
        if offer.group:
            self.taken.add((index, offer.group))

    def take_from(self, offer: Offer, amount: int, weights: Mapping[int, int]) -> None:
        """Take ``amount`` off lines in proportion to ``weights``, by largest remainder.

        ``weights`` are in the order of the lines, and ``amount`` is within ``room`` of them. Where
        a line's own room is too small, the others take what it cannot.
        """
        shares = split(amount, list(weights.values()))
        if self.has_floors:
            shares = self._within_rooms(amount, weights, shares)
        number, text, because, group = offer.id, offer.text, offer.because, offer.group
        remaining, rooms, discounts = self.remaining, self.rooms, self.discounts
        for index, share in zip(weights, shares, strict=True):
            if share:
                remaining[index] -= share
                rooms[index] -= share
                discounts[index] += (Discount(number, text, because, share),)
                if group:
                    self.taken.add((index, group))
        self.given[number] = self.given.get(number, 0) + amount

    def room(self, offer: Offer, indices: Iterable[int]) -> int:
        """Return how much ``offer`` may take off lines, all together."""
        return self.left_of(offer, sum([self.rooms[index] for index in indices]))

    def left_of(self, offer: Offer, room: int) -> int:
        """Return what the offer may still take off a basket, at most ``room``."""
        if offer.most_amount is None and offer.per_person_amount is None:
            return room
        for most, before in (
            (offer.most_amount, 0),
            (offer.per_person_amount, self.member.got.get(offer.id, 0) if self.member else 0),
        ):
            if most is not None:
                room = min(room, most - before - self.given.get(offer.id, 0))
        return max(room, 0)

    def open_to(self, offer: Offer) -> dict[int, int]:
        """Return what remains per line, but for lines where the offer's group has won already."""
        remaining = enumerate(self.remaining)
        if not offer.group or not self.taken:
            return dict(remaining)
        group, taken = offer.group, self.taken
        return {index: value for index, value in remaining if (index, group) not in taken}

    def admits(self, offer: Offer) -> bool:
        """Say whether an offer of this moment is open to this shopper, whatever the amount."""
        known = self._admitted.get(offer.id)
        if known is None:
            known = self._admitted[offer.id] = self._is_open(offer)
        return known

    def miss_amount(self, offer: Offer, missing: int) -> None:
        """Note that ``missing``, in minor units, would have brought the offer, if it is little."""
        if missing * NEAR <= offer.min_basket:
            self.miss(NearMiss("offer", missing, 0, offer.text))

    def miss(self, miss: NearMiss) -> None:
        """Note a near miss, once."""
        if miss not in self.missed:
            self.missed.append(miss)

    def _within_rooms(
        self, amount: int, weights: Mapping[int, int], shares: list[int]
    ) -> list[int]:
        rooms = list(map(self.rooms.__getitem__, weights))
        if all(map(le, shares, rooms)):
            return shares
        given = list(map(min, shares, rooms))
        while True:
            rest = amount - sum(given)
            if not rest:
                return given
            open_weights = [
                weight if had < room else 0
                for weight, had, room in zip(weights.values(), given, rooms, strict=True)
            ]
            shares = split(rest, open_weights)
            given = list(map(min, map(add, given, shares), rooms))

    def _is_open(self, offer: Offer) -> bool:
        if offer.id in self.exhausted:
            return False
        if self.member is None:
            return True
        if offer.joined_within is not None and not self._is_new(offer.joined_within):
            return False
        return offer.per_person is None or self.member.uses.get(offer.id, 0) < offer.per_person

    def _is_new(self, days: int) -> bool:
        """Say whether the member joined at most so many days ago."""
        return self.member is not None and self.wall - self.member.joined_at <= timedelta(days=days)
