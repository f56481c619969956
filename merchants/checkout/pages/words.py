"""What a payer reads on the payment page, where a refusal's own sentence speaks to a cashier."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from merchants.checkout.refusals import NothingToPayFrom
from okplatform.kernel.errors import Refusal
from payments.actions.capture import (
    BankAccountNotReady,
    BankAccountRemoved,
    DailyLimitReached,
    MonthlyLimitReached,
    TooManyPayments,
)
from payments.gift_cards import GiftCardBlocked, GiftCardExpired, GiftCardTooLow

TO_PAYERS: Mapping[str, Promise] = {
    NothingToPayFrom.code: _("Choose the bank account to pay from. Nothing was taken."),
    BankAccountRemoved.code: _(
        "This account is not on your list any more. Choose another one; nothing was taken."
    ),
    BankAccountNotReady.code: _(
        "OK may not collect from this account yet. Choose another one; nothing was taken."
    ),
    DailyLimitReached.code: _(
        "This is above your own limit for today. Nothing was taken;"
        " you set the limit with your bank account."
    ),
    MonthlyLimitReached.code: _(
        "This is above your own limit for this month. Nothing was taken;"
        " you set the limit with your bank account."
    ),
    GiftCardBlocked.code: _("This gift card is blocked; the shop can tell why. Nothing was taken."),
    GiftCardExpired.code: _("This gift card is no longer valid. Nothing was taken."),
    GiftCardTooLow.code: _(
        "There is less on this gift card now, or nothing. Nothing was taken; look again."
    ),
    TooManyPayments.code: _(
        "You have paid unusually often within an hour. Nothing was taken; try again later."
    ),
}


def to_payer(refusal: Refusal) -> str:
    """Return why nothing was taken, to whoever wanted to pay."""
    return str(TO_PAYERS.get(refusal.code, refusal.detail))
