"""The bonuses of a programme, as plain values (pure)."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Bonuses(NamedTuple):
    """Whole points for a first purchase, for each of two where one brought the other, a birthday.

    Only from ``min_paid`` (minor units) on; one member gets them for at most ``most`` people. A
    birthday counts from ``days_before`` to ``days_after`` it.
    """

    first: int = 0
    referral: int = 0
    min_paid: int = 0
    most: int = 10
    birthday: int = 0
    days_before: int = 7
    days_after: int = 7

    def as_json(self) -> dict[str, int]:
        """Return them as the programme stores them."""
        return self._asdict()


def bonuses_of(stored: Mapping[str, Any]) -> Bonuses:
    """Return what a programme has stored; nothing is no bonus."""
    return Bonuses(**stored)
