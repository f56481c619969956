"""Gift cards on the payment page: chosen from the wallet, or by number and PIN."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from typing_extensions import override

from merchants.checkout.actions.choose_card import (
    choose_kept_card,
    choose_shown_card,
    drop_card,
)
from merchants.checkout.pages.pay import PayPage
from okplatform.kernel import clock
from okplatform.parties.models import Person

LONGEST_NUMBER = 40
MOST_DIGITS = 18


class PayCard(PayPage):
    """Takes the choice; the payment page then shows what is left to pay."""

    @override
    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Lead who comes here by its address to the payment page."""
        return redirect("merchants:pay", self.payment.token)

    @override
    def pay(self, reader: Person) -> None:
        """Take a card, or let it go; nothing is paid by this."""
        said, now = self.request.POST, clock.now()
        payment, actor = self.payment, self.actor
        if "drop" in said:
            drop_card(
                payment=payment, person=reader, card_id=_key(said["drop"]), now=now, actor=actor
            )
        elif "use" in said:
            choose_kept_card(
                payment=payment, person=reader, card_id=_key(said["use"]), now=now, actor=actor
            )
        else:
            choose_shown_card(
                payment=payment,
                person=reader,
                number=said.get("number", "")[:LONGEST_NUMBER],
                pin=said.get("card_pin", "")[:LONGEST_NUMBER],
                now=now,
                actor=actor,
            )


def _key(sent: str) -> int:
    """Return the key of a card; 0, which no card has, for anything else."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= MOST_DIGITS else 0
