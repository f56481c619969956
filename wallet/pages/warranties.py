"""Warranties: all that run, and those of one receipt."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.web.views import PersonPage
from wallet.actions.ask_receipt import ReceiptUnknown
from wallet.actions.set_warranty import forget_warranty, set_warranty
from wallet.models.warranty import LONGEST_NOTE
from wallet.paper import PaperLine
from wallet.queries import receipts_of
from wallet.reader import acting, reader
from wallet.receipts import paper_of
from wallet.warranties import warranties_of


class WarrantyForm(forms.Form):
    """Of what, until when, and a word about it."""

    line = forms.TypedChoiceField(
        label=gettext_lazy("Of what"), required=False, coerce=int, empty_value=None
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("A serial number, for example, or where the papers lie."),
    )

    def __init__(self, lines: Sequence[PaperLine], data: QueryDict | None = None) -> None:
        """Offer the lines of the receipt."""
        super().__init__(data)
        line = self.fields["line"]
        if isinstance(line, forms.TypedChoiceField):
            everything = ("", _("Everything on the receipt"))
            line.choices = [everything, *((one.number, one.name) for one in lines)]


class WarrantiesPage(PersonPage):
    """All warranties; those that run first."""

    template_name = "wallet/warranties.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give them, the one that ends first first."""
        today = timezone.localdate(clock.now())
        kept = warranties_of(reader(self.request).pk, today=today)
        return super().get_context_data(
            running=[one for one in kept if one.runs],
            ended=[one for one in reversed(kept) if not one.runs],
            back=reverse("wallet:receipts"),
            **kwargs,
        )


class WarrantyPage(PersonPage):
    """The warranties of one receipt: keep one more, or forget one."""

    template_name = "wallet/warranty.html"
    http_method_names = ["get", "post"]

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give what is kept, and the form."""
        person_id, receipt_id = reader(self.request).pk, self.kwargs["receipt_id"]
        today = timezone.localdate(clock.now())
        kwargs.setdefault("form", WarrantyForm(self._lines()))
        return super().get_context_data(
            kept=warranties_of(person_id, today=today, receipt_id=receipt_id),
            back=reverse("wallet:receipt", args=[receipt_id]),
            **kwargs,
        )

    def post(self, request: HttpRequest, receipt_id: int) -> HttpResponse:
        """Keep one, or forget one, and say so."""
        form, person = WarrantyForm(self._lines(), request.POST), reader(request)
        if "forget" in request.POST:
            named = request.POST["forget"]
            line = int(named) if named.isdecimal() and len(named) < 10 else None
            forget_warranty(
                person_id=person.pk, receipt_id=receipt_id, line=line, actor=acting(person)
            )
            messages.success(request, _("Forgotten."))
            return redirect("wallet:warranty", receipt_id)
        if not form.is_valid():
            return self._again(form)
        try:
            set_warranty(
                person_id=person.pk,
                receipt_id=receipt_id,
                now=clock.now(),
                actor=acting(person),
                **form.cleaned_data,
            )
        except ReceiptUnknown as refusal:
            raise Http404 from refusal
        except Refusal as refusal:
            form.add_error("ends_on", refusal.detail)
            return self._again(form)
        messages.success(request, _("Kept. It stands on the receipt."))
        return redirect("wallet:receipt", receipt_id)

    def _lines(self) -> Sequence[PaperLine]:
        receipts = receipts_of(reader(self.request).pk)
        return paper_of(get_object_or_404(receipts, pk=self.kwargs["receipt_id"])).lines

    def _again(self, form: WarrantyForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)
