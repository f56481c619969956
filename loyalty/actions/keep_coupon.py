"""Keep a coupon in the wallet, so that the next scan at its shop brings it along."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from loyalty.coupon_codes import plain
from loyalty.coupons import CouponUnknown, CouponUsed
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from wallet.actions import count_guess
from wallet.models import GuessWindow

FIND = """
SELECT coupon.id, coupon.series_id, coupon.merchant_id,
    CASE person.mode WHEN 'live' THEN coupon.left_live ELSE coupon.left_test END = 0
FROM loyalty_coupon coupon
JOIN parties_merchant merchant ON merchant.id = coupon.merchant_id
JOIN parties_person person ON person.id = %(person)s
WHERE coupon.code = %(code)s AND coalesce(merchant.reference = %(merchant)s, true)
LIMIT 2
"""
KEEP = """
INSERT INTO loyalty_kept_coupon (person_id, coupon_id, series_id, merchant_id, kept_at)
SELECT %(person)s, %(coupon)s, %(series)s, %(merchant)s, %(now)s
WHERE (SELECT count(*) FROM loyalty_kept_coupon WHERE person_id = %(person)s) < %(most)s
ON CONFLICT (person_id, coupon_id) DO NOTHING
RETURNING coupon_id
"""
IS_KEPT = "SELECT 1 FROM loyalty_kept_coupon WHERE person_id = %s AND coupon_id = %s"
MOST_KEPT = 100
"""How many coupons a person keeps: each is looked at in every sale at its shop."""


class CouponOfSeveral(Refusal):
    """More than one shop has a coupon with this code."""

    code = "coupon_of_several_merchants"
    sentence = _("More than one shop has this code. Open the link or QR code of the shop itself.")


class TooManyKept(Refusal):
    """The wallet holds as many as it may."""

    code = "too_many_coupons_kept"
    sentence = _("You keep 100 coupons already. Put one away first.")


def keep_coupon(
    *, person_id: int, code: str, merchant_reference: str | None, actor: Actor, now: datetime
) -> int:
    """Keep a coupon; return its merchant. One that is kept already stays so.

    Several people may keep one code: who uses it first has it. A code that is not known is counted
    as a guess of this person. Raises ``CodeThrottled``, ``CouponUnknown``, ``CouponUsed``,
    ``CouponOfSeveral`` or ``TooManyKept``.
    """
    guesser = f"person:{person_id}:coupons"
    since = GuessWindow.objects.filter(
        bucket=guesser,
        wrong__gte=count_guess.ALLOWED_PER_TILL,
        opened_at__gt=now - GuessWindow.LENGTH,
    ).first()
    if since is not None:
        raise count_guess.throttled(since=since.opened_at, now=now)
    found = db.call(
        FIND, {"person": person_id, "code": plain(code), "merchant": merchant_reference}
    )
    if not found:
        count_guess.count_guess(till_key=guesser, now=now)
        raise CouponUnknown
    if len(found) > 1:
        raise CouponOfSeveral
    coupon_id, series_id, merchant_id, is_used = found[0]
    if is_used:
        raise CouponUsed
    with db.transaction():
        _keep(person_id, coupon_id, series_id, merchant_id, actor=actor, now=now)
    return int(merchant_id)


@db.transaction_required
def _keep(
    person_id: int, coupon_id: int, series_id: int, merchant_id: int, *, actor: Actor, now: datetime
) -> None:
    row = {
        "person": person_id,
        "coupon": coupon_id,
        "series": series_id,
        "merchant": merchant_id,
        "now": now,
        "most": MOST_KEPT,
    }
    if db.call(KEEP, row):
        audit.record(actor=actor, action="coupon_kept", object_type="coupon", object_id=coupon_id)
    elif not db.call(IS_KEPT, (person_id, coupon_id)):
        raise TooManyKept
