"""A replay as plots: what stands where in a drawing of 600 by 160, worked out here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 600, 160
GAP = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """A week: the discount stands on the bottom, the worth of the points on it."""

    x: int
    width: int
    discount_y: int
    discount_height: int
    points_y: int
    points_height: int


@dataclass(frozen=True, slots=True)
class Plots:
    """The bars of the weeks, and the line of what is owed for points."""

    width: int
    height: int
    bars: list[Bar]
    most: int
    line: str
    area: str
    owed: int


def plots(weeks: Sequence[dict[str, Any]]) -> Plots:
    """Return the drawings of a replay's weeks; amounts are minor units."""
    most = max((week["discount"] + week["points_worth"] for week in weeks), default=0)
    owed = max((week["owed"] for week in weeks), default=0)
    step = WIDTH // max(len(weeks), 1)
    bars, dots = [], []
    for at, week in enumerate(weeks):
        low = _high(week["discount"], most)
        high = _high(week["points_worth"], most)
        bars.append(
            Bar(at * step + GAP // 2, step - GAP, HEIGHT - low, low, HEIGHT - low - high, high)
        )
        dots.append((at * step + step // 2, HEIGHT - _high(week["owed"], owed)))
    line = " ".join(f"{x},{y}" for x, y in dots)
    area = f"{dots[0][0]},{HEIGHT} {line} {dots[-1][0]},{HEIGHT}" if dots else ""
    return Plots(WIDTH, HEIGHT, bars, most, line, area, owed)


def _high(amount: int, most: int) -> int:
    return amount * (HEIGHT - GAP) // most if most else 0
