"""What payments hold of a person, as the wallet's hook asks for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from okplatform.kernel.audit import Actor
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.web.formats import money
from payments.actions.close_mandate import WITHDRAWN, end_mandate
from payments.actions.let_go_gift_card import let_go_all
from payments.actions.remove_bank_account import take_off
from payments.chart import EUR, SHOPPER_RECEIVABLE
from payments.gift_card_queries import kept_by
from payments.ledger import AccountRef
from payments.models import (
    Authorisation,
    BankAccount,
    Collection,
    Mandate,
    Payment,
    Refund,
)
from payments.queries import balance_of, limit_of_person
from payments.states import CollectionState, MandateState, RefundState
from wallet.hooks import Section
from wallet.queries import receipts_of

UNDER_WAY = (RefundState.WAITING, RefundState.ORDERED, RefundState.UNKNOWN)


class PaymentData:
    """Hands over and lets go of bank accounts and payments (``wallet.hooks.OwnData``)."""

    def sections(self, person_id: int) -> Sequence[Section]:
        """Return bank accounts, mandates, payments, collections and refunds."""
        ids = _account_ids(person_id)
        return [
            Section("bank_accounts", _("Bank accounts"), _accounts(person_id)),
            Section("mandates", _("What you signed"), _mandates(ids)),
            Section("payments", _("Payments with OK"), _payments(person_id)),
            Section("collections", _("Collections"), _collections(ids)),
            Section("refunds", _("Money back"), _refunds(ids)),
            Section("limits", _("Your limits"), _limits(person_id)),
            Section("gift_cards", _("Gift cards"), _gift_cards(person_id)),
        ]

    def objections(self, person_id: int) -> Sequence[str]:
        """Return what is owed, what runs, and what is on its way back."""
        found = []
        owed = _owed(person_id)
        if owed:
            said = _("You owe {amount}, which is still to be collected. Wait until it has been.")
            found.append(said.format(amount=money(owed, EUR)))
        ids = _account_ids(person_id)
        with operator_scope("what a person still has to settle, at every shop"):
            running = Authorisation.objects.filter(bank_account_id__in=ids, ended_at=None).exists()
            back = Refund.objects.filter(bank_account_id__in=ids, state__in=UNDER_WAY).exists()
        if running:
            found.append(_("A payment at a webshop is not final yet. Wait until it is."))
        if back:
            found.append(_("Money is on its way back to you. Wait until it is on your account."))
        return found

    def kept(self) -> Sequence[str]:
        """Say what the law asks of who moves money."""
        return [
            _(
                "Payments, with the bank account and its holder, stay for seven years: the law "
                "asks that of whoever moves money. Nobody sees them but OK's bookkeeping."
            )
        ]

    def forget(self, person_id: int, *, now: datetime, actor: Actor) -> None:
        """End mandates, and take the accounts off the list with what was still being proved.

        Gift cards go out of the wallet; who has their number can still spend them.
        """
        let_go_all(person_id=person_id, actor=actor)
        for mandate in _mandates_of(_account_ids(person_id)).filter(state=MandateState.ACTIVE):
            end_mandate(mandate_id=mandate.pk, reason=WITHDRAWN, now=now, actor=actor)
        mine = BankAccount.objects.filter(person_id=person_id, removed_at=None).order_by("pk")
        for account in mine.select_for_update(no_key=True):
            take_off(account, now=now, actor=actor)


def _account_ids(person_id: int) -> list[int]:
    return list(BankAccount.objects.filter(person_id=person_id).values_list("pk", flat=True))


def _owed(person_id: int) -> int:
    """Return what is still to be collected, in euro cents, over all accounts ever added."""
    accounts = BankAccount.objects.filter(person_id=person_id)
    held = (
        balance_of(AccountRef(SHOPPER_RECEIVABLE.kind, account.pk, EUR), mode=account.mode)
        for account in accounts
    )
    return sum(-amount for amount in held if amount < 0)


def _accounts(person_id: int) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "iban": account.iban,
            "holder": account.holder,
            "bank": account.bank,
            "added_at": account.added_at.isoformat(),
            "removed_at": account.removed_at and account.removed_at.isoformat(),
        }
        for account in BankAccount.objects.filter(person_id=person_id).order_by("pk")
    ]


def _mandates_of(account_ids: Sequence[int]) -> Any:
    return Mandate.objects.filter(bank_account_id__in=account_ids).order_by("pk")


def _mandates(account_ids: Sequence[int]) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "reference": mandate.reference,
            "signed_at": mandate.signed_at.isoformat(),
            "closed_at": mandate.closed_at and mandate.closed_at.isoformat(),
        }
        for mandate in _mandates_of(account_ids)
    ]


def _payments(person_id: int) -> Sequence[Mapping[str, Any]]:
    # By their receipts: payments have no index by bank account, since each sale would pay for it.
    sales = list(receipts_of(person_id).order_by().values_list("sale_id", flat=True))
    with operator_scope("a person's own payments, at every shop"):
        found = Payment.objects.filter(pk__in=sales).select_related("merchant")
        return [
            {
                "shop": payment.merchant.name,
                "amount": payment.amount,
                "currency": payment.currency,
                "at": payment.captured_at.isoformat(),
            }
            for payment in found.order_by("captured_at")
        ]


def _collections(account_ids: Sequence[int]) -> Sequence[Mapping[str, Any]]:
    asked = Collection.objects.filter(bank_account_id__in=account_ids).order_by("pk")
    return [
        {
            "amount": one.amount,
            "currency": one.currency,
            "due_on": one.due_on.isoformat(),
            "state": CollectionState(one.state).value,
        }
        for one in asked
    ]


def _refunds(account_ids: Sequence[int]) -> Sequence[Mapping[str, Any]]:
    with operator_scope("a person's own refunds, at every shop"):
        found = Refund.objects.filter(bank_account_id__in=account_ids).select_related("merchant")
        return [
            {
                "shop": refund.merchant.name,
                "amount": refund.amount,
                "currency": refund.currency,
                "at": refund.refunded_at.isoformat(),
                "state": RefundState(refund.state).value,
            }
            for refund in found.order_by("pk")
        ]


def _limits(person_id: int) -> Sequence[Mapping[str, Any]]:
    limit = limit_of_person(person_id)
    return [{"daily": limit.daily, "monthly": limit.monthly}] if limit else []


def _gift_cards(person_id: int) -> Sequence[Mapping[str, Any]]:
    """Return the cards that are kept, with what is on them; live and test."""
    return [
        {
            "shop": kept.shop,
            "number_end": kept.number_end,
            "balance": kept.balance,
            "currency": kept.currency,
        }
        for mode in Mode.values
        for kept in kept_by(person_id=person_id, mode=mode)
    ]
