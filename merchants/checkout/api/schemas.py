"""The till API's bodies and answers: the contract, as the OpenAPI document shows it."""

from collections.abc import Sequence
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field

from loyalty.coupon_codes import plain
from merchants.checkout.basket import (
    AmountMismatchError,
    Basket,
    Line,
    TenderAsked,
    digest,
    line_gross,
)
from merchants.checkout.call import Asked
from merchants.contract import (
    LARGEST_QUANTITY,
    MOST_LINES,
    Amount,
    Language,
    Reference,
    Verdict,
)
from okplatform.kernel.api.problems import InvalidBody
from okplatform.kernel.api.views import Answer, Body

MOST_COUPONS = 10


class LineBody(Body):
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


class TenderBody(Body):
    """What pays a part of the sale; leave ``amount`` out and it pays the rest."""

    kind: Literal["ok", "pin", "cash"]
    amount: Amount | None = None
    reference: str = Field(default="", max_length=64, description="The payment terminal's number.")


class PaymentBody(Body):
    """Close the sale: these tenders pay it."""

    tenders: list[TenderBody] = Field(max_length=10)
    amount_due: Amount | None = Field(
        default=None, description="What the till showed; another amount is refused."
    )

    def asked(self) -> Asked:
        """Return how the till wants it paid, in plain values."""
        return Asked(
            tenders=[
                TenderAsked(kind=tender.kind, amount=tender.amount, reference=tender.reference)
                for tender in self.tenders
            ],
            amount_due=self.amount_due,
        )


class SalePaymentBody(PaymentBody):
    """Close the sale at the revision that was quoted."""

    revision: int = Field(ge=1, le=1_000_000)


Coupon = Annotated[
    str,
    BeforeValidator(lambda sent: plain(sent) if isinstance(sent, str) else sent),
    Field(max_length=64, description="As it was typed or scanned; case and hyphens do not count."),
]


class SaleBody(Body):
    """A basket at a revision; with ``payment`` it is paid in the same call."""

    revision: int = Field(ge=1, le=1_000_000, description="Counts up each time the lines change.")
    store: Reference | None = Field(default=None, description="Unless the key names one.")
    terminal: Reference | None = Field(default=None, description="Unless the key names one.")
    operator: str = Field(default="", max_length=64)
    language: Language | None = Field(default=None, description="The cashier's language.")
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217; must be the store's.")
    reference: str = Field(
        default="", pattern=r"^[A-Za-z0-9-]{0,64}$", description="Receipt number."
    )
    code: str | None = Field(default=None, max_length=64, description="What the scanner read.")
    coupons: list[Coupon] = Field(
        default_factory=list,
        max_length=MOST_COUPONS,
        description="Codes of coupons; what the customer keeps in OK comes with the scan.",
    )
    lines: list[LineBody] = Field(min_length=1, max_length=MOST_LINES)
    payment: PaymentBody | None = None

    def basket(self, *, language: str) -> Basket:
        """Return the basket in plain values; ``language`` counts if the till names none.

        Raises ``InvalidBody`` for a line whose amount is not its quantity times its price.
        """
        code = (self.code or "").replace(" ", "")
        return Basket(
            revision=self.revision,
            store=self.store,
            terminal=self.terminal,
            operator=self.operator,
            language=self.language or language,
            currency=self.currency,
            reference=self.reference,
            code=code,
            code_digest=digest(code),
            lines=lines_of(self.lines),
            coupons=tuple(dict.fromkeys(self.coupons)),
        )


def lines_of(sent: Sequence[LineBody]) -> tuple[Line, ...]:
    """Return lines in plain values; raises ``InvalidBody`` for one that does not add up."""
    return tuple(_line(number, line) for number, line in enumerate(sent, start=1))


def _line(number: int, line: LineBody) -> Line:
    try:
        gross = line_gross(
            number=number,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            amount=line.amount,
        )
    except AmountMismatchError as error:
        sentence = _("quantity times price is {expected}").format(expected=error.expected)
        field = f"lines.{number - 1}.amount"
        raise InvalidBody(
            [{"field": field, "code": "line_amount_mismatch", "sentence": sentence}]
        ) from error
    return Line(
        number=number,
        sku=line.sku or line.gtin,
        name=line.name,
        category=line.category,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        gross=gross,
        vat_rate_bp=line.vat_rate,
    )


class DiscountAnswer(Answer):
    """What came off a line, and why, in the cashier's language."""

    text: str
    because: str | None = None
    amount: int


class LineAnswer(Answer):
    """A line with its split: ``gross`` less ``discount`` is ``paid``, which contains ``vat``."""

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
    discounts: list[DiscountAnswer]


class MemberAnswer(Answer):
    """What the shopper lets this merchant know; ``name`` only by consent."""

    name: str | None
    points_balance: int | None
    points_name: str | None


class TenderAnswer(Answer):
    """What paid a part."""

    kind: str
    amount: int
    reference: str


class NearMissAnswer(Answer):
    """What ``missing`` more would have brought; 0 where it takes one more piece, see `sentence`."""

    missing: int
    sentence: str


class CouponAnswer(Answer):
    """What a coupon took off the basket; 0 where it found nothing to take it off."""

    code: str
    text: str | None
    amount: int


class ConfirmationAnswer(Answer):
    """What the shopper is asked on the phone, and until when a yes counts.

    `asked` waits; `authorised` is a yes that is being paid. `declined` is a no, `expired` no answer
    in time, `withdrawn` was stopped by the till; `refused` was a yes that could not be paid:
    `refusal` is the code of why.
    """

    state: Literal["asked", "authorised", "declined", "expired", "withdrawn", "refused"]
    deadline: str
    refusal: str | None


class SaleAnswer(Answer):
    """The sale as it stands; ``verdict`` and ``sentence`` are all a cashier needs.

    `confirmation` is there while the sale waits for the shopper, and where that is how it ended.
    """

    uuid: str
    revision: int
    mode: Literal["live", "test"]
    state: Literal["open", "closed", "cancelled"]
    verdict: Verdict
    sentence: str
    store: str | None
    terminal: str | None
    reference: str
    currency: str
    gross: int
    discount: int
    due: int
    vat: int
    points_earned: int
    member: MemberAnswer | None
    lines: list[LineAnswer]
    tenders: list[TenderAnswer]
    near_misses: list[NearMissAnswer]
    coupons: list[CouponAnswer]
    receipt_lines: list[str]
    closed_at: str | None
    confirmation: ConfirmationAnswer | None


class TestCodeBody(Body):
    """Ask for a code that a test person's phone could show now."""

    person: str = Field(max_length=254, description="E-mail address of a test person.")


class TestCodeAnswer(Answer):
    """A valid wallet code for test mode."""

    code: str
    valid_until: str


class TestConfirmationBody(Body):
    """Answer for a test person's phone."""

    answer: Literal["yes", "no"]
