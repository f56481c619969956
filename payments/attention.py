"""What of a person's payments needs attention (``wallet.hooks.NeedsAttention``)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from okplatform.web import formats
from payments.models import BankAccount
from payments.queries import (
    bank_accounts_of,
    debts,
    ended_mandates_of,
    left_in,
    questions_for,
    refunds_of_person,
)
from wallet.hooks import Attention


class PaymentAttention:
    """Payments to confirm, what a bank refused, accounts that pay no more, money without a way."""

    def items(self, person_id: int, mode: str, now: datetime) -> Sequence[Attention]:
        """Return these, in this order."""
        accounts = list(bank_accounts_of(person_id, mode=mode))
        return [
            *_questions(person_id, now),
            *_debts(accounts),
            *_unready(accounts),
            *_refunds(person_id, mode),
        ]


def _questions(person_id: int, now: datetime) -> Iterator[Attention]:
    for one in questions_for(person_id, now=now).select_related("merchant"):
        yield Attention(
            title=_("Confirm {amount}").format(amount=formats.money(one.amount, one.currency)),
            line=one.merchant.name,
            url=reverse("payments:confirm", args=[one.uuid]),
            icon="check",
        )


def _debts(accounts: Sequence[BankAccount]) -> Iterator[Attention]:
    for debt in debts().filter(bank_account__in=accounts):
        owed = formats.money(left_in(debt.pk), debt.currency)
        yield Attention(
            title=_("{amount} could not be collected").format(amount=owed),
            line=_named(debt.bank_account),
            url=reverse("payments:account", args=[debt.bank_account_id]),
            icon="warning",
        )


def _unready(accounts: Sequence[BankAccount]) -> Iterator[Attention]:
    """Yield the accounts that were signed for once, and by which no code pays any more."""
    ended = ended_mandates_of([account.pk for account in accounts])
    for account in accounts:
        if account.pk in ended:
            yield Attention(
                title=_("{account} pays no more").format(account=_named(account)),
                line=_("Sign for it anew, or choose another account."),
                url=reverse("payments:account", args=[account.pk]),
                icon="bank",
            )


def _refunds(person_id: int, mode: str) -> Iterator[Attention]:
    for refund in refunds_of_person(person_id, mode=mode):
        if refund.must_choose:
            amount = formats.money(refund.amount, refund.currency)
            yield Attention(
                title=_("{amount} comes back to you").format(amount=amount),
                line=_("Choose an account to receive it on."),
                url=reverse("payments:refunds"),
                icon="receipt",
            )


def _named(account: BankAccount) -> str:
    return f"{account.bank} \N{BULLET}\N{BULLET} {account.tail}"
