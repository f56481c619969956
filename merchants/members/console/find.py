"""Find a customer: by the code on their phone, or by the number on their receipt."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from merchants.members.console.card import remember
from merchants.members.console.permission import HELPERS
from merchants.members.queries import purchase, purchases_like
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.trade.models import Sale
from okplatform.web.views import StaffPage
from wallet import codes
from wallet.actions.ask_receipt import ask_receipt_for_shop
from wallet.actions.identify import identify
from wallet.models import Why


class FindForm(forms.Form):
    """A scanned code or a typed number: which of the two shows in its length."""

    number = forms.CharField(
        label=gettext_lazy("OK code, or number on the receipt"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autofocus": True}
        ),
        help_text=gettext_lazy("A receipt number is found for two weeks."),
    )


class FindCustomer(StaffPage):
    """One field. What is found opens; of several purchases one is chosen."""

    required_permission = HELPERS
    template_name = "merchants/customers.html"
    http_method_names = ["get", "post"]

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the field."""
        kwargs.setdefault("form", FindForm())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Open the card, or say in the field why not."""
        chosen = _uuid(request.POST.get("purchase", ""))
        if chosen is not None:
            found = purchase(chosen, mode=self.person.mode)
            return self._act([found] if found else [], FindForm(request.POST))
        form = FindForm(request.POST)
        if not form.is_valid():
            return self._again(form)
        number = form.cleaned_data["number"].strip()
        if _is_code(number) and "send" not in request.POST:
            return self._open_code(number, form)
        return self._act(purchases_like(number, mode=self.person.mode, now=clock.now()), form)

    def _act(self, sales: list[Sale], form: FindForm) -> HttpResponse:
        """Do what the button said: open the customer's card, or send the receipt."""
        if "send" in self.request.POST:
            return self._send_receipt(sales, form)
        return self._open_purchases(sales, form)

    def _send_receipt(self, sales: list[Sale], form: FindForm) -> HttpResponse:
        """Send it to whoever's it is; what is said does not tell whether it is anybody's."""
        if len(sales) > 1:
            context = self.get_context_data(form=form, found=sales, is_sent=True)
            return self.render_to_response(context)
        if not sales:
            form.add_error("number", _("No purchase has this number. Check it on the receipt."))
            return self._again(form)
        ask_receipt_for_shop(
            merchant_id=self.merchant.pk,
            sale_id=sales[0].pk,
            now=clock.now(),
            actor=Actor(kind="membership", id=str(self.membership.pk)),
        )
        said = _(
            "If an OK code was scanned for this purchase, its receipt is on its way to the "
            "customer's own mailbox. You do not see whose that is."
        )
        messages.success(self.request, said)
        return redirect("merchants:customers", self.merchant.reference)

    def _open_code(self, code: str, form: FindForm) -> HttpResponse:
        try:
            person_id = identify(
                code=code,
                merchant_id=self.merchant.pk,
                till_key=f"membership:{self.membership.pk}/console",
                mode=self.person.mode,
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error("number", refusal.detail)
            return self._again(form)
        remember(self.request.session, self.merchant.pk, person_id, why=Why.CARD.value, about="")
        return redirect("merchants:customer", self.merchant.reference)

    def _open_purchases(self, sales: list[Sale], form: FindForm) -> HttpResponse:
        with_code = [sale for sale in sales if sale.person_id is not None]
        if len(with_code) > 1:
            return self.render_to_response(self.get_context_data(form=form, found=with_code))
        if not with_code:
            said = (
                _("No code was scanned for this purchase, so it is nobody's here.")
                if sales
                else _("No purchase has this number. Check it on the receipt.")
            )
            form.add_error("number", said)
            return self._again(form)
        sale = with_code[0]
        remember(
            self.request.session,
            self.merchant.pk,
            sale.person_id,
            why=Why.QUESTION.value,
            about=sale.reference or str(sale.uuid)[:8],
        )
        return redirect("merchants:customer", self.merchant.reference)

    def _again(self, form: FindForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _is_code(text: str) -> bool:
    try:
        codes.parse(text)
    except codes.MalformedCodeError:
        return False
    return True


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
