"""The refund API's bodies and answers: the contract, as the OpenAPI document shows it."""

from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import Field

from merchants.contract import (
    LARGEST_AMOUNT,
    LARGEST_QUANTITY,
    MOST_LINES,
    Amount,
    Language,
    Reference,
)
from merchants.returns.asking import LineAsked, RefundAsked, TenderAsked
from okplatform.kernel.api.problems import InvalidBody
from okplatform.kernel.api.views import Answer, Body


class RefundLineBody(Body):
    """How much of a line comes back."""

    number: int = Field(ge=1, le=MOST_LINES, description="The line's number in the sale.")
    quantity: int = Field(
        ge=0,
        le=LARGEST_QUANTITY,
        description="In the line's own unit; 0 leaves the goods and lowers their price.",
    )
    amount: Amount | None = Field(
        default=None, description="Less than was paid for it; left out, all that was paid."
    )


class RefundTenderBody(Body):
    """By what a part goes back; leave ``amount`` out and it takes the rest."""

    kind: Literal["ok", "pin", "cash", "gift_card"]
    amount: Amount | None = None
    reference: str = Field(default="", max_length=64, description="The payment terminal's number.")


class RefundBody(Body):
    """What comes back of a sale: by ``lines``, or an ``amount`` without goods."""

    uuid: UUID = Field(description="Yours, made and kept before you ask; a repeat is harmless.")
    store: Reference | None = Field(default=None, description="Where; unless the key names one.")
    terminal: Reference | None = Field(default=None, description="Unless the key names one.")
    operator: str = Field(default="", max_length=64)
    language: Language | None = Field(default=None, description="The cashier's language.")
    reason: str = Field(default="", max_length=200)
    lines: list[RefundLineBody] | None = Field(default=None, min_length=1, max_length=MOST_LINES)
    amount: int | None = Field(
        default=None, ge=1, le=LARGEST_AMOUNT, description="Minor units (cents)."
    )
    tenders: list[RefundTenderBody] | None = Field(
        default=None,
        min_length=1,
        max_length=4,
        description="Left out, the money goes back as it came, OK's part first.",
    )

    def asked(self, *, language: str) -> RefundAsked:
        """Return what is asked in plain values; ``language`` counts if the till names none.

        Raises ``InvalidBody`` for lines and an amount, for neither, and for a line of nothing.
        """
        if (self.lines is None) == (self.amount is None):
            raise _fault("lines", "lines_or_amount", _("send lines or an amount, not both"))
        for index, line in enumerate(self.lines or ()):
            if line.quantity == 0 and not line.amount:
                sentence = _("a line with quantity 0 needs an amount")
                raise _fault(f"lines.{index}.amount", "nothing_of_a_line", sentence)
        return RefundAsked(
            uuid=self.uuid,
            operator=self.operator,
            reason=self.reason,
            language=self.language or language,
            lines=[LineAsked(line.number, line.quantity, line.amount) for line in self.lines or ()],
            amount=self.amount,
            tenders=[
                TenderAsked(tender.kind, tender.amount, tender.reference)
                for tender in self.tenders or ()
            ],
        )


def _fault(field: str, code: str, sentence: str) -> InvalidBody:
    return InvalidBody([{"field": field, "code": code, "sentence": sentence}])


class RefundLineAnswer(Answer):
    """A line that came back; ``amount`` contains ``vat``."""

    number: int
    sku: str
    name: str
    quantity: int
    unit: str
    amount: int
    vat_rate: int
    vat: int


class RefundTenderAnswer(Answer):
    """By what a part went back: OK's part by itself, the rest by the cashier."""

    kind: str
    amount: int
    reference: str


class RefundAnswer(Answer):
    """What was given back; ``sentence`` is all a cashier needs.

    ``points`` are those that the member lost by it, ``points_owed`` the part of them that was spent
    already: the member's next points pay it. ``points_given_back`` had paid for what came back.
    """

    uuid: str
    sale: str
    verdict: Literal["happened"]
    sentence: str
    store: str
    terminal: str | None
    operator: str
    reason: str
    currency: str
    amount: int
    vat: int
    points: int
    points_owed: int
    points_given_back: int
    lines: list[RefundLineAnswer]
    tenders: list[RefundTenderAnswer]
    receipt_lines: list[str]
    refunded_at: str


class RefundsAnswer(Answer):
    """Everything that came back of a sale, the first first."""

    sale: str
    currency: str
    paid: int
    refunded: int
    refunds: list[RefundAnswer]
