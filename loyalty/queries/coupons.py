"""What a retailer sees of coupons: the codes there are, and how many were used."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

from django.db.models import F
from django.utils.translation import gettext as _

from loyalty.coupon_codes import grouped, shown
from loyalty.models import Coupon, CouponSeries, SeriesKind
from okplatform.kernel import db
from okplatform.kernel.tenancy import operator_scope

ROWS_AT_ONCE = 5_000


def series_in_making() -> list[int]:
    """Return the series of all merchants that want codes still, the first first."""
    with operator_scope("making the codes of series"):
        found = CouponSeries.objects.filter(made__lt=F("asked")).order_by("id")
        return list(found.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """A series in the list; what was used of it counts live sales, and those that came back not.

    ``code`` is there where it is only one.
    """

    id: int
    kind: str
    prefix: str
    uses_each: int | None
    asked: int
    made: int
    opened_at: datetime
    code: str | None
    used: int
    amount: int

    @property
    def is_ready(self) -> bool:
        """Say whether all of its codes are there."""
        return self.made == self.asked

    @property
    def code_shown(self) -> str:
        """Return its only code as people read it."""
        return shown(self.code, self.prefix) if self.code else ""


_SERIES = """
SELECT series.id, series.kind, series.prefix, series.uses_each, series.asked, series.made,
    series.opened_at,
    CASE WHEN series.asked = 1 THEN
        (SELECT coupon.code FROM loyalty_coupon coupon WHERE coupon.series_id = series.id) END,
    coalesce(used.count, 0), coalesce(used.amount, 0)::bigint
FROM loyalty_coupon_series series
LEFT JOIN (
    SELECT use.series_id, count(*) AS count, sum(use.amount) AS amount
    FROM loyalty_coupon_use use JOIN trade_sale sale ON sale.id = use.sale_id
    WHERE use.offer_id = %(offer)s AND use.mode = 'live' AND use.given_back_by_id IS NULL
        AND sale.state = 'closed'
    GROUP BY use.series_id
) AS used ON used.series_id = series.id
WHERE series.merchant_id = %(merchant)s AND series.offer_id = %(offer)s
ORDER BY series.id DESC
"""


def series_of(*, merchant_id: int, offer_id: int) -> list[SeriesLine]:
    """Return the series of an offer, the newest first."""
    rows = db.call(_SERIES, {"merchant": merchant_id, "offer": offer_id})
    return [SeriesLine(*row) for row in rows]


def csv_of(series: CouponSeries) -> Iterator[bytes]:
    """Write the codes of a series with the uses that are left, piece by piece; scope is open."""
    codes = (
        Coupon.objects.filter(series=series).order_by("id").values_list("id", "code", "left_live")
    )
    yield _csv([(_("Code"), _("Uses left"))])
    written = grouped if series.kind == SeriesKind.MADE else shown
    last = 0
    while rows := list(codes.filter(id__gt=last)[:ROWS_AT_ONCE]):
        last = rows[-1][0]
        yield _csv(
            [
                (written(code, series.prefix), "" if left is None else left)
                for _id, code, left in rows
            ]
        )


def _csv(rows: list[tuple[object, object]]) -> bytes:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
