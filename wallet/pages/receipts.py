"""The receipts: all of them, and one."""

from typing import Any

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.urls import reverse
from typing_extensions import override

from okplatform.web.views import PersonPage
from wallet.queries import receipts_of
from wallet.reader import reader
from wallet.receipts import view_of

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


class ReceiptPage(PersonPage):
    """One purchase: what, why it cost less, what paid it, what it earned."""

    template_name = "wallet/receipt.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the receipt; somebody else's is not found."""
        receipts = receipts_of(reader(self.request).pk)
        receipt = get_object_or_404(receipts, pk=self.kwargs["receipt_id"])
        return super().get_context_data(
            receipt=receipt, view=view_of(receipt), back=reverse("wallet:receipts"), **kwargs
        )
