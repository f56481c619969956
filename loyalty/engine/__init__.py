"""What a purchase costs and earns: pure functions on integers, no Django, no I/O, no clock.

``compile_program`` turns published rules into a ``Program``; ``evaluate`` prices a basket with it.
"""

from loyalty.engine.basket import Basket, BasketLine, Left, MemberSnapshot
from loyalty.engine.evaluation import UNLIMITED, evaluate
from loyalty.engine.program import NO_RULES, Program, compile_program
from loyalty.engine.quote import Discount, Earned, Given, NearMiss, Quote, QuoteLine, Settlement
from loyalty.engine.rules import (
    ALWAYS,
    MILLI,
    ONE_POINT_PER_EURO,
    BasketPercentage,
    LinePercentage,
    PointsPerEuro,
    Rule,
    Texts,
    Window,
)

__all__ = [
    "ALWAYS",
    "MILLI",
    "NO_RULES",
    "ONE_POINT_PER_EURO",
    "UNLIMITED",
    "Basket",
    "BasketLine",
    "BasketPercentage",
    "Discount",
    "Earned",
    "Given",
    "Left",
    "LinePercentage",
    "MemberSnapshot",
    "NearMiss",
    "PointsPerEuro",
    "Program",
    "Quote",
    "QuoteLine",
    "Rule",
    "Settlement",
    "Texts",
    "Window",
    "compile_program",
    "evaluate",
]
