"""The kinds of rules a merchant can publish, as the engine sees them: immutable, integers, no I/O.

Money is in minor units, percentages in basis points (1,000 is 10 %), points in milli-points.
"""

from loyalty.engine.rules.basket import BasketAmountOff, BasketOffer, BasketPercentage
from loyalty.engine.rules.earn import (
    MILLI,
    ONCE,
    ONE_POINT_PER_EURO,
    EarnRule,
    PointsBonus,
    PointsPerEuro,
    PointsPerPiece,
    PointsPerVisit,
    PointsTimes,
    TargetedEarnRule,
    TierPoints,
    round_step,
)
from loyalty.engine.rules.line import (
    LineAmountOff,
    LineFixedPrice,
    LineOffer,
    LinePercentage,
    percentage,
)
from loyalty.engine.rules.offer import Offer, Share, Texts
from loyalty.engine.rules.reward import Reward, RewardKind
from loyalty.engine.rules.spend import PointsAsMoney
from loyalty.engine.rules.stamp import StampCard
from loyalty.engine.rules.unit import NthPercentage, Part, SetPrice, UnitOffer
from loyalty.engine.rules.window import ALWAYS, Hours, Window

Rule = LineOffer | UnitOffer | StampCard | BasketOffer | EarnRule | PointsAsMoney | Reward

__all__ = [
    "ALWAYS",
    "MILLI",
    "ONCE",
    "ONE_POINT_PER_EURO",
    "BasketAmountOff",
    "BasketOffer",
    "BasketPercentage",
    "EarnRule",
    "Hours",
    "LineAmountOff",
    "LineFixedPrice",
    "LineOffer",
    "LinePercentage",
    "NthPercentage",
    "Offer",
    "Part",
    "PointsAsMoney",
    "PointsBonus",
    "PointsPerEuro",
    "PointsPerPiece",
    "PointsPerVisit",
    "PointsTimes",
    "Reward",
    "RewardKind",
    "Rule",
    "SetPrice",
    "Share",
    "StampCard",
    "TargetedEarnRule",
    "Texts",
    "TierPoints",
    "UnitOffer",
    "Window",
    "percentage",
    "round_step",
]
