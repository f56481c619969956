"""Receipts as files, read back by programs that are not ours."""

import json
from typing import Any

import pypdfium2
import zxingcpp
from django.test import Client

from okplatform.kernel.tenancy import operator_scope
from wallet.models import Receipt

opened: Any = pypdfium2.PdfDocument
read_codes: Any = zxingcpp.read_barcodes


def filed(sale_id: int) -> Receipt:
    """Return the receipt of a sale."""
    with operator_scope("the test looks"):
        receipt: Receipt = Receipt.objects.select_related("merchant", "sale__store").get(
            sale_id=sale_id
        )
    return receipt


def pdf_of(browser: Client, receipt: Receipt) -> bytes:
    """Return the PDF as the shopper downloads it."""
    answer = browser.get(f"/wallet/receipts/{receipt.pk}/pdf")
    assert answer["Content-Type"] == "application/pdf"
    return answer.content


def values_of(browser: Client, receipt: Receipt) -> dict[str, Any]:
    """Return the JSON as the shopper downloads it."""
    answer = browser.get(f"/wallet/receipts/{receipt.pk}/json")
    assert answer["Content-Type"] == "application/json"
    values: dict[str, Any] = json.loads(answer.content)
    return values


def text_of(pdf: bytes) -> str:
    """Return what stands on all pages, with plain spaces and line ends."""
    pages = (page.get_textpage().get_text_range() for page in opened(pdf))
    return "\n".join(pages).replace("\N{NO-BREAK SPACE}", " ").replace("\r", "")


def codes_in(pdf: bytes) -> list[str]:
    """Return what a scanner reads on the last page."""
    pages = opened(pdf)
    picture = pages[len(pages) - 1].render(scale=3).to_pil()
    return [code.text for code in read_codes(picture)]
