"""What comes back to the shopper, and where to."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.web.proof import proved
from okplatform.web.views import PersonPage
from payments.actions.choose_refund_account import choose_refund_account
from payments.queries import bank_accounts_of, refunds_of_person
from payments.refund_notes import how_far
from wallet.reader import acting, reader


class RefundsPage(PersonPage):
    """Every refund with how far it is; where its account is gone, the way to name another."""

    template_name = "payments/refunds.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the refunds, and the accounts to choose from."""
        person = reader(self.request)
        refunds = refunds_of_person(person.pk, mode=person.mode)
        return super().get_context_data(
            refunds=[(refund, how_far(refund)) for refund in refunds],
            accounts=list(bank_accounts_of(person.pk, mode=person.mode)),
            back=reverse("payments:accounts"),
            **kwargs,
        )


@proved("post")
class ChooseRefundAccount(PersonPage):
    """Takes the person's word on where a refund goes."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, refund_id: int) -> HttpResponse:
        """Keep the choice; what cannot be chosen is said on the page."""
        person = reader(request)
        chosen = request.POST.get("account", "")
        try:
            choose_refund_account(
                person_id=person.pk,
                refund_id=refund_id,
                bank_account_id=int(chosen) if chosen.isascii() and chosen.isdigit() else 0,
                now=clock.now(),
                actor=acting(person),
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, _("Thank you. The money goes to this account."))
        return redirect("payments:refunds")
