"""What the wallet does when something happened below it."""

from collections.abc import Sequence
from functools import partial

from django.urls import reverse

from okplatform.kernel import clock
from okplatform.kernel.db import after_commit
from okplatform.kernel.events import Delivered, handles
from okplatform.trade.events import SaleClosed, SaleRefunded
from okplatform.web.streams import notify
from wallet.actions.file_receipts import file_receipts
from wallet.queries import receipts_for


@handles(SaleClosed)
def file_receipt_of_sale(deliveries: Sequence[Delivered[SaleClosed]]) -> None:
    """File the receipts of a batch; each phone that is looking shows its own once it is kept."""
    sale_ids = [
        delivered.event.sale_id for delivered in deliveries if delivered.event.person_id is not None
    ]
    if not sale_ids:
        return
    for filed in file_receipts(sale_ids=sale_ids, now=clock.now()):
        url = reverse("wallet:receipt", args=[filed.receipt_id])
        channel = f"person:{filed.person_id}"
        after_commit(partial(notify, channel, "receipt", {"url": url}))


@handles(SaleRefunded)
def show_what_came_back(deliveries: Sequence[Delivered[SaleRefunded]]) -> None:
    """Let each phone that is looking open its receipt, which now says what came back."""
    for found in receipts_for([delivered.event.sale_id for delivered in deliveries]):
        url = reverse("wallet:receipt", args=[found.receipt_id])
        after_commit(partial(notify, f"person:{found.person_id}", "receipt", {"url": url}))
