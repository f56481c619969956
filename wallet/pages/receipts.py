"""The receipts: all of them, and one, on the page or as a file."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from typing_extensions import override

from okplatform.web.views import PersonPage
from wallet.models import Receipt
from wallet.queries import receipts_of
from wallet.reader import reader
from wallet.receipt_json import write_json
from wallet.receipt_pdf import write_pdf
from wallet.receipts import own_paper_of, paper_of
from wallet.symbols import symbol_of

PER_PAGE = 50


class ReceiptsPage(PersonPage):
    """Every purchase, the newest first."""

    template_name = "wallet/receipts.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give one page of receipts."""
        pages = Paginator(receipts_of(reader(self.request).pk), PER_PAGE)
        page = pages.get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, **kwargs)


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
