"""The way from the payment page to the shopper's bank."""

from typing import Any
from uuid import uuid4

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from typing_extensions import override

from merchants.checkout.actions.pay_at_bank import pay_at_bank
from merchants.checkout.pages.pay import PayPage
from okplatform.kernel import clock
from okplatform.parties.models import Person
from payments.actions.initiate_bank_payment import initiate_bank_payment
from payments.gateways.berlin_group import BerlinGroup, is_offered


class PayAtBank(PayPage):
    """Opens a payment and asks the bank for it; the payment page then has the way there."""

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead who comes here by its address to the payment page."""
        return redirect("merchants:pay", self.payment.token)

    @override
    def pay(self, reader: Person) -> None:
        """Begin to pay at the bank, from any account of the reader."""
        if not is_offered():
            raise Http404
        payer = self.payer(reader)
        begun = pay_at_bank(
            payment=self.payment,
            payer=payer,
            request_id=uuid4(),
            return_url=settings.BASE_URL + reverse("merchants:pay", args=[self.payment.token]),
            psu_ip=get_adapter(self.request).get_client_ip(self.request),
            now=clock.now(),
        )
        initiate_bank_payment(
            bank_payment_id=begun.pk,
            gateway=BerlinGroup.configured(),
            now=clock.now(),
            actor=payer.actor,
        )
