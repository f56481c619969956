"""Close a sale: it is paid, and its lines and tenders are written for good."""

from datetime import datetime

import orjson

from okplatform.kernel import audit, db, events, tracing
from okplatform.kernel.audit import Actor
from okplatform.trade.actions.refusals import SaleExists, SaleNotOpen
from okplatform.trade.events import SaleClosed
from okplatform.trade.facts import Closing, SaleKey


@db.transaction_required
def close_sale(
    *, sale_id: int, key: SaleKey, closing: Closing, actor: Actor, now: datetime
) -> None:
    """Close an open sale; the end of the transaction raises ``SaleNotOpen`` if it has ended.

    PostgreSQL refuses (``IntegrityError``) lines or tenders that do not add up.
    """
    db.later(
        "trade_close_sale(%s, %s)",
        [sale_id, _document(key, closing, now)],
        refusals={"OK302": lambda _detail: SaleNotOpen()},
    )
    _tell(sale_id, key, closing, actor, now)


@db.transaction_required
def record_closed(
    *, sale_id: int, key: SaleKey, closing: Closing, actor: Actor, now: datetime
) -> None:
    """Write a sale that nobody has seen yet, closed at once, under an id of ``take_sale_id``.

    The end of the transaction raises ``SaleExists``, having written nothing, if the UUID is known:
    ``open_or_lock`` tells what became of it.
    """
    db.later(
        "trade_record_closed(%s, %s)",
        [sale_id, _document(key, closing, now)],
        refusals={"OK301": lambda _detail: SaleExists()},
    )
    _tell(sale_id, key, closing, actor, now)


def _document(key: SaleKey, closing: Closing, now: datetime) -> str:
    """Return what the SQL functions read: the types ``trade_closing`` and its parts."""
    gross, discount = closing.gross, closing.discount
    return orjson.dumps(
        {
            "merchant_id": key.merchant_id,
            "mode": key.mode,
            "uuid": key.uuid,
            "store_id": closing.store_id,
            "terminal_id": closing.terminal_id,
            "person_id": closing.person_id,
            "revision": closing.revision,
            "currency": closing.currency,
            "gross": gross,
            "discount": discount,
            "due": gross - discount,
            "points_earned": closing.points_earned,
            "basket_hash": closing.basket_hash.hex(),
            "operator": closing.operator,
            "language": closing.language,
            "reference": closing.reference,
            "at": now,
            "trace_id": tracing.current_trace_id(),
            "lines": closing.lines,
            "tenders": closing.tenders,
        }
    ).decode()


def _tell(sale_id: int, key: SaleKey, closing: Closing, actor: Actor, now: datetime) -> None:
    """Audit and publish what has just become true."""
    gross, discount = closing.gross, closing.discount
    audit.record(
        actor=actor,
        action="sale_closed",
        object_type="sale",
        object_id=sale_id,
        merchant_id=key.merchant_id,
        mode=key.mode,
        data={"due": gross - discount, "currency": closing.currency},
    )
    events.publish(
        SaleClosed(
            sale_id=sale_id,
            uuid=str(key.uuid),
            merchant_id=key.merchant_id,
            mode=key.mode,
            store_id=closing.store_id,
            channel=closing.channel,
            person_id=closing.person_id,
            currency=closing.currency,
            gross=gross,
            discount=discount,
            due=gross - discount,
            points_earned=closing.points_earned,
            tenders=closing.tenders_by_kind,
            closed_at=now.isoformat(),
        ),
        now=now,
        merchant_id=key.merchant_id,
        mode=key.mode,
    )
