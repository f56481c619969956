"""Bodies and answers of online payments and payment links, as the OpenAPI document shows them."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import AwareDatetime, Field

from merchants.checkout.actions.create_link import LinkTerms
from merchants.checkout.actions.create_payment import Request
from merchants.checkout.api.line_schemas import GoodsLineBody, lines_of
from merchants.checkout.api.schemas import MOST_COUPONS, Coupon
from merchants.checkout.basket import Basket, one_amount
from merchants.contract import LARGEST_AMOUNT, MOST_LINES, Amount, Language, Reference
from okplatform.kernel.api.problems import InvalidBody
from okplatform.kernel.api.views import Answer, Body

STANDARD_VAT = 2_100
SHORTEST_SECONDS, LONGEST_SECONDS, USUAL_SECONDS = 60, 30 * 24 * 60 * 60, 30 * 60

Description = Annotated[str, Field(max_length=140)]
PlainReference = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{0,64}$")]
PositiveAmount = Annotated[int, Field(gt=0, le=LARGEST_AMOUNT, description="Minor units (cents).")]
VatRate = Annotated[int, Field(ge=0, le=10_000, description="Basis points: 2100 is 21 %.")]


class OnlinePaymentBody(Body):
    """Ask for a payment: a basket (``lines``), or one ``amount`` with its ``description``."""

    store: Reference | None = Field(default=None, description="Unless the key names one.")
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217; must be the store's.")
    lines: list[GoodsLineBody] = Field(default_factory=list, max_length=MOST_LINES)
    coupons: list[Coupon] = Field(
        default_factory=list,
        max_length=MOST_COUPONS,
        description=(
            "Codes of coupons, for a basket of lines. One that cannot count is refused; one that is"
            " used elsewhere before the shopper confirms is left out, and the page says the price."
        ),
    )
    amount: PositiveAmount | None = None
    vat_rate: VatRate = STANDARD_VAT
    description: Description = Field(default="", description="What it is for, to the shopper.")
    reference: PlainReference = Field(
        default="", description="Your order; it stands in the shopper's list of what is collected."
    )
    return_url: str = Field(
        default="",
        max_length=500,
        description=(
            "Where the shopper goes back to; `ok_payment` in its query is the payment's id. It "
            "proves nothing: ask for the payment's state."
        ),
    )
    expires_in: int = Field(
        default=USUAL_SECONDS, ge=SHORTEST_SECONDS, le=LONGEST_SECONDS, description="Seconds."
    )
    capture: Literal["automatic", "manual"] = "automatic"
    language: Language | None = None

    def asked(self, *, language: str) -> Request:
        """Return the request in plain values; raises ``InvalidBody`` for both or neither."""
        return Request(
            basket=self._basket(self.language or language),
            description=self.description,
            return_url=self.return_url,
            open_for=timedelta(seconds=self.expires_in),
            capture_mode=self.capture,
        )

    def _basket(self, language: str) -> Basket:
        if bool(self.lines) is (self.amount is not None):
            raise _invalid("amount", _("name lines, or one amount"))
        if self.amount is not None:
            if not self.description:
                raise _invalid("description", _("say what the amount is for"))
            return one_amount(
                amount=self.amount,
                store=self.store,
                currency=self.currency,
                language=language,
                description=self.description,
                reference=self.reference,
                vat_rate_bp=self.vat_rate,
            )
        return Basket(
            revision=1,
            store=self.store,
            terminal=None,
            operator="",
            language=language,
            currency=self.currency,
            reference=self.reference,
            code="",
            code_digest="",
            lines=lines_of(self.lines),
            coupons=tuple(dict.fromkeys(self.coupons)),
        )


def _invalid(field: str, sentence: str) -> InvalidBody:
    return InvalidBody([{"field": field, "code": "invalid_amount", "sentence": sentence}])


class CaptureBody(Body):
    """Capture a part; without an amount, all that is left."""

    amount: Amount | None = None


class OnlinePaymentAnswer(Answer):
    """An online payment as it stands.

    ``asked`` is what the shop asked, ``amount`` what the shopper confirmed (less by their
    benefits), ``captured`` what was taken of it, ``released`` what never will be.
    """

    id: str
    mode: Literal["live", "test"]
    state: Literal[
        "created",
        "presented",
        "authorising",
        "authorised",
        "partially_captured",
        "captured",
        "declined",
        "cancelled",
        "expired",
    ]
    capture: Literal["automatic", "manual"]
    store: str
    currency: str
    asked: int
    amount: int | None
    captured: int
    released: int
    description: str
    reference: str
    return_url: str
    page: str = Field(description="Send the shopper here.")
    qr: str = Field(description="What a QR code for the shopper's phone holds.")
    link: str | None = Field(description="The payment link it came by.")
    sale: str | None = Field(description="The sale's UUID, once it is closed.")
    created_at: str
    expires_at: str
    capture_until: str | None


class OnlinePaymentsAnswer(Answer):
    """A page of payments, the newest first."""

    payments: list[OnlinePaymentAnswer]
    next_cursor: str | None


class LinkBody(Body):
    """Make a link: one ``amount``, or an open one from ``least`` to ``most``."""

    store: Reference | None = Field(default=None, description="Unless the key names one.")
    amount: PositiveAmount | None = None
    least: PositiveAmount | None = None
    most: PositiveAmount | None = None
    vat_rate: VatRate = STANDARD_VAT
    description: str = Field(min_length=1, max_length=140)
    reference: PlainReference = ""
    only_once: bool = True
    expires_at: Annotated[AwareDatetime, Field(strict=False)] | None = None

    def terms(self) -> LinkTerms:
        """Return the terms in plain values."""
        return LinkTerms(
            store=self.store,
            amount=self.amount,
            least=self.least,
            most=self.most,
            vat_rate_bp=self.vat_rate,
            description=self.description,
            reference=self.reference,
            only_once=self.only_once,
            expires_at=_in_utc(self.expires_at),
        )


def _in_utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)


class LinkTextsAnswer(Answer):
    """A text ready to send, per way of sending it."""

    mail_subject: str
    mail: str
    whatsapp: str
    chat: str
    invoice: str


class LinkAnswer(Answer):
    """A payment link as it stands; ``paid`` is how often, ``received`` how much in all."""

    id: str
    mode: Literal["live", "test"]
    state: Literal["open", "paid", "closed", "expired"]
    store: str
    currency: str
    amount: int | None
    least: int | None
    most: int | None
    vat_rate: int
    description: str
    reference: str
    only_once: bool
    address: str = Field(description="Send this to whoever should pay.")
    qr: str = Field(description="What a QR code holds.")
    texts: dict[Language, LinkTextsAnswer]
    paid: int
    received: int
    created_at: str
    expires_at: str | None


class LinksAnswer(Answer):
    """A page of links, the newest first."""

    links: list[LinkAnswer]
    next_cursor: str | None
