"""Where a shopper chooses how much may be spent, per bank account or over all of them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.web.views import PersonPage
from payments.actions.set_limits import set_limits
from payments.models import BankAccount
from payments.models.limits import Limit
from payments.queries import bank_accounts_of, limit_of_account, limit_of_person
from payments.spending import DAILY, MONTHLY, MOST_DAILY, MOST_MONTHLY
from wallet.actions.confirm_presence import confirm_presence
from wallet.pins import LONGEST
from wallet.reader import acting, reader

CENTS = 100


def _euros(label: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most // CENTS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class LimitsForm(forms.Form):
    """Whole euros; the PIN is asked for only where a limit goes up."""

    daily = _euros(gettext_lazy("Per day, in euros"), MOST_DAILY)
    monthly = _euros(gettext_lazy("Per month, in euros"), MOST_MONTHLY)
    pin = forms.CharField(
        label=gettext_lazy("Your PIN for confirming, if a limit goes up"),
        required=False,
        widget=forms.TextInput(
            attrs={
                "class": "wallet-pin",
                "inputmode": "numeric",
                "autocomplete": "off",
                "maxlength": str(LONGEST),
            }
        ),
    )


class LimitsPage(PersonPage):
    """The limits of one account, or without an account in the address those over all of them."""

    template_name = "payments/limits.html"
    http_method_names = ["get", "post"]

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form with the limits in force, and what was spent."""
        account = self._account()
        limit = self._limit(account)
        chosen = {
            "daily": (limit.daily if limit else DAILY) // CENTS,
            "monthly": (limit.monthly if limit else MONTHLY) // CENTS,
        }
        kwargs.setdefault("form", LimitsForm(initial=chosen))
        return super().get_context_data(
            account=account, back=self._back(account), most=(MOST_DAILY, MOST_MONTHLY), **kwargs
        )

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Set them; to raise one takes the PIN, so that a phone found open raises nothing."""
        form = LimitsForm(request.POST)
        account = self._account()
        if form.is_valid() and self._set(form, account):
            messages.success(request, _("Your limits are set."))
            return redirect(self._back(account))
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _set(self, form: LimitsForm, account: BankAccount | None) -> bool:
        person, said = reader(self.request), form.cleaned_data
        now, actor = clock.now(), acting(person)
        daily, monthly = said["daily"] * CENTS, said["monthly"] * CENTS
        limit = self._limit(account)
        was = (limit.daily, limit.monthly) if limit else (DAILY, MONTHLY)
        try:
            if daily > was[0] or monthly > was[1]:
                confirm_presence(person_id=person.pk, pin=said["pin"], now=now, actor=actor)
            set_limits(
                person_id=person.pk,
                bank_account_id=account.pk if account else None,
                daily=daily,
                monthly=monthly,
                now=now,
                actor=actor,
            )
        except Refusal as refusal:
            form.add_error("pin", refusal.detail)
            return False
        return True

    def _account(self) -> BankAccount | None:
        account_id = self.kwargs.get("account_id")
        if account_id is None:
            return None
        person = reader(self.request)
        account = bank_accounts_of(person.pk, mode=person.mode).filter(pk=account_id).first()
        if account is None:
            raise Http404
        return account

    def _limit(self, account: BankAccount | None) -> Limit | None:
        if account is None:
            return limit_of_person(reader(self.request).pk)
        return limit_of_account(account.pk)

    def _back(self, account: BankAccount | None) -> str:
        if account is None:
            return reverse("payments:accounts")
        return reverse("payments:account", args=[account.pk])
