"""Where and how often the merchant is paid."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.web.proof import proved
from okplatform.web.views import StaffPage
from payments.actions.add_bank_account import HolderMissing
from payments.actions.check_name import NameNearlyRight, NameNotOnAccount
from payments.actions.set_payout_terms import PayoutAmountsWrong, set_payout_terms
from payments.calendar import Schedule
from payments.console.payouts import terms_of
from payments.console.permission import MONEY
from payments.console.words import SCHEDULES, grouped
from payments.gateways.payee_names import payee_names

CENTS = 100


class TermsForm(forms.Form):
    """A merchant's own words: amounts in euros.

    ``is_accepted`` is for who has read that the bank knows the account in another name; it is shown
    once the form ``asks_about_name``.
    """

    asks_about_name = False
    schedule = forms.ChoiceField(
        label=gettext_lazy("How often"), choices=list(SCHEDULES.items()), widget=forms.RadioSelect
    )
    iban = forms.CharField(
        label=gettext_lazy("To which account (IBAN)"),
        max_length=42,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Payouts that were ordered before go to the account they name."),
    )
    holder = forms.CharField(label=gettext_lazy("Name on the account"), max_length=70)
    threshold = forms.DecimalField(
        label=gettext_lazy("Smallest payout, in euros"),
        min_value=Decimal("0.01"),
        decimal_places=2,
        max_digits=11,
        help_text=gettext_lazy("What is less waits until there is more."),
    )
    reserve = forms.DecimalField(
        label=gettext_lazy("Reserve, in euros"),
        min_value=0,
        decimal_places=2,
        max_digits=11,
        help_text=gettext_lazy("Stays with OK, for money that you give back to your customers."),
    )
    is_accepted = forms.BooleanField(
        label=gettext_lazy("The number and the name are right"), required=False
    )


@proved("post")
class TermsConsole(StaffPage):
    """The terms in force, and the form to change them, by whoever has just shown who they are."""

    required_permission = MONEY
    template_name = "payments/console_terms.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form, filled with what is in force."""
        terms = terms_of(self)
        initial = {
            "schedule": terms.schedule.value,
            "iban": grouped(terms.iban),
            "holder": terms.holder,
            "threshold": Decimal(terms.threshold).scaleb(-2),
            "reserve": Decimal(terms.reserve).scaleb(-2),
        }
        kwargs.setdefault("form", TermsForm(initial=initial))
        return super().get_context_data(terms=terms, back=self._back(), **kwargs)

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Keep the terms; what is wrong is said beside its field, and nothing is lost."""
        form = TermsForm(request.POST)
        if not (form.is_valid() and self._set(form)):
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, _("Saved. It counts from the next payout."))
        return redirect(self._back())

    def _set(self, form: TermsForm) -> bool:
        said = form.cleaned_data
        try:
            set_payout_terms(
                merchant_id=self.merchant.pk,
                iban=said["iban"],
                holder=said["holder"],
                schedule=Schedule(said["schedule"]),
                threshold=int(said["threshold"] * CENTS),
                reserve=int(said["reserve"] * CENTS),
                names=payee_names(),
                is_accepted=said["is_accepted"],
                now=clock.now(),
                actor=Actor(kind="membership", id=str(self.membership.pk)),
            )
        except (NameNotOnAccount, NameNearlyRight) as refusal:
            form.asks_about_name = True
            form.add_error("holder", refusal.detail)
            return False
        except Refusal as refusal:
            fields = {HolderMissing: "holder", PayoutAmountsWrong: "threshold"}
            form.add_error(fields.get(type(refusal), "iban"), refusal.detail)
            return False
        return True

    def _back(self) -> str:
        return reverse("payments:console-payouts", args=[self.merchant.reference])
