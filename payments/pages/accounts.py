"""The shopper's bank accounts: what codes pay from, and what is still to be collected."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.web.proof import proved
from okplatform.web.views import PersonPage
from payments.actions.add_bank_account import HolderMissing
from payments.actions.add_checked_account import add_checked_account
from payments.actions.check_name import NameNearlyRight, NameNotOnAccount
from payments.actions.remove_bank_account import BankAccountUnknown, remove_bank_account
from payments.chart import (
    EUR,
    SHOPPER_RECEIVABLE,
)
from payments.gateways.berlin_group import is_offered
from payments.gateways.payee_names import NoPayeeNames, payee_names
from payments.ledger import AccountRef
from payments.mandate_texts import CURRENT_VERSION, mandate_text
from payments.models import BankAccount, Mandate
from payments.postings import (
    BANK_PAYMENT,
    PART_CAPTURED,
    REFUND_SET_OFF,
    SALE_PAID,
)
from payments.proof_codes import TEST_CODE
from payments.queries import (
    StatementLine,
    balance_of,
    bank_accounts_of,
    debts,
    left_in,
    mandates_of,
    open_proofs_of,
    refunds_of_person,
    shops_paid,
    shops_refunded,
    statement,
)
from wallet.reader import acting, reader

LINES_SHOWN = 50
PURCHASES = frozenset({SALE_PAID, PART_CAPTURED})


@dataclass(frozen=True, slots=True)
class Owing:
    """A bank account and what is still to be collected from it, in cents; below zero comes back."""

    account: BankAccount
    due: int
    mandate: Mandate | None

    @property
    def owed(self) -> int:
        """Return the amount without its direction."""
        return abs(self.due)


@dataclass(frozen=True, slots=True)
class Line:
    """A booking as the shopper reads it: where, when, and what it adds to what is collected."""

    title: str
    booked: StatementLine

    @property
    def due(self) -> int:
        """Return the amount as the shopper sees it: a purchase is more to pay."""
        return -self.booked.amount


class BankAccountForm(forms.Form):
    """What it takes to collect from an account."""

    iban = forms.CharField(
        label=gettext_lazy("Account number (IBAN)"),
        max_length=42,
        widget=forms.TextInput(
            attrs={
                "autocapitalize": "characters",
                "autocomplete": "off",
                "placeholder": "NL00 BANK 0123 4567 89",
                "spellcheck": "false",
            }
        ),
    )
    holder = forms.CharField(
        label=gettext_lazy("Name on the account"),
        max_length=70,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class SureBankAccountForm(BankAccountForm):
    """The same, for who has read that the bank knows the account in another name."""

    is_accepted = forms.BooleanField(
        label=gettext_lazy("The number and the name are right"), required=False
    )


@proved("post")
class BankAccountsPage(PersonPage):
    """The accounts that codes pay from, and a form to add one."""

    template_name = "payments/accounts.html"
    http_method_names = ["get", "post"]

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the accounts, each with what is due, and the form."""
        person = reader(self.request)
        accounts = bank_accounts_of(person.pk, mode=person.mode)
        kwargs.setdefault("form", BankAccountForm(initial={"holder": person.name}))
        return super().get_context_data(
            accounts=owing(accounts),
            refunds=refunds_of_person(person.pk, mode=person.mode),
            back=reverse("wallet:code"),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add an account; what is wrong stands beside the field it is about."""
        form = SureBankAccountForm(request.POST)
        if not form.is_valid():
            return self._again(BankAccountForm(request.POST))
        person = reader(self.request)
        try:
            added = add_checked_account(
                person_id=person.pk,
                mode=person.mode,
                names=payee_names() if person.mode == Mode.LIVE else NoPayeeNames(),
                now=clock.now(),
                actor=acting(person),
                **form.cleaned_data,
            )
        except (NameNotOnAccount, NameNearlyRight) as refusal:
            form.add_error("holder", refusal.detail)
            return self._again(form)
        except Refusal as refusal:
            plain = BankAccountForm(request.POST)
            field = "holder" if isinstance(refusal, HolderMissing) else "iban"
            plain.add_error(field, refusal.detail)
            return self._again(plain)
        messages.success(request, _("Added. Now prove that it is yours."))
        return redirect("payments:account", added.pk)

    def _again(self, form: BankAccountForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class BankAccountPage(PersonPage):
    """One account: what is due, what for, and the way to remove it."""

    template_name = "payments/account.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the account with its last bookings."""
        person = reader(self.request)
        mine = bank_accounts_of(person.pk, mode=person.mode)
        account = mine.filter(pk=self.kwargs["account_id"]).first()
        if account is None:
            raise Http404
        return super().get_context_data(
            owing=owing([account])[0],
            text=mandate_text(CURRENT_VERSION, get_language() or settings.LANGUAGE_CODE),
            text_version=CURRENT_VERSION,
            lines=lines_of(account),
            proof=open_proofs_of([account.pk]).get(account.pk),
            test_code=TEST_CODE if account.mode == Mode.TEST else "",
            offers_bank=is_offered(),
            debts=[(debt, left_in(debt.pk)) for debt in debts().filter(bank_account=account)],
            back=reverse("payments:accounts"),
            **kwargs,
        )


@proved("post")
class RemoveBankAccount(PersonPage):
    """Takes an account off the list."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, account_id: int) -> HttpResponse:
        """Remove it; what was bought from it is still collected."""
        person = reader(request)
        try:
            remove_bank_account(
                person_id=person.pk,
                bank_account_id=account_id,
                now=clock.now(),
                actor=acting(person),
            )
        except BankAccountUnknown as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, _("Removed. Codes for this account are refused from now on."))
        return redirect("payments:accounts")


def owing(accounts: Iterable[BankAccount]) -> list[Owing]:
    """Return each account with what is due from it, and its mandate if it has one."""
    listed = list(accounts)
    mandates = mandates_of([account.pk for account in listed])
    return [Owing(account, due_from(account), mandates.get(account.pk)) for account in listed]


def due_from(account: BankAccount) -> int:
    """Return what is still to be collected from an account, in cents."""
    return -balance_of(_in_ledger(account), mode=account.mode)


def lines_of(account: BankAccount) -> list[Line]:
    """Return the last bookings of an account, newest first, with the shop where there is one."""
    booked = statement(_in_ledger(account), mode=account.mode, limit=LINES_SHOWN)
    paid = shops_paid([_sale_of(line) for line in booked if line.kind in PURCHASES])
    back = shops_refunded([int(line.reference) for line in booked if line.kind == REFUND_SET_OFF])
    return [Line(_title(line, paid, back), line) for line in booked]


def _sale_of(line: StatementLine) -> int:
    """Return the sale in a posting's reference; the part of a sale has its number behind it."""
    return int(line.reference.partition("-")[0])


def _title(line: StatementLine, paid: dict[int, str], back: dict[int, str]) -> str:
    if line.kind in PURCHASES:
        return paid[_sale_of(line)]
    if line.kind == REFUND_SET_OFF:
        return _("{shop}, given back").format(shop=back[int(line.reference)])
    return _("Paid at your bank") if line.kind == BANK_PAYMENT else _("Other booking")


def _in_ledger(account: BankAccount) -> AccountRef:
    return AccountRef(SHOPPER_RECEIVABLE.kind, account.pk, EUR)
