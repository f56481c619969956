"""What the tests of coupons say often: an offer by code, its codes, how they stand."""

from typing import Any

from loyalty.actions.make_coupons import make_coupons
from loyalty.actions.open_coupons import SeriesTerms, open_coupons
from loyalty.models import Coupon, CouponUse, SeriesKind
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from tests.loyalty.bakery import Bakery
from tests.support.world import NOW

SPRING = "LENTE26"


def listed(
    bakery: Bakery, *codes: str, offer_id: int | None = None, uses_each: int | None = 1
) -> int:
    """Open a list of codes for an offer, by default a new one of 10 % off bread."""
    offer_id = offer_id or bakery.offer(by_code=True)
    terms = SeriesTerms(kind=SeriesKind.LISTED, uses_each=uses_each, listed=codes or (SPRING,))
    open_coupons(
        merchant_id=bakery.merchant_id, offer_id=offer_id, terms=terms, actor=SYSTEM, now=NOW
    )
    return offer_id


def made(bakery: Bakery, count: int, *, offer_id: int, prefix: str = "") -> int:
    """Make so many codes, to the end; return the series."""
    terms = SeriesTerms(kind=SeriesKind.MADE, uses_each=1, count=count, prefix=prefix)
    series_id = open_coupons(
        merchant_id=bakery.merchant_id, offer_id=offer_id, terms=terms, actor=SYSTEM, now=NOW
    )
    while make_coupons(series_id=series_id, actor=SYSTEM):
        pass
    return series_id


def left(code: str = SPRING) -> Any:
    """Return how often a code may still be used, live and in tests."""
    with operator_scope("the tests look"):
        return Coupon.objects.values_list("left_live", "left_test").get(code=code)


def uses() -> list[Any]:
    """Return what coupons gave, and whether it was given back."""
    with operator_scope("the tests look"):
        found = CouponUse.objects.order_by("used_at", "sale_id")
        return [(one.amount, one.given_back_by_id is not None) for one in found]
