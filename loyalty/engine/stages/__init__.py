"""The order in which rules act on a basket.

A kind of rule that needs its own moment is a file here and a line below. The order is that of the
trade (line prices first, what is earned last), so that percentages act on what remains and points
are earned on money really paid.
"""

from collections.abc import Callable

from loyalty.engine.stages import (
    basket_offers,
    earning,
    line_offers,
    outside,
    personal_offers,
    rewards,
    spending,
    stamp_cards,
    unit_offers,
)
from loyalty.engine.work import Work

STAGES: tuple[Callable[[Work], None], ...] = (
    line_offers.apply,
    unit_offers.apply,
    stamp_cards.apply,
    personal_offers.apply,
    basket_offers.apply,
    outside.apply,
    rewards.apply,
    spending.apply,
    earning.apply,
)
