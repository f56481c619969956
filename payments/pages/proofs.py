"""Where a shopper proves whose a bank account is: by a cent's code."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.web.views import PersonPage
from payments.actions.enter_proof_code import enter_proof_code
from payments.actions.request_proof import request_proof
from wallet.reader import acting, reader


class RequestCode(PersonPage):
    """Sends a cent with a code."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, account_id: int) -> HttpResponse:
        """Ask for it; a code that was sent before works no more."""
        person = reader(request)
        try:
            request_proof(
                person_id=person.pk,
                bank_account_id=account_id,
                now=clock.now(),
                actor=acting(person),
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, _("A cent with a code is on its way to your account."))
        return redirect("payments:account", account_id)


class EnterCode(PersonPage):
    """Takes the code that somebody read on a statement."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, account_id: int) -> HttpResponse:
        """Try it; each try counts."""
        person = reader(request)
        try:
            enter_proof_code(
                person_id=person.pk,
                bank_account_id=account_id,
                code=request.POST.get("code", "")[:20],
                now=clock.now(),
                actor=acting(person),
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, _("Right. This account is yours; now sign for it."))
        return redirect("payments:account", account_id)
