"""Take the codes of a series along, as a file: whoever has one has what it is worth."""

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor


def fetch_coupons(*, merchant_id: int, series_id: int, actor: Actor) -> None:
    """Write down who takes the codes of a series along."""
    with db.transaction():
        audit.record(
            actor=actor,
            action="coupons_fetched",
            object_type="coupon_series",
            object_id=series_id,
            merchant_id=merchant_id,
        )
