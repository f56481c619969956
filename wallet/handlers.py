"""What the wallet does when something happened below it."""

from collections.abc import Sequence
from functools import partial

from django.urls import reverse

from okplatform.kernel import clock
from okplatform.kernel.db import after_commit
from okplatform.kernel.events import Delivered, handles
from okplatform.trade.events import SaleClosed
from okplatform.web.streams import notify
from wallet.actions.file_receipts import file_receipts


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
