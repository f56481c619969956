"""Online payments and links as the API answers them; no facts about the shopper are in them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from merchants.checkout.addresses import page_of, page_of_link
from merchants.checkout.link_texts import texts_of
from merchants.checkout.online import released, standing
from merchants.checkout.online_states import PaymentState
from merchants.checkout.queries import LinkTotal, totals_of
from merchants.models import OnlinePayment, PaymentLink
from okplatform.trade.models import SaleState


def payment_answer(payment: OnlinePayment, *, now: datetime) -> dict[str, Any]:
    """Return a payment (``api.online_schemas.OnlinePaymentAnswer``)."""
    address, state = page_of(payment), standing(payment, now)
    closed = payment.sale is not None and payment.sale.state == SaleState.CLOSED
    return {
        "id": str(payment.uuid),
        "mode": payment.mode,
        "state": state.value,
        "capture": payment.capture_mode,
        "store": payment.store.reference,
        "currency": payment.currency,
        "asked": payment.asked,
        "amount": payment.amount,
        "captured": payment.captured,
        "released": released(payment),
        "description": payment.description,
        "reference": payment.reference,
        "return_url": payment.return_url,
        "page": address,
        "qr": address,
        "link": str(payment.link.uuid) if payment.link else None,
        "sale": str(payment.sale_uuid) if closed else None,
        "created_at": payment.created_at.isoformat(),
        "expires_at": payment.expires_at.isoformat(),
        "capture_until": payment.capture_until.isoformat() if payment.capture_until else None,
    }


def link_state(link: PaymentLink, total: LinkTotal, *, now: datetime) -> str:
    """Return open, paid (once, and it was), closed or expired."""
    if link.only_once and total.count:
        return "paid"
    if link.closed_at is not None:
        return "closed"
    if link.expires_at is not None and link.expires_at <= now:
        return PaymentState.EXPIRED.value
    return "open"


def link_answers(
    links: Sequence[PaymentLink], *, merchant: str, now: datetime
) -> list[dict[str, Any]]:
    """Return links (``api.online_schemas.LinkAnswer``) with what was paid by them."""
    totals = totals_of(links)
    return [_link(link, totals.get(link.pk, LinkTotal()), merchant, now) for link in links]


def _link(link: PaymentLink, total: LinkTotal, merchant: str, now: datetime) -> dict[str, Any]:
    address = page_of_link(link)
    texts = texts_of(link, merchant=merchant, address=address)
    return {
        "id": str(link.uuid),
        "mode": link.mode,
        "state": link_state(link, total, now=now),
        "store": link.store.reference,
        "currency": link.currency,
        "amount": link.amount,
        "least": link.least,
        "most": link.most,
        "vat_rate": link.vat_rate_bp,
        "description": link.description,
        "reference": link.reference,
        "only_once": link.only_once,
        "address": address,
        "qr": address,
        "texts": {language: asdict(text) for language, text in texts.items()},
        "paid": total.count,
        "received": total.amount,
        "created_at": link.created_at.isoformat(),
        "expires_at": link.expires_at.isoformat() if link.expires_at else None,
    }
