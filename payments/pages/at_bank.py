"""Where a shopper goes to the bank and comes back: proving an account, paying a debt at once."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.web.views import PersonPage
from payments.actions.initiate_bank_payment import initiate_bank_payment
from payments.actions.pay_debt import pay_debt
from payments.actions.prove_at_bank import prove_at_bank
from payments.actions.refresh_bank_payment import refresh_bank_payment
from payments.gateways.berlin_group import BerlinGroup, is_offered
from payments.models import BankPayment, BankPaymentPurpose
from wallet.reader import acting, reader


class GoToBank(PersonPage):
    """Opens a payment and asks the bank for it; the next page has the way there."""

    http_method_names = ["post"]

    def go(self, request: HttpRequest, open_payment: Callable[..., BankPayment]) -> HttpResponse:
        """Open the payment by an action that takes who asks, and how one comes back."""
        if not is_offered():
            raise Http404
        person, request_id = reader(request), uuid4()
        try:
            payment = open_payment(
                person_id=person.pk,
                request_id=request_id,
                return_url=settings.BASE_URL + reverse("payments:at-bank", args=[request_id]),
                psu_ip=get_adapter(request).get_client_ip(request),
                now=clock.now(),
                actor=acting(person),
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return redirect("payments:accounts")
        initiate_bank_payment(
            bank_payment_id=payment.pk,
            gateway=BerlinGroup.configured(),
            now=clock.now(),
            actor=acting(person),
        )
        return redirect("payments:at-bank", payment.request_id)


class ProveAtBank(GoToBank):
    """Proves an account by a cent that its holder pays."""

    def post(self, request: HttpRequest, account_id: int) -> HttpResponse:
        """Go and pay a cent."""
        return self.go(
            request, lambda **asking: prove_at_bank(bank_account_id=account_id, **asking)
        )


class PayDebt(GoToBank):
    """Pays a collection that came back."""

    def post(self, request: HttpRequest, collection_id: int) -> HttpResponse:
        """Go and pay it."""
        return self.go(request, lambda **asking: pay_debt(collection_id=collection_id, **asking))


class AtBankPage(PersonPage):
    """One payment: the way to the bank, and what became of it for who comes back."""

    template_name = "payments/at_bank.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Ask after it and give where it stands."""
        payment = self._mine(self.kwargs["request_id"])
        if not payment.is_final and is_offered():
            refresh_bank_payment(
                bank_payment_id=payment.pk,
                gateway=BerlinGroup.configured(),
                now=clock.now(),
                actor=acting(reader(self.request)),
            )
            payment.refresh_from_db()
        return super().get_context_data(
            payment=payment,
            account=payment.bank_account,
            back=reverse("payments:account", args=[payment.bank_account_id]),
            **kwargs,
        )

    def _mine(self, request_id: UUID) -> BankPayment:
        found = BankPayment.objects.filter(
            request_id=request_id, bank_account__person_id=reader(self.request).pk
        )
        # A purchase has the page of its shop's payment.
        mine = found.exclude(purpose=BankPaymentPurpose.ONLINE)
        payment = mine.select_related("bank_account").first()
        if payment is None:
            raise Http404
        return payment
