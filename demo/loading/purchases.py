"""A few real purchases, so that a new demo has receipts that OK paid and points that were earned.

They take the road of every sale: a phone shows a code, the till sends the basket, OK is paid.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from demo.loading.parties import Premises
from demo.phones import enrol_phone
from demo.shops import read_goods
from demo.till import Rung, sale_body
from demo.world import PURCHASES, PurchaseFacts
from merchants.checkout.actions.ring_up import ring_up
from merchants.checkout.api.schemas import PaymentBody, SaleBody
from merchants.checkout.call import Call
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.actions.use_api_key import use_api_key
from okplatform.trade.facts import SaleKey
from okplatform.trade.models import Sale

_SALES = UUID("9d1c8a34-5d1b-5b7e-9a55-4f6d2b8f0e61")


def load_purchases(
    premises: Mapping[str, Premises],
    people: Mapping[str, int],
    keys: list[dict[str, Any]],
    now: datetime,
) -> int:
    """Make the purchases that were not made yet; return how many."""
    made = 0
    for facts in PURCHASES:
        uuid = uuid5(_SALES, f"{facts.email}/{facts.merchant}/{facts.minutes_ago}")
        place = premises[facts.merchant]
        with merchant_scope(place.merchant_id):
            if Sale.objects.filter(uuid=uuid).exists():
                continue
        key = next(row for row in keys if _sells(row, facts))
        at = now - timedelta(minutes=facts.minutes_ago)
        _buy(facts, uuid, people[facts.email], key, at)
        made += 1
    return made


def _buy(
    facts: PurchaseFacts, uuid: UUID, person_id: int, key: Mapping[str, Any], at: datetime
) -> None:
    till = use_api_key(key=key["key"], now=at)
    phone = enrol_phone(person_id=person_id, mode=Mode.LIVE, now=at)
    goods = {article.sku: article for article in read_goods(facts.merchant)}
    lines = [
        Rung(
            sku=sku,
            name=goods[sku].name,
            quantity=count,
            unit="piece",
            unit_price=goods[sku].price,
            vat_rate_bp=goods[sku].vat_rate_bp,
            category=goods[sku].category,
        )
        for sku, count in facts.articles
    ]
    said = sale_body(
        store=key["store"],
        terminal=key["terminal"],
        lines=lines,
        tender="ok",
        code=phone.show(at),
    )
    basket = SaleBody.model_validate(said).basket(language=till.language)
    payment = PaymentBody.model_validate(said["payment"])
    call = Call(till=till, key=SaleKey(till.merchant_id, till.mode, uuid), now=at)
    with merchant_scope(till.merchant_id):
        ring_up(call=call, basket=basket, asked=payment.asked())
    phone.retire(at)


def _sells(row: Mapping[str, Any], facts: PurchaseFacts) -> bool:
    wanted = (facts.merchant, facts.store, Mode.LIVE.value)
    return (row["merchant"], row["store"], row["mode"]) == wanted
