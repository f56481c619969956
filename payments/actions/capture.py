"""Take the OK part of a sale."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import later, transaction_required
from okplatform.kernel.errors import Refusal
from payments.chart import EUR
from payments.ledger import LEDGER_REFUSALS

CAPTURE = "payments_capture(%s, %s, %s, %s, %s, %s, %s, %s)"


class AmountNotPositive(Refusal):
    """There is nothing to take."""

    code = "amount_not_positive"
    status = 422
    sentence = _("There is nothing to pay with OK here. Take the amount in another way.")


class CurrencyNotPayable(Refusal):
    """A bank account in the SEPA pays in euros only."""

    code = "currency_not_payable"
    status = 422
    sentence = _("OK pays in euros only. Ask the customer to pay in another way.")


class BankAccountRemoved(Refusal):
    """The shopper took the account off the list after the code was made."""

    code = "bank_account_removed"
    sentence = _(
        "This code pays from an account that was removed."
        " Ask the customer to choose another account in the OK app and scan again."
    )


class BankAccountNotReady(Refusal):
    """The account is not proved, or nobody has signed for it, or took the signature back since."""

    code = "bank_account_not_ready"
    sentence = _(
        "OK may not collect from this customer's account now."
        " Ask the customer to choose another account in the OK app, or to pay in another way."
    )


class SalePaidAlready(Refusal):
    """There is a payment for this sale."""

    code = "sale_paid_already"
    sentence = _("This sale was paid with OK already. Do not take another payment.")


class DailyLimitReached(Refusal):
    """It would be more than the shopper lets the account, or all accounts, spend in a day."""

    code = "daily_limit_reached"
    sentence = _("The customer's limit for today is reached. Take another payment.")


class MonthlyLimitReached(Refusal):
    """It would be more than the shopper lets the account, or all accounts, spend in a month."""

    code = "monthly_limit_reached"
    sentence = _("The customer's limit for this month is reached. Take another payment.")


class TooManyPayments(Refusal):
    """The shopper has paid unusually often within an hour."""

    code = "too_many_payments"
    sentence = _(
        "This customer has paid with OK too often within an hour."
        " Take another payment, or try again later."
    )


class ConfirmationNeededError(Exception):
    """No refusal: the payer has to say yes on the phone first (``ask_confirmation``)."""


CAPTURE_REFUSALS = {
    **LEDGER_REFUSALS,
    "OK111": lambda _detail: SalePaidAlready(),
    "OK112": lambda _detail: BankAccountRemoved(),
    "OK113": lambda _detail: DailyLimitReached(),
    "OK114": lambda _detail: MonthlyLimitReached(),
    "OK115": lambda _detail: TooManyPayments(),
    "OK116": lambda _detail: ConfirmationNeededError(),
    "OK117": lambda _detail: BankAccountNotReady(),
}


@transaction_required
def capture(
    *,
    sale_id: int,
    merchant_id: int,
    mode: str,
    funding_ref: int,
    amount: int,
    currency: str,
    now: datetime,
    actor: Actor,
    confirmed: bool = False,
) -> None:
    """Take ``amount``, in minor units, for a sale from the bank account ``funding_ref``.

    ``confirmed`` says that the payer has just said yes to this very amount, by passkey or PIN. One
    SQL call, in the end of the transaction, writes the payment, its count against the limits, and
    its posting. Raises ``AmountNotPositive`` or ``CurrencyNotPayable``, and that end
    ``BankAccountRemoved``, ``BankAccountNotReady``, ``SalePaidAlready``, ``DailyLimitReached``,
    ``MonthlyLimitReached``, ``TooManyPayments``, or ``ConfirmationNeededError``, having booked
    nothing.
    """
    if amount <= 0:
        raise AmountNotPositive
    if currency != EUR:
        raise CurrencyNotPayable
    later(
        CAPTURE,
        [sale_id, merchant_id, mode, funding_ref, amount, currency, now, confirmed],
        refusals=CAPTURE_REFUSALS,
    )
    audit.record(
        actor=actor,
        action="payment_captured",
        object_type="sale",
        object_id=sale_id,
        merchant_id=merchant_id,
        mode=mode,
        data={"amount": amount, "currency": currency, "bank_account": funding_ref},
    )
