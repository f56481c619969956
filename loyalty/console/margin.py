"""What products cost, and how much margin offers have to leave on them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from typing_extensions import override

from loyalty.actions.open_balance_file import readable
from loyalty.actions.set_least_margin import set_least_margin
from loyalty.balance_words import fault
from loyalty.cost_files import read_costs
from loyalty.models import LeastMargin
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Role
from okplatform.trade.actions.put_costs import put_costs
from okplatform.trade.models import Product
from okplatform.web import formats
from okplatform.web.permissions import staff
from okplatform.web.views import StaffPage

COST_KEEPERS = staff(Role.OWNER, Role.MANAGER)
MOST_FAULTS = 10
PER_CENT = 100


class MarginForm(forms.Form):
    """The least margin."""

    margin = forms.DecimalField(
        label=gettext_lazy("Least margin, in per cent of the price without VAT"),
        min_value=Decimal(0),
        max_value=Decimal(90),
        decimal_places=2,
        required=False,
        help_text=gettext_lazy("0: never below cost. Empty: offers may go as low as they say."),
    )


class CostsForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy(
            "With the columns sku and cost: what you pay without VAT, such as 1.25."
        ),
    )


class MarginConsole(StaffPage):
    """One page: the least margin, and the costs it goes by."""

    required_permission = COST_KEEPERS
    template_name = "loyalty/console_margin.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give both forms, and of how many products the cost is known."""
        least = LeastMargin.objects.first()
        margin = None if least is None else Decimal(least.margin_bp) / PER_CENT
        kwargs.setdefault("form", MarginForm(initial={"margin": margin}))
        kwargs.setdefault("costs_form", CostsForm())
        products = Product.objects.filter(active=True)
        return super().get_context_data(
            products=products.count(),
            known=products.filter(cost__isnull=False).count(),
            back=reverse("loyalty:console-programme", args=[self.merchant.reference]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Save the margin, or read the file (``costs`` in the form)."""
        wrong = self._costs() if "costs" in request.POST else self._margin()
        if wrong:
            return self.render_to_response(self.get_context_data(**wrong), status=422)
        return redirect("loyalty:console-margin", merchant=self.merchant.reference)

    def _margin(self) -> dict[str, Any]:
        form = MarginForm(self.request.POST)
        if not form.is_valid():
            return {"form": form}
        margin = form.cleaned_data["margin"]
        set_least_margin(
            merchant_id=self.merchant.pk,
            margin_bp=None if margin is None else int(margin * PER_CENT),
            actor=self._actor(),
            now=clock.now(),
        )
        messages.success(self.request, _("Saved. It counts from the next sale."))
        return {}

    def _costs(self) -> dict[str, Any]:
        form = CostsForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return {"costs_form": form}
        try:
            costs, faults = read_costs(readable(form.cleaned_data["file"].read()))
            for one in faults[:MOST_FAULTS]:
                form.add_error("file", fault(one.line, one.code, one.said))
            if faults:
                return {"costs_form": form}
            written = put_costs(
                merchant_id=self.merchant.pk, costs=costs, actor=self._actor(), now=clock.now()
            )
        except Refusal as refusal:
            form.add_error("file", refusal.detail)
            return {"costs_form": form}
        said = ngettext("Saved for {count} product.", "Saved for {count} products.", written)
        messages.success(self.request, said.format(count=formats.number(written)))
        return {}

    def _actor(self) -> Actor:
        return Actor(kind="membership", id=str(self.membership.pk))
