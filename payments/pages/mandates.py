"""Where a shopper signs that OK may collect from a bank account, and takes it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.web.proof import proved
from okplatform.web.views import PersonPage
from payments.actions.close_mandate import close_mandate
from payments.actions.sign_mandate import sign_mandate
from payments.mandate_texts import CURRENT_VERSION
from wallet.reader import acting, reader


@proved("post")
class SignMandate(PersonPage):
    """Keeps the signature: the button under the text, by whoever has just shown who they are."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, account_id: int) -> HttpResponse:
        """Sign for the account, in the text that the page showed."""
        person = reader(request)
        if request.POST.get("text_version") != str(CURRENT_VERSION):
            messages.error(request, _("The text has changed. Read it again; nothing was signed."))
            return redirect("payments:account", account_id)
        try:
            sign_mandate(
                person_id=person.pk,
                bank_account_id=account_id,
                text_version=CURRENT_VERSION,
                now=clock.now(),
                actor=acting(person),
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return redirect("payments:accounts")
        messages.success(request, _("Signed. We tell you before each time we collect."))
        return redirect("payments:account", account_id)


@proved("post")
class WithdrawMandate(PersonPage):
    """Takes the permission back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, account_id: int) -> HttpResponse:
        """Withdraw it; what was bought is still owed."""
        person = reader(request)
        try:
            close_mandate(
                person_id=person.pk,
                bank_account_id=account_id,
                now=clock.now(),
                actor=acting(person),
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return redirect("payments:accounts")
        messages.success(request, _("Withdrawn. What you have bought is still to be paid."))
        return redirect("payments:account", account_id)
