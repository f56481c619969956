"""Bodies and answers about shifts, as the OpenAPI document shows them."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from merchants.contract import Amount, Language, Reference
from merchants.shifts.asking import ShiftAsked
from okplatform.kernel.api.views import Answer, Body

Moment = Annotated[
    AwareDatetime, Field(description="RFC 3339, with its offset; by the till's clock.")
]


class ShiftBody(Body):
    """A shift as the till has it: open, or closed.

    Sent again it is the same shift. A closing whose opening never arrived says `opened_at` too.
    """

    state: Literal["open", "closed"]
    store: Reference | None = Field(default=None, description="Unless the key names one.")
    terminal: Reference | None = Field(default=None, description="Unless the key names one.")
    operator: str = Field(default="", max_length=64, description="Who opens, or closes, it.")
    language: Language | None = Field(default=None, description="The cashier's language.")
    opened_at: Moment | None = Field(default=None, description="Now, unless it says.")
    closed_at: Moment | None = Field(default=None, description="Now, unless it says.")
    cash_at_opening: Amount | None = Field(
        default=None, description="What lies in the drawer, in minor units."
    )
    cash_counted: Amount | None = Field(
        default=None, description="What was counted at the closing, in minor units."
    )

    def asked(self) -> ShiftAsked:
        """Return it in plain values."""
        return ShiftAsked(
            is_closed=self.state == "closed",
            opened_at=self.opened_at,
            closed_at=self.closed_at,
            operator=self.operator,
            cash_at_opening=self.cash_at_opening,
            cash_counted=self.cash_counted,
        )


class ShiftTenderAnswer(Answer):
    """What one kind of tender paid, and what was given back by it."""

    kind: str
    paid: int
    given_back: int


class ShiftVatAnswer(Answer):
    """What was sold at one VAT rate and came back, each with the VAT that is in it."""

    vat_rate: int
    sold: int
    vat: int
    returned: int
    returned_vat: int


class ShiftLoadAnswer(Answer):
    """What was put on gift cards, by how it was paid: no turnover, no VAT."""

    paid_by: str
    loaded: int
    taken_back: int


class ShiftPointsAnswer(Answer):
    """Points that paid a part of sales, and what they took off."""

    points: int
    amount: int


class ShiftTipsAnswer(Answer):
    """Tips, which are in `due`, and what was given back of them."""

    received: int
    given_back: int


class ShiftDepositsAnswer(Answer):
    """Deposits in `due`, what returned `empties` took off it, and what went back by refunds."""

    charged: int
    empties: int
    given_back: int


class TotalsAnswer(Answer):
    """What a till came to. `due` is `gross` less `discount`, `turnover` is `due` less `refunded`.

    The tenders paid `due` in all and gave `refunded` back; so do the VAT rates add up. Points are
    those of the sales.
    """

    sales: int
    gross: int
    discount: int
    due: int
    refunds: int
    refunded: int
    turnover: int
    tenders: list[ShiftTenderAnswer]
    vat: list[ShiftVatAnswer]
    gift_card_loads: list[ShiftLoadAnswer]
    tips: ShiftTipsAnswer
    deposits: ShiftDepositsAnswer
    points_earned: int
    points_spent: ShiftPointsAnswer


class ShiftCashAnswer(Answer):
    """The drawer: `expected` is `at_opening` and `taken`, `difference` what was counted above it.

    `taken` is cash for sales and gift cards, less what was given back in cash.
    """

    at_opening: int | None
    taken: int
    expected: int
    counted: int | None
    difference: int | None


class ShiftHeadAnswer(Answer):
    """A shift in a list."""

    uuid: str
    state: str = Field(description="`open` or `closed`.")
    mode: Literal["live", "test"]
    store: str
    terminal: str
    operator: str
    closed_by: str
    currency: str
    opened_at: str
    closed_at: str | None


class ShiftAnswer(ShiftHeadAnswer):
    """A shift with what it came to; of an open one, so far."""

    sentence: str
    unsettled: int = Field(
        description="Sales of this till without a final verdict; see `unsettled-sales`."
    )
    cash: ShiftCashAnswer
    totals: TotalsAnswer
    receipt_lines: list[str]


class ShiftsAnswer(Answer):
    """A page of shifts, the one put last first."""

    shifts: list[ShiftHeadAnswer]
    next_cursor: str | None
