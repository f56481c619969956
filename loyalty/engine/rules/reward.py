"""Rewards: what a fixed number of points buys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from loyalty.engine.basket import BasketLine
from loyalty.engine.rules.offer import Texts
from okplatform.kernel.money import split


class RewardKind(StrEnum):
    """Money off a basket, a piece of something, or lines for free that say what delivery costs."""

    MONEY_OFF = "money_off"
    PRODUCT = "product"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """What ``cost`` points buy: ``amount`` off in minor units, or goods.

    Goods are of these products and categories; delivery counts online only.
    """

    id: int
    text: Texts
    kind: RewardKind
    cost: int
    amount: int = 0
    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()

    def takes(
        self, lines: Sequence[BasketLine], remaining: Sequence[int], *, online: bool
    ) -> Mapping[int, int]:
        """Return what comes off which lines, by their index; nothing where it finds nothing."""
        if self.kind is RewardKind.MONEY_OFF:
            return self._money_off(remaining)
        found = {
            index: left
            for index, (line, left) in enumerate(zip(lines, remaining, strict=True))
            if left and (line.sku in self.skus or line.category in self.categories)
        }
        if self.kind is RewardKind.DELIVERY:
            return found if online else {}
        # The dearest piece there is; of a line of several an even part of what it still costs.
        each = {index: left // max(lines[index].quantity, 1) for index, left in found.items()}
        dearest = max(each, key=lambda index: (each[index], -index), default=None)
        return {dearest: each[dearest]} if dearest is not None and each[dearest] else {}

    def _money_off(self, remaining: Sequence[int]) -> Mapping[int, int]:
        if sum(remaining) < self.amount:
            return {}
        shares = enumerate(split(self.amount, remaining))
        return {index: share for index, share in shares if share}
