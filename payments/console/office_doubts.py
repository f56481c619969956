"""The office of OK: transfers that the bank timed out on, and what is late on its statements."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.web.views import OperatorPage
from payments.actions.give_up_transfer import give_up_transfer
from payments.bank_desk import late_expectations
from payments.calendar import local_day
from payments.console import paging
from payments.console.words import EXPECTED
from payments.doubts import transfers_in_doubt
from payments.models import Evidence, ExpectationKind

GIVEN_UP = {kind.value: kind for kind in (ExpectationKind.PAYOUT, ExpectationKind.REFUND)}


class DoubtsPage(OperatorPage):
    """What may have been paid, and what should have been."""

    template_name = "payments/office_doubts.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give all that is in doubt, and the longest overdue of what is expected."""
        today = local_day(clock.now())
        late = late_expectations(today=today, limit=paging.PER_PAGE)
        return super().get_context_data(
            doubts=[(one, (today - one.doubted_on).days) for one in transfers_in_doubt()],
            late=[(one, EXPECTED[one.kind], (today - one.due_on).days) for one in late],
            most=paging.PER_PAGE,
            **kwargs,
        )


class GiveUp(OperatorPage):
    """Says that a transfer did not happen (``POST``), and why that is certain."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, kind: str, transfer_id: int) -> HttpResponse:
        """Owe it again, or say why not."""
        if kind not in GIVEN_UP:
            raise Http404
        try:
            give_up_transfer(
                kind=GIVEN_UP[kind],
                transfer_id=transfer_id,
                evidence=Evidence.PERSON,
                reason=request.POST.get("reason", ""),
                now=clock.now(),
                actor=Actor(kind="person", id=str(self.person.pk)),
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, _("It is owed again, and paid anew."))
        return redirect("payments:office-doubts")
