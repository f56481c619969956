"""Close a payment link."""

from datetime import datetime
from http import HTTPStatus

from merchants.checkout.events import LinkClosed
from merchants.models import PaymentLink
from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.idempotency import Claim, Decision


def close_link(
    *, link: PaymentLink, now: datetime, actor: Actor, claim: Claim | None = None
) -> None:
    """Let nobody begin to pay by a link any more; doing it again is fine.

    A payment that was begun may still be confirmed. ``link`` is then as stored.
    """
    with transaction():
        won = PaymentLink.objects.filter(pk=link.pk, closed_at=None).update(closed_at=now)
        link.refresh_from_db()
        if won:
            audit.record(
                actor=actor,
                action="payment_link_closed",
                object_type="payment_link",
                object_id=link.pk,
                merchant_id=link.merchant_id,
                mode=link.mode,
            )
            events.publish(
                LinkClosed(
                    link_id=link.pk,
                    id=str(link.uuid),
                    merchant_id=link.merchant_id,
                    mode=link.mode,
                ),
                now=now,
                merchant_id=link.merchant_id,
                mode=link.mode,
            )
        if claim is not None:
            claim.settle(Decision(HTTPStatus.OK, {"id": str(link.uuid)}))
