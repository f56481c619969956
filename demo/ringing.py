"""Ringing up: a basket of the data as a past sale of a merchant."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple, TypeVar
from uuid import UUID

from demo.journey import DISCOUNTS, Basket, Line, Product, unit_of, unit_price
from okplatform.trade.actions.bulk import PastLine, PastSale, PastTender

K = TypeVar("K")
V = TypeVar("V")


class _Remembered(dict[K, V]):
    """What was worked out once: four of five lines are the same as one before, to the cent."""

    def __init__(self, work_out: Callable[[K], V]) -> None:
        super().__init__()
        self.work_out = work_out

    def __missing__(self, key: K) -> V:
        value = self[key] = self.work_out(key)
        return value


class _Words(NamedTuple):
    """What every line of an article says."""

    product_id: int
    sku: str
    name: str
    type: str
    vat_rate_bp: int
    category_reference: str


class Counter:
    """Where baskets are rung up: knows the merchant's articles, and of each basket whose and where.

    `product_ids` by SKU, `stores` (with the ids of their tills, if any) and `people` by the data's
    own numbers of stores and households.
    """

    def __init__(
        self,
        *,
        products: Mapping[int, Product],
        product_ids: Mapping[str, int],
        stores: Mapping[int, tuple[int, Sequence[int]]],
        people: Mapping[int, int],
    ) -> None:
        self.products = products
        self.product_ids = product_ids
        self.stores = stores
        self.people = people
        self._lines = _Remembered(self._ring_up_line)
        self._words = _Remembered(self._words_of)

    def ring_up(self, basket: Basket, *, uuid: UUID, at: datetime) -> PastSale:
        """Give the sale of a basket, paid by PIN card; a basket of nothing has no tender."""
        store_id, tills = self.stores[basket.store]
        lines, paid = self._lines, basket.paid
        return PastSale(
            uuid=uuid,
            store_id=store_id,
            terminal_id=tills[basket.id % len(tills)] if tills else None,
            person_id=self.people.get(basket.household),
            closed_at=at,
            lines=[lines[line] for line in basket.lines],
            tenders=[PastTender("pin", paid)] if paid else [],
            reference=str(basket.id),
        )

    def _ring_up_line(self, line: Line) -> PastLine:
        words = self._words[line.product]
        unit = unit_of(words.type, line.quantity)
        gross = line.gross
        return PastLine(
            product_id=words.product_id,
            sku=words.sku,
            name=words.name,
            quantity=line.quantity,
            unit=unit,
            unit_price=unit_price(gross, line.quantity, unit),
            gross=gross,
            discount=gross - line.paid,
            vat_rate_bp=words.vat_rate_bp,
            vat=line.vat(words.vat_rate_bp),
            category_reference=words.category_reference,
            reasons=_reasons(line.discounts),
        )

    def _words_of(self, number: int) -> _Words:
        product = self.products[number]
        return _Words(
            product_id=self.product_ids[product.sku],
            sku=product.sku,
            name=product.name,
            type=product.type,
            vat_rate_bp=product.vat_rate_bp,
            category_reference=product.category_reference,
        )


@cache
def _reasons(amounts: tuple[int, int, int]) -> str:
    return json.dumps(
        [
            {
                "kind": "till",
                "id": discount.id,
                "text": {"nl": discount.nl, "en": discount.en},
                "amount": amount,
            }
            for discount, amount in zip(DISCOUNTS, amounts, strict=True)
            if amount
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )
