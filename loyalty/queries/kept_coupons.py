"""The coupons that a person keeps in the wallet."""

from dataclasses import dataclass
from datetime import date, datetime

from loyalty.coupon_codes import shown
from okplatform.kernel import db


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A coupon in the wallet; ``is_over`` says that it brings nothing any more."""

    coupon_id: int
    code: str
    prefix: str
    merchant_name: str
    merchant_reference: str
    offer: str
    last_day: date | None
    kept_at: datetime
    is_over: bool

    @property
    def code_shown(self) -> str:
        """Return the code as people read it."""
        return shown(self.code, self.prefix)


_KEPT = """
SELECT coupon.id, coupon.code, series.prefix, merchant.name, merchant.reference,
    offer.name ->> %(language)s, offer.last_day, kept.kept_at,
    coalesce(CASE %(mode)s WHEN 'live' THEN coupon.left_live ELSE coupon.left_test END = 0, false)
        OR coalesce(offer.last_day < (%(now)s AT TIME ZONE merchant.timezone)::date, false)
FROM loyalty_kept_coupon kept
JOIN loyalty_coupon coupon ON coupon.id = kept.coupon_id
JOIN loyalty_coupon_series series ON series.id = kept.series_id
JOIN loyalty_offer offer ON offer.id = series.offer_id
JOIN parties_merchant merchant ON merchant.id = kept.merchant_id
WHERE kept.person_id = %(person)s
ORDER BY 9, kept.kept_at DESC, coupon.id
"""


def kept_by(*, person_id: int, mode: str, language: str, now: datetime) -> list[KeptLine]:
    """Return what a person keeps: what counts still first, then the newest."""
    params = {"person": person_id, "mode": mode, "language": language, "now": now}
    return [KeptLine(*row) for row in db.call(_KEPT, params)]
