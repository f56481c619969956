"""The till API's bodies and answers: the contract, as the OpenAPI document shows it."""

from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field

from loyalty.coupon_codes import plain
from loyalty.engine import ALL_POINTS
from merchants.checkout.api.line_schemas import LineAnswer, LineBody, lines_of
from merchants.checkout.basket import Basket, TenderAsked, digest
from merchants.checkout.call import Asked
from merchants.checkout.gift_cards import GIFT_CARD
from merchants.contract import (
    MOST_LINES,
    Amount,
    Language,
    Reference,
    Verdict,
)
from okplatform.kernel.api.problems import InvalidBody
from okplatform.kernel.api.views import Answer, Body
from payments import gift_card_numbers

MOST_COUPONS = 10
MOST_POINTS = 1_000_000_000
PositivePoints = Annotated[int, Field(ge=1, le=MOST_POINTS)]


class TenderBody(Body):
    """What pays a part of the sale; leave ``amount`` out and it pays the rest."""

    kind: Literal["ok", "pin", "cash", "gift_card"]
    amount: Amount | None = None
    reference: str = Field(default="", max_length=64, description="The payment terminal's number.")
    card: str = Field(
        default="",
        max_length=40,
        description="A gift card's number as typed, or its bar code, which holds the PIN too.",
    )
    pin: str = Field(default="", pattern=r"^(\d{4})?$", description="Typed beside the number.")

    def asked(self, number: int) -> TenderAsked:
        """Return it in plain values; raises ``InvalidBody`` for what cannot be a gift card."""
        shown = None
        if (self.kind == GIFT_CARD) != bool(self.card):
            sentence = _("a gift card needs its number, and only that")
            raise _card_fault(number, "gift_card_number_missing", sentence)
        if self.card:
            shown = gift_card_numbers.read(self.card, self.pin)
            if shown is None:
                sentence = _("this is no number of a gift card; check the digits")
                raise _card_fault(number, "gift_card_number_malformed", sentence)
        return TenderAsked(
            kind=self.kind,
            amount=self.amount,
            reference="" if shown else self.reference,
            shown=shown,
        )


def _card_fault(number: int, code: str, sentence: str) -> InvalidBody:
    field = f"payment.tenders.{number}.card"
    return InvalidBody([{"field": field, "code": code, "sentence": sentence}])


