"""The baskets of the past that a scheme is tried on: the merchant's own, or the sample."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from loyalty import sample_history
from loyalty.builder.replay import Past as PastBasket
from loyalty.builder.scheme import Goods
from loyalty.engine import Basket, BasketLine
from loyalty.models import Source
from okplatform.kernel.modes import Mode
from okplatform.parties.models import Merchant
from okplatform.trade.models import LineKind, Sale, SaleLine, SaleState
from okplatform.trade.models.catalogue import Unit
from wallet.consents import consented
from wallet.models import Purpose

DAYS = 90
AT_ONCE = 500
MOST = 100_000
"""Of a larger past the newest are taken: more would say the same and take minutes."""


@dataclass(frozen=True, slots=True)
class Past:
    """Where a replay's baskets come from; ``baskets`` yields them, oldest first."""

    source: Source
    total: int
    first: date
    last: date
    zone: str
    baskets: Callable[[], Iterator[PastBasket]]

    @property
    def weeks(self) -> int:
        """Return how many weeks it touches, counted from its first day."""
        return (self.last - self.first).days // 7 + 1


def past_of(*, merchant_id: int, basket: int, now: datetime, goods: Goods | None = None) -> Past:
    """Return a merchant's own live sales of the last ninety days, else the sample.

    The sample's average basket becomes ``basket``, and what costs as much as one of ``goods`` is
    one there. The merchant's scope is open.
    """
    zone = Merchant.objects.values_list("timezone", flat=True).get(pk=merchant_id)
    sales = _sales(merchant_id, since=now - timedelta(days=DAYS), until=now)
    total = sales.count()
    today = now.astimezone(ZoneInfo(zone)).date()
    if not total:
        sample = sample_history.sample_history(
            basket=basket, until=now, zone=ZoneInfo(zone), goods=goods
        )
        found = list(sample)
        first = found[0].at.date()
        last = first + timedelta(days=sample_history.DAYS - 1)
        return Past(Source.SAMPLE, len(found), first, last, zone, lambda: iter(found))
    first = today - timedelta(days=DAYS)
    keep = max(total - MOST, 0)
    return Past(
        Source.OWN, total - keep, first, today, zone, lambda: _own(sales, keep, first, zone)
    )


def _sales(merchant_id: int, *, since: datetime, until: datetime) -> QuerySet[Any, Any]:
    """Only whoever allows it is told from others; everybody else's baskets stand alone."""
    allowing = consented(merchant_id, Purpose.OFFERS).filter(person_id=OuterRef("person_id"))
    return (
        Sale.objects.filter(
            merchant_id=merchant_id,
            mode=Mode.LIVE,
            state=SaleState.CLOSED,
            closed_at__gt=since,
            closed_at__lte=until,
        )
        .annotate(allowed=Exists(allowing))
        .order_by("closed_at", "id")
        .values_list("id", "closed_at", "person_id", "allowed")
    )


def _own(sales: QuerySet[Any, Any], skip: int, first: date, zone: str) -> Iterator[PastBasket]:
    local = ZoneInfo(zone)
    rows = list(sales[skip:])
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        lines = _lines([row[0] for row in part])
        for sale_id, closed_at, person_id, allowed in part:
            basket = Basket(lines.get(sale_id, ()), local)
            week = (closed_at.astimezone(local).date() - first).days // 7
            who = person_id if allowed else None
            yield PastBasket(basket, closed_at, week, person_id is not None, who)


def _lines(sale_ids: list[int]) -> dict[int, tuple[BasketLine, ...]]:
    rows = (
        SaleLine.objects.filter(sale_id__in=sale_ids, kind=LineKind.GOODS)
        .order_by("sale_id", "number")
        .values_list("sale_id", "number", "sku", "category_reference", "quantity", "unit", "gross")
    )
    return {
        sale_id: tuple(
            BasketLine(
                number,
                sku,
                category,
                quantity if unit == Unit.PIECE else 1,
                gross,
                measure=0 if unit == Unit.PIECE else quantity,
            )
            for _sale, number, sku, category, quantity, unit, gross in group
        )
        for sale_id, group in groupby(rows, key=itemgetter(0))
    }
