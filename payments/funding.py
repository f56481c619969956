"""What the wallet's codes pay from, what a receipt was paid from, and what waits for a yes."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from payments.models import BankAccount
from payments.queries import bank_accounts_of, paid_from, questions_for
from wallet.hooks import Funding, PageLink


class BankAccounts:
    """A person's bank accounts, as the wallet's hooks ask for them."""

    def sources(self, person_id: int, mode: str) -> Sequence[Funding]:
        """Return what this person can pay from, the first added first: proved and signed for."""
        accounts = bank_accounts_of(person_id, mode=mode).exclude(ready_at=None)
        return [funding_of(account) for account in accounts]

    def page(self, person_id: int, mode: str) -> PageLink:
        """Return the page of the accounts; an account that is there and not ready is named."""
        accounts = bank_accounts_of(person_id, mode=mode)
        unready = accounts.filter(ready_at=None).exists()
        label = _("Finish your bank account") if unready else _("Add a bank account")
        return PageLink(url_name="payments:accounts", label=label)

    def paid_from(self, sale_id: int) -> Funding | None:
        """Return what paid the OK part of a sale; None if nothing did."""
        account = paid_from(sale_id)
        return None if account is None else funding_of(account)


class PaymentQuestions:
    """The payments that wait for a person's yes, as the wallet's hook asks for them."""

    def pages(self, person_id: int, now: datetime) -> Sequence[str]:
        """Return the address of each question, the latest first."""
        asked = questions_for(person_id, now=now)
        return [reverse("payments:confirm", args=[one.uuid]) for one in asked]


def funding_of(account: BankAccount) -> Funding:
    """Return a bank account as the wallet sees it: an opaque number with a label."""
    return Funding(ref=account.pk, label=account.bank, tail=account.tail)
