"""Suppliers that pay a part of offers: who, how much, and what they owe each month."""

import csv
from decimal import Decimal
from io import StringIO
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from loyalty.actions.put_supplier import put_offer_share, put_supplier
from loyalty.models import Offer, Supplier
from loyalty.queries.suppliers import offer_shares, owed_by_suppliers
from okplatform.kernel.audit import Actor
from okplatform.kernel.money import MINOR_UNITS
from okplatform.parties.models import Role
from okplatform.web import formats
from okplatform.web.permissions import staff
from okplatform.web.views import StaffPage

BUYERS = staff(Role.OWNER, Role.MANAGER, Role.FINANCE)
PER_CENT = 100
COLUMNS = ("month", "supplier", "sales", "amount")


class SupplierForm(forms.Form):
    """A supplier's name."""

    name = forms.CharField(label=gettext_lazy("Name of the supplier"), max_length=80)


class ShareForm(forms.Form):
    """Which supplier pays how much of which offer."""

    offer = forms.TypedChoiceField(label=gettext_lazy("Offer"), coerce=int)
    supplier = forms.TypedChoiceField(label=gettext_lazy("Supplier"), coerce=int)
    share = forms.DecimalField(
        label=gettext_lazy("Its part, in per cent"),
        min_value=Decimal(0),
        max_value=Decimal(100),
        decimal_places=2,
        help_text=gettext_lazy("0 ends it. What was sold before stays as it was agreed."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the merchant's own; its scope is open."""
        super().__init__(*args, **kwargs)
        offers = Offer.objects.order_by("id")
        self.fields["offer"].choices = [  # type: ignore[attr-defined]
            (offer.pk, offer.name[formats.language()]) for offer in offers
        ]
        self.fields["supplier"].choices = [  # type: ignore[attr-defined]
            (supplier.pk, supplier.name) for supplier in Supplier.objects.order_by("name")
        ]


class SuppliersConsole(StaffPage):
    """What they owe, who pays which offer, and both forms."""

    required_permission = BUYERS
    template_name = "loyalty/console_suppliers.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give all of it."""
        kwargs.setdefault("form", SupplierForm())
        kwargs.setdefault("share_form", ShareForm())
        return super().get_context_data(
            owed=owed_by_suppliers(self.merchant.pk, mode=self.person.mode),
            shares=[
                (share.offer.name[formats.language()], share.supplier.name, share.share_bp)
                for share in offer_shares()
            ],
            has_suppliers=Supplier.objects.exists() and Offer.objects.exists(),
            back=reverse("loyalty:console-programme", args=[self.merchant.reference]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Add a supplier, or say what it pays (``share`` in the form)."""
        wrong = self._share() if "share" in request.POST else self._add()
        if wrong:
            return self.render_to_response(self.get_context_data(**wrong), status=422)
        return redirect("loyalty:console-suppliers", merchant=self.merchant.reference)

    def _add(self) -> dict[str, Any]:
        form = SupplierForm(self.request.POST)
        if not form.is_valid():
            return {"form": form}
        put_supplier(
            merchant_id=self.merchant.pk, name=form.cleaned_data["name"], actor=self._actor()
        )
        messages.success(self.request, _("Added. Now say which offer it pays a part of."))
        return {}

    def _share(self) -> dict[str, Any]:
        form = ShareForm(self.request.POST)
        if not form.is_valid():
            return {"share_form": form}
        put_offer_share(
            merchant_id=self.merchant.pk,
            offer_id=form.cleaned_data["offer"],
            supplier_id=form.cleaned_data["supplier"],
            share_bp=int(form.cleaned_data["share"] * PER_CENT),
            actor=self._actor(),
        )
        messages.success(self.request, _("Saved. It counts from the next sale."))
        return {}

    def _actor(self) -> Actor:
        return Actor(kind="membership", id=str(self.membership.pk))


class SuppliersFile(StaffPage):
    """The statement as CSV: amounts in euros with a point, months by their first day."""

    required_permission = BUYERS
    http_method_names = ["get", "head"]

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the file."""
        text = StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        for owed in owed_by_suppliers(self.merchant.pk, mode=self.person.mode):
            amount = Decimal(owed.amount) / MINOR_UNITS
            writer.writerow(
                (owed.month.isoformat(), _plain(owed.supplier), owed.sales, f"{amount:.2f}")
            )
        name = f"OK-{self.merchant.reference}-suppliers.csv"
        return HttpResponse(
            text.getvalue(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _plain(name: str) -> str:
    """Return a name that no spreadsheet takes for a formula."""
    return f"'{name}" if name[:1] in "=+-@\t" else name
