"""Take a coupon out of the wallet; it stays valid for whoever has its code."""

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor

PUT_AWAY = "DELETE FROM loyalty_kept_coupon WHERE person_id = %s AND coupon_id = %s RETURNING 1"

FORGET = "DELETE FROM loyalty_kept_coupon WHERE person_id = %s RETURNING coupon_id"


def put_coupon_away(*, person_id: int, coupon_id: int, actor: Actor) -> None:
    """Keep a coupon no longer; one that is not kept is fine."""
    with db.transaction():
        if db.call(PUT_AWAY, (person_id, coupon_id)):
            audit.record(
                actor=actor, action="coupon_put_away", object_type="coupon", object_id=coupon_id
            )


@db.transaction_required
def forget_coupons(*, person_id: int, actor: Actor) -> None:
    """Keep none of a person's coupons: a part of their leaving."""
    for (coupon_id,) in db.call(FORGET, (person_id,)):
        audit.record(
            actor=actor, action="coupon_put_away", object_type="coupon", object_id=coupon_id
        )
