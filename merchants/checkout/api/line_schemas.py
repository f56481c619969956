"""The lines of a basket as a till sends them, and as they are answered."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field
from typing_extensions import override

from merchants.checkout.basket import AmountMismatchError, Line, line_gross, signed
from merchants.contract import LARGEST_QUANTITY, Amount
from okplatform.kernel.api.problems import InvalidBody
from okplatform.kernel.api.views import Answer, Body
from okplatform.trade.models.sale import OLDEST_MINIMUM_AGE


class GoodsLineBody(Body):
    """One line of the basket."""

    sku: str = Field(default="", max_length=64, description="The merchant's own article number.")
    gtin: str = Field(default="", pattern=r"^(\d{8}|\d{12,14})?$", description="Bar code digits.")
    name: str = Field(min_length=1, max_length=200)
    category: str = Field(default="", pattern=r"^[A-Za-z0-9-]{0,64}$")
    quantity: int = Field(default=1, ge=1, le=LARGEST_QUANTITY)
    unit: Literal["piece", "gram", "millilitre"] = "piece"
    unit_price: Amount = Field(
        description="Per piece, or per 1,000 gram or millilitre, VAT included."
    )
    amount: Amount | None = Field(
        default=None, description="The line's total; checked against quantity x price."
    )
    vat_rate: int = Field(ge=0, le=10_000, description="Basis points: 900 is 9 %.")

    def kept(self, number: int) -> Line:
        """Return it in plain values; raises ``InvalidBody`` if it does not add up."""
        try:
            gross = line_gross(
                number=number,
                quantity=self.quantity,
                unit=self.unit,
                unit_price=self.unit_price,
                amount=self.amount,
            )
        except AmountMismatchError as error:
            sentence = _("quantity times price is {expected}").format(expected=error.expected)
            field = f"lines.{number - 1}.amount"
            raise InvalidBody(
                [{"field": field, "code": "line_amount_mismatch", "sentence": sentence}]
            ) from error
        return Line(
            number=number,
            sku=self.sku or self.gtin,
            name=self.name,
            category=self.category,
            quantity=self.quantity,
            unit=self.unit,
            unit_price=self.unit_price,
            gross=gross,
            vat_rate_bp=self.vat_rate,
        )


class LineBody(GoodsLineBody):
    """One line at a till: goods, a deposit, or returned empties."""

    kind: Literal["goods", "deposit", "deposit_return"] = Field(
        default="goods",
        description="No offer, coupon or point touches a deposit. Of a `deposit_return` send price"
        " and amount as they are: it takes them off.",
    )
    minimum_age: int | None = Field(
        default=None,
        ge=1,
        le=OLDEST_MINIMUM_AGE,
        description="How old the buyer must be; the payment then says `age_checked`.",
    )

    @override
    def kept(self, number: int) -> Line:
        line = super().kept(number)
        return replace(
            line,
            gross=signed(line.gross, self.kind),
            kind=self.kind,
            minimum_age=self.minimum_age or 0,
        )


def lines_of(sent: Sequence[GoodsLineBody]) -> tuple[Line, ...]:
    """Return lines in plain values; raises ``InvalidBody`` for one that does not add up."""
    return tuple(line.kept(number) for number, line in enumerate(sent, start=1))


class DiscountAnswer(Answer):
    """What came off a line, and why, in the cashier's language."""

    text: str
    because: str | None = None
    amount: int


class LineAnswer(Answer):
    """A line with its split: ``gross`` less ``discount`` is ``paid``, which contains ``vat``.

    Returned empties have negative amounts.
    """

    number: int
    sku: str
    name: str
    quantity: int
    unit: str
    unit_price: int
    gross: int
    discount: int
    paid: int
    vat_rate: int
    vat: int
    points: int
    kind: Literal["goods", "deposit", "deposit_return", "tip"]
    minimum_age: int | None
    discounts: list[DiscountAnswer]
