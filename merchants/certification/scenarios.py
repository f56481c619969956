"""What the robot does to a till, one scenario after the other, in the order in which it does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from merchants.certification.gateways.line import Mischief

SMALL = 275
LARGE = 6_000
"""Cents. A large sale is confirmed on the phone (``payments.spending.CONFIRM_ABOVE``)."""


class Dead(Enum):
    """Until when nothing gets through, after the first calls."""

    NO = "no"
    UNTIL_STOPPED = "until_stopped"
    """The till's second attempt to give the sale up gets through; so does all after its patience"""
    UNTIL_RESTARTED = "until_restarted"


class Freed(Enum):
    """When OK gets a call that was held on the way."""

    AT_THE_END = "at_the_end"
    AT_THIRD_CALL = "at_third_call"
    """Beside it, at the same moment"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One sale and what happens to it.

    ``first`` is what becomes of the till's first calls; ``answer`` what the shopper says on the
    phone; ``otherwise`` what the shopper pays with where OK does not; ``must`` whether the goods
    must leave, None where both can be right.
    """

    name: str
    first: Sequence[Mischief] = ()
    price: int = SMALL
    is_known: bool = True
    answer: str | None = None
    otherwise: str | None = None
    dead: Dead = Dead.NO
    freed: Freed = Freed.AT_THE_END
    must: bool | None = None

    @property
    def restarts(self) -> bool:
        """Say whether the till's power is cut in the middle."""
        return self.dead is Dead.UNTIL_RESTARTED


SCENARIOS: Sequence[Scenario] = (
    Scenario(name="good_line", must=True),
    Scenario(name="refused", is_known=False, must=False),
    Scenario(name="answer_lost", first=[Mischief.ANSWER_LOST]),
    Scenario(name="request_lost", first=[Mischief.REQUEST_LOST]),
    Scenario(name="answer_late", first=[Mischief.ANSWER_LATE]),
    Scenario(name="answer_cut", first=[Mischief.ANSWER_CUT]),
    Scenario(name="doubled", first=[Mischief.DOUBLED] * 3),
    Scenario(name="unavailable", first=[Mischief.UNAVAILABLE] * 2),
    Scenario(name="strange", first=[Mischief.STRANGE] * 2),
    Scenario(name="reordered", first=[Mischief.REQUEST_HELD], freed=Freed.AT_THIRD_CALL),
    Scenario(name="confirmed", price=LARGE, answer="yes", must=True),
    Scenario(name="declined", price=LARGE, answer="no", must=False),
    Scenario(name="paid_then_offline", first=[Mischief.ANSWER_LOST], dead=Dead.UNTIL_STOPPED),
    Scenario(
        name="offline_then_cash",
        first=[Mischief.REQUEST_HELD],
        dead=Dead.UNTIL_STOPPED,
        otherwise="cash",
    ),
    Scenario(name="paid_then_power_cut", first=[Mischief.ANSWER_LOST], dead=Dead.UNTIL_RESTARTED),
    Scenario(
        name="power_cut_before_it_left",
        first=[Mischief.REQUEST_HELD],
        dead=Dead.UNTIL_RESTARTED,
    ),
)

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
