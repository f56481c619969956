"""The bodies and answers about gift cards: the contract, as the OpenAPI document shows it."""

from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field

from merchants.contract import LARGEST_AMOUNT, Language, Reference, Verdict
from okplatform.kernel.api.problems import InvalidBody
from okplatform.kernel.api.views import Answer, Body
from payments import gift_card_numbers
from payments.gift_card_numbers import Shown

NUMBER = "As it was typed; or the card's bar code, which holds the PIN too."


class GiftCardLoadBody(Body):
    """Put money on a card that the shop has been paid for."""

    card: str = Field(
        default="", max_length=40, description="The card to top up; left out, a new one is sold."
    )
    amount: int = Field(ge=1, le=LARGEST_AMOUNT, description="Minor units (cents).")
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217: EUR.")
    paid_by: Literal["pin", "cash", "invoice", "gift"] = Field(
        description="How the shop was paid; `gift` for a card that it gives away."
    )
    store: Reference | None = Field(default=None, description="Unless the key names one.")
    terminal: Reference | None = Field(default=None, description="Unless the key names one.")
    operator: str = Field(default="", max_length=64)
    reference: str = Field(default="", max_length=64, description="Receipt number.")
    language: Language | None = Field(default=None, description="The cashier's language.")

    def shown(self) -> Shown | None:
        """Return the card to top up; raises ``InvalidBody`` for what cannot be one."""
        return read(self.card, "", "card") if self.card else None


class GiftCardBalanceBody(Body):
    """Ask what is on a card."""

    card: str = Field(max_length=40, description=NUMBER)
    pin: str = Field(default="", pattern=r"^(\d{4})?$")
    terminal: Reference | None = Field(default=None, description="Unless the key names one.")


class GiftCardLoadAnswer(Answer):
    """What was put on a card. `card` and `pin` are told for a day, of a card that was sold.

    Of a load that was stopped before it arrived only `uuid`, `verdict` and `sentence` are told.
    """

    uuid: str
    verdict: Verdict
    sentence: str
    state: Literal["loaded", "taken_back", "stopped"]
    amount: int
    currency: str | None
    balance: int
    number_end: str | None
    card: str | None
    pin: str | None
    expires_on: str | None
    receipt_lines: list[str]


class GiftCardBalanceAnswer(Answer):
    """What is on a card, and whether it may be spent."""

    state: Literal["active", "blocked", "replaced", "expired"]
    balance: int
    currency: str
    number_end: str
    expires_on: str | None


def read(typed: str, pin: str, field: str) -> Shown:
    """Return what was typed or scanned; raises ``InvalidBody`` for what cannot be a card."""
    shown = gift_card_numbers.read(typed, pin)
    if shown is None:
        sentence = _("this is no number of a gift card; check the digits")
        fault = {"field": field, "code": "gift_card_number_malformed", "sentence": sentence}
        raise InvalidBody([fault])
    return shown
