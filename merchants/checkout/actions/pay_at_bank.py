"""Let a shopper pay an online payment at the bank, from any account of theirs."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from merchants.checkout.actions.authorise_payment import Payer, check_price
from merchants.checkout.online import PaymentBusy, PaymentPaidAlready, refuse, standing
from merchants.checkout.online_states import PaymentState
from merchants.checkout.queries import paid_by_link
from merchants.checkout.refusals import NothingToPayFrom
from merchants.models import OnlinePayment
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.errors import Refusal
from payments.actions.open_bank_payment import open_bank_payment
from payments.bankfiles.texts import reduced
from payments.models import BankAccount, BankPayment, BankPaymentPurpose
from payments.queries import bank_accounts_of, open_purchase_at_bank

SHOP_LENGTH = 70


class AtBankAlready(Refusal):
    """The same shopper has begun to pay it at a bank, from another account or another amount."""

    code = "at_bank_already"
    sentence = _(
        "You have begun to pay this at your bank. Finish it there, or say no there first."
        " Nothing new was begun."
    )


class AtBankByAnother(Refusal):
    """Somebody else has begun to pay it at a bank."""

    code = "at_bank_by_another"
    sentence = _(
        "Somebody else is paying this at a bank right now. Nothing was taken from you;"
        " look again in a while."
    )


def pay_at_bank(
    *,
    payment: OnlinePayment,
    payer: Payer,
    request_id: UUID,
    return_url: str,
    psu_ip: str,
    now: datetime,
) -> BankPayment:
    """Open a payment at the bank of the amount that the page showed, or return the one under way.

    The account need not be proved or signed for: who approves it at the bank proves it. Until the
    bank says that it is paid the online payment stays open for everybody, so the money may come
    too late: then it goes back (``take_paid_at_bank``). Raises ``OtherMode``, ``PriceChanged``,
    ``NothingToPayFrom``, ``AtBankAlready``, ``AtBankByAnother``, ``PaymentBusy``,
    ``PaymentPaidAlready``, ``PaymentEnded`` or ``BankPaymentImpossible``.
    """
    check_price(payment, payer, now)
    account = (
        bank_accounts_of(payer.person_id, mode=payer.mode).filter(pk=payer.funding_ref or 0).first()
    )
    if account is None or not payer.amount_due:
        raise NothingToPayFrom
    with transaction():
        _hold(payment, now)
        begun = open_purchase_at_bank(payment.pk)
        if begun is not None:
            return _go_on_with(begun, account, payer)
        return open_bank_payment(
            account=account,
            purpose=BankPaymentPurpose.ONLINE,
            subject_id=payment.pk,
            amount=payer.amount_due,
            text=f"OK {reduced(payment.merchant.name, SHOP_LENGTH)}".strip(),
            request_id=request_id,
            return_url=return_url,
            psu_ip=psu_ip,
            now=now,
            actor=payer.actor,
        )


@transaction_required
def _hold(payment: OnlinePayment, now: datetime) -> None:
    """Lock the payment, so that one is begun at a time; raises why it cannot be paid."""
    held = OnlinePayment.objects.select_for_update(no_key=True, of=("self",)).get(pk=payment.pk)
    if standing(held, now) is not PaymentState.PRESENTED:
        raise refuse(held, now)
    if held.link is not None and held.only_once and paid_by_link(held.link) is not None:
        raise PaymentPaidAlready


def _go_on_with(begun: BankPayment, account: BankAccount, payer: Payer) -> BankPayment:
    if begun.bank_account.person_id != payer.person_id:
        raise AtBankByAnother
    if begun.is_final:
        # The bank has said yes; the sale follows at any moment.
        raise PaymentBusy
    if (begun.bank_account_id, begun.amount) != (account.pk, payer.amount_due):
        raise AtBankAlready
    return begun