class PaymentBody(Body):
    """Close the sale: these tenders pay it."""

    tenders: list[TenderBody] = Field(max_length=10)
    amount_due: Amount | None = Field(
        default=None,
        description="What the till showed, without the tip; another amount is refused.",
    )
    tip: Amount = Field(
        default=0,
        description="On top of the amount due and never more than that; the tenders pay both.",
    )
    age_checked: bool = Field(
        default=False,
        description="The cashier looked: the customer is as old as `age_check` says.",
    )
    operator: str = Field(
        default="", max_length=64, description="Who looked, unless the basket names the operator."
    )

    def asked(self) -> Asked:
        """Return how the till wants it paid, in plain values."""
        return Asked(
            tenders=[tender.asked(number) for number, tender in enumerate(self.tenders)],
            amount_due=self.amount_due,
            tip=self.tip,
            age_checked=self.age_checked,
            operator=self.operator,
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
    points: PositivePoints | Literal["max"] | None = Field(
        default=None,
        description="Points of its own that the customer pays with: so many, or as many as may be."
        " Without it counts what the customer chose in OK.",
    )
    reward: PositivePoints | None = Field(
        default=None,
        description="Instead of `points`: the reward that the customer wants, one of `rewards` in a"
        " quote. Without either counts what the customer chose in OK.",
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
            points=0 if self.reward else ALL_POINTS if self.points == "max" else self.points or 0,
            reward=self.reward or 0,
        )


class MemberAnswer(Answer):
    """What the shopper lets this merchant know; ``name`` only by consent.

    Points, and the name of the ``tier``, are those of a member; it moves just after a sale.
    """

    name: str | None
    points_balance: int | None
    points_name: str | None
    tier: str | None


class TenderAnswer(Answer):
    """What paid a part."""

    kind: str
    amount: int
    reference: str


class NearMissAnswer(Answer):
    """What ``missing`` more would have brought; 0 where it takes something else, see `sentence`."""

    missing: int
    sentence: str


class CouponAnswer(Answer):
    """What a coupon took off the basket; 0 where it found nothing to take it off."""

    code: str
    text: str | None
    amount: int


class PointsSpentAnswer(Answer):
    """Points that pay a part, and how much they take off the lines."""

    points: int
    amount: int


class RewardAnswer(Answer):
    """A reward that the customer could have on this basket, and what it would take off."""

    reward: int
    text: str
    points: int
    amount: int


class GiftCardSpentAnswer(Answer):
    """What a gift card paid, and what was left on it then; ``number_end`` are its last digits."""

    number_end: str
    amount: int
    balance: int


class OtherProgrammeAnswer(Answer):
    """What the merchant's own loyalty system said at the scan; what it gave is in the lines.

    `state` is `answered`, or why the sale goes on without it: `unreachable` (too late, or down),
    `wrong` (its answer could not be right) or `resting` (it failed too often just now).
    """

    name: str
    state: str
    balance: int | None
    unit: str
    sentence: str = Field(description="For the cashier: its own, or that the sale goes on without.")


class ConfirmationAnswer(Answer):
    """What the shopper is asked on the phone, and until when a yes counts.

    `asked` waits; `authorised` is a yes that is being paid. `declined` is a no, `expired` no answer
    in time, `withdrawn` was stopped by the till; `refused` was a yes that could not be paid:
    `refusal` is the code of why.
    """

    state: Literal["asked", "authorised", "declined", "expired", "withdrawn", "refused"]
    deadline: str
    refusal: str | None


class AgeCheckAnswer(Answer):
    """The basket asks for an age: `look` until the payment says `age_checked`, then `looked`.

    OK knows nobody's age: the cashier asks for identification, whoever the customer is.
    """

    minimum_age: int
    state: Literal["look", "looked"]


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
    tip: int = Field(description="What of `due` is a tip: the last of the lines.")
    vat: int
    points_earned: int
    member: MemberAnswer | None
    lines: list[LineAnswer]
    tenders: list[TenderAnswer]
    near_misses: list[NearMissAnswer]
    coupons: list[CouponAnswer]
    points_spent: PointsSpentAnswer | None = Field(
        description="What the customer paid with points; it is in the `discount` of the lines."
    )
    points_spendable: PointsSpentAnswer | None = Field(
        description="The most that `points` could take off, in a quote; null in a sale read back."
    )
    rewards: list[RewardAnswer] = Field(description="Of a quote; empty in a sale read back.")
    gift_cards: list[GiftCardSpentAnswer]
    receipt_lines: list[str]
    closed_at: str | None
    confirmation: ConfirmationAnswer | None
    age_check: AgeCheckAnswer | None = Field(description="Null where no line asks for an age.")
    other_programme: OtherProgrammeAnswer | None = Field(
        description="Where the merchant keeps a loyalty system of its own, and it was to be asked;"
        " null in a sale read back after it ended."
    )


Situation = Literal["fresh", "expired", "used", "unknown", "blocked", "no_account"]
"""The rows of ``merchants.magic.CODES``; a test compares them."""


class TestCodeBody(Body):
    """Ask for a code that a test person's phone could show now."""

    person: str = Field(max_length=254, description="E-mail address of a test person.")
    situation: Situation = Field(
        default="fresh", description="What is the matter with the code; see docs/sandbox.md."
    )


class TestCodeAnswer(Answer):
    """A valid wallet code for test mode."""

    code: str
    valid_until: str


class TestConfirmationBody(Body):
    """Answer for a test person's phone."""

    answer: Literal["yes", "no"]
