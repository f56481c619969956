"""The receipts: all of them, and one, on the page or as a file."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.web.views import PersonPage
from wallet.actions.ask_receipt import (
    AddressNotProved,
    ReceiptUnknown,
    TooManyReceiptLetters,
    ask_receipt,
)
from wallet.models import Receipt
from wallet.queries import receipts_of
from wallet.reader import acting, reader
from wallet.receipt_bundle import MOST_RECEIPTS, TooManyReceipts, bundle
from wallet.receipt_json import write_json
from wallet.receipt_pdf import write_pdf
from wallet.receipt_search import (
    Wanted,
    find_receipts,
    shops_of_receipts,
    totals_of,
    years_of_receipts,
)
from wallet.receipts import own_paper_of, paper_of
from wallet.symbols import symbol_of
from wallet.warranties import warranties_of

PER_PAGE = 50


class ReceiptsPage(PersonPage):
    """Every purchase, or those that were looked for, the newest first."""

    template_name = "wallet/receipts.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give one page of receipts, and what all of them come to."""
        person_id, now = reader(self.request).pk, clock.now()
        wanted = Wanted.of(self.request.GET.dict())
        found = find_receipts(person_id, wanted, now=now)
        pages = Paginator(found, PER_PAGE)
        totals = totals_of(found)
        # The totals have counted them already.
        pages.count = sum(total.number for total in totals)
        return super().get_context_data(
            page=pages.get_page(self.request.GET.get("page")),
            wanted=wanted,
            totals=totals,
            shops=shops_of_receipts(person_id),
            years=years_of_receipts(person_id, now=now),
            asked=self._asked(),
            most=MOST_RECEIPTS,
            **kwargs,
        )

    def _asked(self) -> str:
        """Return what was looked for, as the part of an address that the next page needs."""
        asked = self.request.GET.copy()
        asked.pop("page", None)
        return asked.urlencode()


class ReceiptsFile(PersonPage):
    """The receipts that were looked for, in one zip."""

    http_method_names = ["get"]

    @override
    def get(  # type: ignore[override]  # a stream is no HttpResponse
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Return the file; or go back to the list, which says why not."""
        now, wanted = clock.now(), Wanted.of(request.GET.dict())
        found = find_receipts(reader(request).pk, wanted, now=now)
        try:
            file = bundle(found[: MOST_RECEIPTS + 1], now=now)
        except TooManyReceipts as refusal:
            messages.error(request, refusal.detail)
            return redirect(f"{reverse('wallet:receipts')}?{request.GET.urlencode()}")
        response = FileResponse(file, as_attachment=True, filename=f"ok-{now:%Y-%m-%d}.zip")
        add_never_cache_headers(response)
        return response


FILES = {"pdf": (write_pdf, "application/pdf"), "json": (write_json, "application/json")}


def _mine(page: PersonPage) -> Receipt:
    """Return the receipt of the address; somebody else's is not found."""
    receipts = receipts_of(reader(page.request).pk)
    return get_object_or_404(receipts, pk=page.kwargs["receipt_id"])


class ReceiptPage(PersonPage):
    """One purchase: what, why it cost less, what paid it, what it earned."""

    template_name = "wallet/receipt.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the receipt, and its number as a code."""
        receipt = _mine(self)
        paper = paper_of(receipt)
        return super().get_context_data(
            receipt=receipt,
            paper=paper,
            warranties=warranties_of(
                receipt.person_id, today=timezone.localdate(clock.now()), receipt_id=receipt.pk
            ),
            code=symbol_of("qr_code", str(paper.number)),
            back=reverse("wallet:receipts"),
            **kwargs,
        )


class ReceiptFile(PersonPage):
    """One purchase as a file, in the language of the receipt."""

    http_method_names = ["get"]

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the file."""
        receipt, form = _mine(self), self.kwargs["form"]
        if form not in FILES:
            raise Http404
        write, media_type = FILES[form]
        paper = own_paper_of(receipt)
        response = HttpResponse(write(paper), content_type=media_type)
        response["Content-Disposition"] = f'attachment; filename="{paper.name}.{form}"'
        add_never_cache_headers(response)
        return response


class SendReceipt(PersonPage):
    """One tap: the receipt comes by mail."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, receipt_id: int) -> HttpResponse:
        """Have it sent, and say on its page that it comes, or why not."""
        person = reader(request)
        try:
            ask_receipt(
                person_id=person.pk, receipt_id=receipt_id, now=clock.now(), actor=acting(person)
            )
        except ReceiptUnknown as refusal:
            raise Http404 from refusal
        except (AddressNotProved, TooManyReceiptLetters) as refusal:
            messages.error(request, refusal.detail)
        else:
            said = _("It is on its way to {address}.").format(address=person.email)
            messages.success(request, said)
        return redirect("wallet:receipt", receipt_id)
