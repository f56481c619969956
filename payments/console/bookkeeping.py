"""Books to take home: the merchant's account at OK in the forms that bookkeepers read."""

from dataclasses import dataclass
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.web.views import StaffPage
from payments.account_files import AccountFileForm, TermNotOver, account_file, statement_iban
from payments.actions.link_bookkeeping import (
    Administration,
    AdministrationInvalid,
    link_bookkeeping,
    unlink_bookkeeping,
)
from payments.bookkeeping.terms import TermUnknownError, term
from payments.calendar import local_day
from payments.console.permission import MONEY
from payments.models import BookkeepingLink, BookkeepingPush
from payments.states import PushState

KEPT_IN_MEMORY = 2**20
MONTHS, YEARS = 12, 3

FORMS = (
    (
        AccountFileForm.CAMT_053,
        "camt.053",
        _("The statement of your account at OK, as banks send it today."),
    ),
    (AccountFileForm.MT940, "MT940", _("The same statement, for programs that read no camt.053.")),
    (
        AccountFileForm.XAF_32,
        "XAF 3.2",
        _("An auditfile of everything booked, for your accountant."),
    ),
    (
        AccountFileForm.XAF_40,
        "XAF 4.0",
        _("The same auditfile, as the tax office asks for it from 2027."),
    ),
    (AccountFileForm.CSV, "CSV", _("Every line, for a spreadsheet.")),
    (AccountFileForm.UBL, "UBL", _("The invoices of OK in that period, as electronic invoices.")),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A term that can be chosen, and how it reads."""

    name: str
    first: date
    kind: str


class LinkForm(forms.Form):
    """Where the merchant keeps its books: Moneybird's own numbers, and its key to them."""

    administration = forms.CharField(label=_("Administration"), max_length=20)
    financial_account = forms.CharField(
        label=_("Account for OK"),
        max_length=20,
        help_text=_("Make an account for OK there first: its number stands in its address."),
    )
    contact = forms.CharField(label=_("OK as a supplier"), max_length=20)
    tax_rate = forms.CharField(label=_("VAT rate of OK's invoices"), max_length=20)
    token = forms.CharField(
        label=_("API token"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("With the rights “bank” and “documents”. We keep it encrypted."),
    )


class BookkeepingPage(StaffPage):
    """Which files there are, of which terms; and the program that is filled by itself."""

    required_permission = MONEY
    template_name = "payments/bookkeeping.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the terms that are over, the newest first, the forms, and how the link does."""
        link = BookkeepingLink.objects.filter(merchant=self.merchant).first()
        pushes = BookkeepingPush.objects.filter(merchant=self.merchant)
        if link is None:
            kwargs.setdefault("link_form", LinkForm())
        return super().get_context_data(
            terms=_terms(local_day(clock.now())),
            forms=[{"form": form.value, "name": name, "line": line} for form, name, line in FORMS],
            iban=statement_iban(self.merchant.pk),
            link=link,
            pushed=pushes.filter(state=PushState.SENT).count() if link else 0,
            refused=pushes.filter(state=PushState.REFUSED).order_by("-pk").first(),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Connect the merchant's program, or disconnect it (``unlink`` in the form)."""
        actor = Actor(kind="membership", id=str(self.membership.pk))
        if "unlink" in request.POST:
            unlink_bookkeeping(merchant_id=self.merchant.pk, actor=actor)
            messages.success(request, gettext("Disconnected. What lies there stays there."))
            return redirect("payments:bookkeeping", merchant=self.merchant.reference)
        form = LinkForm(request.POST)
        if not (form.is_valid() and self._link(form, actor)):
            return self.render_to_response(self.get_context_data(link_form=form), status=422)
        messages.success(request, gettext("Connected. From today on it is filled by itself."))
        return redirect("payments:bookkeeping", merchant=self.merchant.reference)

    def _link(self, form: LinkForm, actor: Actor) -> bool:
        said, now = dict(form.cleaned_data), clock.now()
        try:
            link_bookkeeping(
                merchant_id=self.merchant.pk,
                token=said.pop("token"),
                administration=Administration(**said),
                since=local_day(now),
                now=now,
                actor=actor,
            )
        except AdministrationInvalid as refusal:
            form.add_error(None, refusal.detail)
            return False
        return True


class BookkeepingDownload(StaffPage):
    """One file, written whole before its first byte goes out: never half of one."""

    required_permission = MONEY
    http_method_names = ["get", "head"]

    @override
    def get(self, request: HttpRequest, *_args: Any, **_address: Any) -> Any:
        """Give the file; a term that is not over is said on the page."""
        form = next((one for one in AccountFileForm if one.value == request.GET.get("form")), None)
        name = request.GET.get("term", "")
        if form is None:
            raise Http404
        try:
            file = account_file(
                form=form,
                merchant=self.merchant,
                term=name,
                period=term(name),
                now=clock.now(),
            )
        except TermUnknownError as unknown:
            raise Http404 from unknown
        except TermNotOver as refusal:
            messages.error(request, refusal.detail)
            return redirect("payments:bookkeeping", merchant=self.merchant.reference)
        # Closed by the response when it was sent.
        whole = SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115
        whole.writelines(file.pieces)
        size = whole.tell()
        whole.seek(0)
        return FileResponse(
            whole,
            as_attachment=True,
            filename=file.name,
            content_type=file.content_type,
            headers={"Content-Length": str(size)},
        )


def _terms(today: date) -> list[Choice]:
    """Return the months, quarters and years before today's, as far back as one looks."""
    found: list[Choice] = []
    month = today.replace(day=1)
    for _month in range(MONTHS):
        month = (month - date.resolution).replace(day=1)
        found.append(Choice(f"{month:%Y-%m}", month, "month"))
    quarters = {f"{one.first.year}-Q{(one.first.month + 2) // 3}" for one in found}
    over = [name for name in sorted(quarters, reverse=True) if term(name).last < today]
    found += [Choice(name, term(name).first, "quarter") for name in over]
    years = range(today.year - 1, today.year - 1 - YEARS, -1)
    return [*found, *(Choice(str(year), date(year, 1, 1), "year") for year in years)]
