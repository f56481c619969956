"""Make the next codes of a series, a part at a time, so that one can see how far it is."""

from collections.abc import Sequence

from django.db import IntegrityError
from django.db.models import F

from loyalty.actions.open_coupons import write_codes
from loyalty.coupon_codes import made
from loyalty.models import CouponSeries
from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.tenancy import operator_scope

AT_ONCE = 25_000


def make_coupons(*, series_id: int, actor: Actor) -> bool:
    """Make at most ``AT_ONCE`` codes of a series; say whether more are to be made after them.

    Two at once wait for each other, and each makes a part of its own. A code that exists already,
    of which there is hardly any chance, has the part made anew.
    """
    while True:
        try:
            with transaction(), operator_scope("making the codes of a series"):
                return _part(series_id, actor)
        except IntegrityError:
            continue


@transaction_required
def _part(series_id: int, actor: Actor) -> bool:
    held = CouponSeries.objects.select_for_update(no_key=True)
    series: CouponSeries = held.get(pk=series_id)
    count = min(AT_ONCE, series.asked - series.made)
    if not count:
        return False
    write_codes(series, _new(series.prefix, count))
    CouponSeries.objects.filter(pk=series_id).update(made=F("made") + count)
    if series.made + count < series.asked:
        return True
    audit.record(
        actor=actor,
        action="coupons_made",
        object_type="coupon_series",
        object_id=series_id,
        merchant_id=series.merchant_id,
        data={"made": series.asked},
    )
    return False


def _new(prefix: str, count: int) -> Sequence[str]:
    return [made(prefix) for _code in range(count)]
