"""What a merchant owes for points as of a day, from the ledger and the versions in force then."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from loyalty.builder.liability import Deferral, defer
from loyalty.builder.trades import REDEEMED_BP
from loyalty.engine import MILLI
from loyalty.models import Programme, SchemeVersion, SpendingVersion
from okplatform.kernel import db
from okplatform.kernel.modes import Mode
from okplatform.kernel.money import half_up
from payments.chart import PROGRAMME_POINTS, points_of

ISSUING = (
    "points_earned",
    "points_reversed",
    "points_pending_reversed",
    "points_debt_paid",
    "points_corrected",
    "points_brought",
    "points_given",
    "points_received",
)
"""What makes points, and takes back what should not have been made; all else uses points up."""

REDEEMING = (
    "points_spent",
    "points_given_back",
    "points_donated",
    "points_for_card",
    "points_drawn",
    "points_drawn_back",
)
"""What uses points up as they were meant, and takes that back with its purchase.

Points drawn at another shop of a circle are used up here; there they come and go in one sale.
"""

MOST_MONTHS = 12

POINTS = """
SELECT posting.kind, -sum(entry.amount)::bigint
FROM payments_account account
JOIN payments_entry entry ON entry.account_id = account.id
JOIN payments_posting posting ON posting.id = entry.posting_id
WHERE (account.kind, account.owner_id, account.asset, account.mode)
    = (%(kind)s, %(programme)s, %(asset)s, %(mode)s)
    AND posting.booked_at < %(until)s
GROUP BY posting.kind
"""
SALES = """
SELECT coalesce(sum(sale.due - coalesce(back.amount, 0)), 0)::bigint
FROM loyalty_earning earning
JOIN trade_sale sale ON sale.id = earning.sale_id
LEFT JOIN LATERAL (
    SELECT sum(amount) AS amount FROM trade_return came
    WHERE came.sale_id = sale.id AND came.returned_at < %(until)s
) back ON true
WHERE (earning.merchant_id, earning.mode) = (%(merchant)s, %(mode)s)
    AND earning.earned_at < %(until)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Liability:
    """What is owed at the end of ``day``.

    ``redeemed`` points paid a part of sales, net of what came back; ``expired`` ended or were left
    behind. What is set aside for a payment that is captured later is outstanding still.
    ``sales`` are what was paid with the points ``issued``, net of what came back, in minor units;
    ``worth`` is that of 1,000 points by the version in force then, else by the terms on which
    they are spent; None before there was either.
    """

    day: date
    issued: int
    redeemed: int
    expired: int
    sales: int
    worth: int | None
    redeemed_bp: int

    @property
    def used(self) -> int:
        """Return the points that members had and have no longer."""
        return self.redeemed + self.expired

    @property
    def outstanding(self) -> int:
        """Return the points that members have."""
        return self.issued - self.used

    @property
    def deferral(self) -> Deferral | None:
        """Return what they are in money; None where nobody said what points are worth."""
        if self.worth is None:
            return None
        return defer(
            sales=self.sales,
            issued=self.issued,
            outstanding=self.outstanding,
            worth=self.worth,
            redeemed_bp=self.redeemed_bp,
        )


def liability_of(*, merchant_id: int, day: date, zone: str) -> Liability:
    """Return what a merchant owes for live points at the end of a day of its own calendar.

    The merchant's scope is open.
    """
    until = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    programme = Programme.objects.filter(merchant_id=merchant_id).first()
    said = {"merchant": merchant_id, "mode": Mode.LIVE.value, "until": until}
    points: dict[str, int] = {}
    if programme is not None:
        account = {
            "kind": PROGRAMME_POINTS.kind,
            "programme": programme.pk,
            "asset": points_of(programme.pk),
        }
        points = dict(db.call(POINTS, said | account))
    issued = sum(points.get(kind, 0) for kind in ISSUING)
    version = (
        SchemeVersion.objects.filter(merchant_id=merchant_id, started_at__lt=until)
        .order_by("-started_at", "-number")
        .first()
    )
    redeemed = -sum(points.get(kind, 0) for kind in REDEEMING)
    return Liability(
        day=day,
        issued=issued,
        redeemed=redeemed,
        expired=issued - redeemed - sum(points.values()),
        sales=db.call(SALES, said)[0][0],
        worth=version.content["worth"] if version else _worth_spent(merchant_id, until),
        redeemed_bp=version.content["redeemed_bp"] if version else REDEEMED_BP,
    )


def _worth_spent(merchant_id: int, until: datetime) -> int | None:
    found = SpendingVersion.objects.filter(merchant_id=merchant_id, started_at__lt=until)
    version = found.order_by("-started_at", "-id").first()
    return half_up(MILLI * version.terms["amount"], version.terms["points"]) if version else None


def month_ends(day: date) -> list[date]:
    """Return the last days of the months before ``day``, the oldest first, then that day."""
    ends = [day]
    first = day.replace(day=1)
    for _month in range(MOST_MONTHS - 1):
        ends.append(first - timedelta(days=1))
        first = ends[-1].replace(day=1)
    return ends[::-1]
