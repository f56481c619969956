"""Write down what came back of a sale."""

from datetime import datetime

import orjson
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, db, events, tracing
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.trade.events import SaleRefunded
from okplatform.trade.facts import ReturnFacts, SaleKey

RECORD = "trade_record_return(%s)"


class ReturnExists(Refusal):
    """The merchant has used this UUID for something else that came back."""

    code = "refund_uuid_used"
    sentence = _("This refund number was used for another refund. Nothing was given back now.")


class MoreThanSold(Refusal):
    """Line ``number`` has less left, in goods or in money, than should come back."""

    code = "more_than_sold"
    sentence = _(
        "Of line {number} less is left than you want to give back."
        " Look at what came back before. Nothing was given back now."
    )


class MoreThanPaid(Refusal):
    """What paid by ``kind`` has less left than should be given back by it."""

    code = "more_than_paid"
    sentence = _(
        "Less than this was paid in that way, or a part came back before."
        " Nothing was given back now."
    )


_REFUSALS = {
    "OK303": lambda _detail: ReturnExists(),
    "OK304": lambda line: MoreThanSold(number=int(line or 0)),
    "OK305": lambda kind: MoreThanPaid(kind=kind or ""),
}


@db.transaction_required
def record_return(
    *,
    key: SaleKey,
    sale_id: int,
    person_id: int | None,
    back: ReturnFacts,
    actor: Actor,
    now: datetime,
) -> int:
    """Write what came back of a closed sale, and tell it; return the return's id.

    PostgreSQL holds it to what was sold and paid, however many write at once. Raises
    ``ReturnExists``, ``MoreThanSold`` or ``MoreThanPaid``; the transaction can then only be rolled
    back.
    """
    recorded: db.Later[int] = db.later(
        RECORD, [_document(key, sale_id, back, now)], refusals=_REFUSALS
    )
    return_id = int(recorded.value)
    audit.record(
        actor=actor,
        action="sale_refunded",
        object_type="sale",
        object_id=sale_id,
        merchant_id=key.merchant_id,
        mode=key.mode,
        data={"return": return_id, "amount": back.amount, "currency": back.currency},
    )
    told = SaleRefunded(
        sale_id=sale_id,
        uuid=str(key.uuid),
        merchant_id=key.merchant_id,
        mode=key.mode,
        return_id=return_id,
        return_uuid=str(back.uuid),
        store_id=back.store_id,
        person_id=person_id,
        currency=back.currency,
        amount=back.amount,
        vat=back.vat,
        tenders={tender.kind: tender.amount for tender in back.tenders},
        returned_at=now.isoformat(),
    )
    events.publish(told, now=now, merchant_id=key.merchant_id, mode=key.mode)
    return return_id


def _document(key: SaleKey, sale_id: int, back: ReturnFacts, now: datetime) -> str:
    """Return what the SQL function reads: the type ``trade_return_facts`` and its parts."""
    return orjson.dumps(
        {
            "merchant_id": key.merchant_id,
            "mode": key.mode,
            "uuid": back.uuid,
            "sale_id": sale_id,
            "store_id": back.store_id,
            "terminal_id": back.terminal_id,
            "operator": back.operator,
            "reason": back.reason,
            "language": back.language,
            "currency": back.currency,
            "amount": back.amount,
            "vat": back.vat,
            "request_hash": back.request_hash.hex(),
            "at": now,
            "trace_id": tracing.current_trace_id(),
            "lines": back.lines,
            "tenders": back.tenders,
        }
    ).decode()
