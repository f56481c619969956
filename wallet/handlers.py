"""What the wallet does when something happened below it."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.urls import reverse

from okplatform.kernel import clock
from okplatform.kernel.db import after_commit
from okplatform.kernel.events import Delivered, handles
from okplatform.parties.events import NewBrowserUsed
from okplatform.trade.events import SaleClosed, SaleRefunded
from okplatform.web.streams import notify
from wallet.actions.file_receipts import file_receipts
from wallet.actions.tell_people import Tell, tell_people
from wallet.events import DeviceEnrolled
from wallet.models import PushKind
from wallet.push_schedule import LASTS, SECURITY_LASTS
from wallet.queries import names_of_devices, receipts_for, receipts_to_tell


@handles(SaleClosed)
def file_receipt_of_sale(deliveries: Sequence[Delivered[SaleClosed]]) -> None:
    """File the receipts of a batch; each phone that is looking shows its own once it is kept."""
    sale_ids = [
        delivered.event.sale_id for delivered in deliveries if delivered.event.person_id is not None
    ]
    if not sale_ids:
        return
    now = clock.now()
    filed = file_receipts(sale_ids=sale_ids, now=now)
    for one in filed:
        url = reverse("wallet:receipt", args=[one.receipt_id])
        after_commit(partial(notify, f"person:{one.person_id}", "receipt", {"url": url}))
    said = [
        Tell(
            person_id=one.person_id,
            kind=PushKind.RECEIPT,
            about=str(one.receipt_id),
            url=reverse("wallet:receipt", args=[one.receipt_id]),
            facts={"shop": one.shop, "amount": one.due, "currency": one.currency},
            ends_at=now + LASTS,
        )
        for one in receipts_to_tell([one.receipt_id for one in filed])
    ]
    tell_people(said=said, now=now)


@handles(SaleRefunded)
def show_what_came_back(deliveries: Sequence[Delivered[SaleRefunded]]) -> None:
    """Let each phone that is looking open its receipt, which now says what came back."""
    for found in receipts_for([delivered.event.sale_id for delivered in deliveries]):
        url = reverse("wallet:receipt", args=[found.receipt_id])
        after_commit(partial(notify, f"person:{found.person_id}", "receipt", {"url": url}))


@handles(DeviceEnrolled)
def warn_of_new_phone(deliveries: Sequence[Delivered[DeviceEnrolled]]) -> None:
    """Tell the other phones of somebody whose codes a new one shows."""
    names = names_of_devices([delivered.event.device for delivered in deliveries])
    said = [
        Tell(
            person_id=delivered.event.person_id,
            kind=PushKind.SECURITY,
            about=f"phone {delivered.event.device}",
            url=reverse("mfa_index"),
            facts={"what": "phone", "name": names.get(delivered.event.device, "")},
            ends_at=delivered.occurred_at + SECURITY_LASTS,
            quiet_phone=UUID(delivered.event.device),
        )
        for delivered in deliveries
    ]
    tell_people(said=said, now=clock.now())


@handles(NewBrowserUsed)
def warn_of_new_browser(deliveries: Sequence[Delivered[NewBrowserUsed]]) -> None:
    """Tell the phones of somebody who signed in where they never did."""
    said = [
        Tell(
            person_id=delivered.event.person_id,
            kind=PushKind.SECURITY,
            about=f"browser {delivered.id}",
            url=reverse("mfa_index"),
            facts={"what": "browser", "name": delivered.event.browser},
            ends_at=delivered.occurred_at + SECURITY_LASTS,
        )
        for delivered in deliveries
    ]
    tell_people(said=said, now=clock.now())
