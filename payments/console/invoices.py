"""What OK's work costs: the plan, this month so far, and every invoice down to its payments."""

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
from okplatform.kernel.audit import Actor
from okplatform.parties.actions.set_address import AddressIncomplete, set_address
from okplatform.web import formats
from okplatform.web.views import StaffPage
from payments import fee_queries
from payments.actions.write_missing_ubl import write_missing_ubl
from payments.bookkeeping.fee_words import line_name, precise, rate
from payments.bookkeeping.fees import Rate
from payments.calendar import local_day
from payments.console.permission import MONEY
from payments.models import Invoice, InvoiceForm, InvoiceKind, InvoiceLine

FEES_ON_A_PAGE = 100
TYPES = {InvoiceForm.PDF: "application/pdf", InvoiceForm.UBL: "application/xml"}
ENDINGS = {InvoiceForm.PDF: "pdf", InvoiceForm.UBL: "xml"}


class AddressForm(forms.Form):
    """Where the merchant is, as an electronic invoice must say it."""

    street = forms.CharField(label=gettext_lazy("Street and number"), max_length=120)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), max_length=16)
    city = forms.CharField(label=gettext_lazy("City"), max_length=80)
    country = forms.CharField(
        label=gettext_lazy("Country"),
        min_length=2,
        max_length=2,
        initial="NL",
        help_text=gettext_lazy("Its two letters: NL, BE, DE."),
    )


class InvoicesPage(StaffPage):
    """The plan and what it costs, what accrued since the last invoice, and all invoices."""

    required_permission = MONEY
    template_name = "payments/invoices.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the plan, the lines so far, the invoices, and the form for a missing address."""
        language, today = formats.language(), local_day(clock.now())
        price = fee_queries.price_of(self.merchant.pk, today)
        waiting = fee_queries.waiting_lines(self.merchant.pk)
        if not self.merchant.has_address:
            kwargs.setdefault("form", AddressForm())
        return super().get_context_data(
            plan=price and price.plan.name[language],
            costs=price and _costs(price, language),
            waiting=[
                {
                    "name": line_name(line, language),
                    "count": line.count,
                    "amount": precise(line.accrued, language),
                }
                for line in waiting
            ],
            waiting_total=precise(sum(line.accrued for line in waiting), language),
            invoices=fee_queries.invoices_of_scope(),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Keep the address, and write what lacked it as UBL."""
        form = AddressForm(request.POST)
        if not (form.is_valid() and self._move_in(form)):
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, _("Saved. It stands on your invoices from now on."))
        return redirect("payments:invoices", merchant=self.merchant.reference)

    def _move_in(self, form: AddressForm) -> bool:
        actor = Actor(kind="membership", id=str(self.membership.pk))
        try:
            set_address(merchant_id=self.merchant.pk, actor=actor, **form.cleaned_data)
        except AddressIncomplete as refusal:
            form.add_error(None, refusal.detail)
            return False
        write_missing_ubl(merchant_id=self.merchant.pk, actor=actor)
        return True


class InvoicePage(StaffPage):
    """One invoice or credit note with its lines."""

    required_permission = MONEY
    template_name = "payments/invoice.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the invoice, its lines, and how it can be had."""
        invoice = _found(self.kwargs["number"])
        return super().get_context_data(
            invoice=invoice,
            is_credit=invoice.kind == InvoiceKind.CREDIT_NOTE,
            credited_by=Invoice.objects.filter(credits=invoice).first(),
            lines=[
                {"row": line, "accrued": precise(line.accrued, formats.language())}
                for line in fee_queries.lines_of(invoice)
            ],
            has_ubl=fee_queries.document_in(invoice, InvoiceForm.UBL) is not None,
            back=reverse("payments:invoices", args=[self.merchant.reference]),
            **kwargs,
        )


class InvoiceLinePage(StaffPage):
    """The payments behind a line, to the hundredth of a cent."""

    required_permission = MONEY
    template_name = "payments/invoice_line.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give a page of fees; ``after`` in the address is the last one of the page before."""
        invoice = _found(self.kwargs["number"])
        # A credit note takes back what stands on its invoice: there are the payments.
        behind = invoice.credits or invoice
        line = InvoiceLine.objects.filter(invoice=behind, number=self.kwargs["line_number"]).first()
        if line is None:
            raise Http404
        asked = self.request.GET.get("after", "0")
        after = int(asked) if asked.isdecimal() and len(asked) < len(str(2**63)) else 0
        fees = fee_queries.fees_behind(line, behind, after=after, most=FEES_ON_A_PAGE + 1)
        language, shown = formats.language(), fees[:FEES_ON_A_PAGE]
        return super().get_context_data(
            invoice=invoice,
            line=line,
            accrued=precise(line.accrued, language),
            fees=[{"of": fee, "amount": precise(fee.amount, language)} for fee in shown],
            next_after=shown[-1].id if len(fees) > FEES_ON_A_PAGE else None,
            back=reverse("payments:invoice", args=[self.merchant.reference, invoice.number]),
            **kwargs,
        )


class InvoiceDownload(StaffPage):
    """A document as it was sent: the same bytes every time."""

    required_permission = MONEY
    http_method_names = ["get", "head"]

    @override
    def get(self, request: HttpRequest, *_args: Any, **_address: Any) -> HttpResponse:
        """Give the file; not found while there is none in this form."""
        form = next((one for one in InvoiceForm if one.value == self.kwargs["form"]), None)
        if form is None:
            raise Http404
        invoice = _found(self.kwargs["number"])
        content = fee_queries.document_in(invoice, form)
        if content is None:
            raise Http404
        name = f"OK-{invoice.number}.{ENDINGS[form]}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content, content_type=TYPES[form], headers=headers)


def _found(number: str) -> Invoice:
    """Return the merchant's own invoice of this number; its scope is open."""
    invoice = Invoice.objects.filter(number=number).select_related("credits").first()
    if invoice is None:
        raise Http404
    return invoice


def _costs(price: Any, language: str) -> dict[str, str]:
    return {
        "monthly": precise(price.monthly, language),
        "in_store": rate(Rate(price.in_store_fixed, price.in_store_bp), language),
        "online": rate(Rate(price.online_fixed, price.online_bp), language),
        "refund": precise(price.refund_fixed, language) if price.refund_fixed else "",
    }
