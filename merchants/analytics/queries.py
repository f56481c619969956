"""What the live page shows: today's figures from the roll-up, the latest sales from the books.

All amounts in minor units. Every query needs an open merchant scope.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Max, Q, Sum

from merchants.models import LiveFigure
from okplatform.kernel.money import half_up
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Membership, Role
from okplatform.trade.models import Sale, SaleState

WEEK = timedelta(days=7)
QUARTERS_PER_HOUR = 4
LATEST = 8
WATCHERS = (Role.OWNER, Role.MANAGER, Role.FINANCE, Role.MARKETER)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """A merchant's day so far, over all its stores."""

    sales: int
    turnover: int
    discount: int
    members: int
    points_earned: int
    refunds: int
    refunded: int
    as_of: datetime | None

    @property
    def kept(self) -> int:
        """Return the turnover less what came back, of whichever day that was sold."""
        return self.turnover - self.refunded

    @property
    def average(self) -> int:
        """Return the average basket, rounded down; zero without sales."""
        return self.turnover // self.sales if self.sales else 0

    @property
    def member_share(self) -> int:
        """Return the share of sales with a known shopper: basis points, in whole percents."""
        return _percents(self.members, self.sales) if self.sales else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFigures:
    """One store's day."""

    name: str
    channel: str
    sales: int
    turnover: int
    before: int

    @property
    def change(self) -> int | None:
        """Return the change on last week (see ``change``)."""
        return change(self.turnover, self.before)

    @property
    def change_size(self) -> int:
        """Return the change without its direction."""
        return abs(self.change or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """Sales per channel in one quarter of an hour; ``start`` is minutes after midnight."""

    start: int
    in_store: int
    online: int

    @property
    def time(self) -> str:
        """Return the quarter's start on the clock."""
        return f"{self.start // 60:02}:{self.start % 60:02}"


def may_watch(person_id: int, merchant_id: str) -> bool:
    """Say whether a person may listen to the live stream of the merchant with this key."""
    if not merchant_id.isdigit():
        return False
    with merchant_scope(int(merchant_id)):
        return Membership.objects.filter(person_id=person_id, role__in=WATCHERS).exists()


def day_figures(*, mode: str, day: date, before_quarter: int | None = None) -> DayFigures:
    """Return a day's totals, up to but not including ``before_quarter`` if given."""
    figures = LiveFigure.objects.filter(mode=mode, day=day)
    if before_quarter is not None:
        figures = figures.filter(quarter__lt=before_quarter)
    sums: dict[str, Any] = figures.aggregate(
        sales=Sum("sales", default=0),
        turnover=Sum("turnover", default=0),
        discount=Sum("discount", default=0),
        members=Sum("members", default=0),
        points_earned=Sum("points_earned", default=0),
        refunds=Sum("refunds", default=0),
        refunded=Sum("refunded", default=0),
        as_of=Max("as_of"),
    )
    return DayFigures(**sums)


def change(now: int, before: int) -> int | None:
    """Return by how much an amount changed: basis points, in whole percents.

    None when there was nothing before.
    """
    return _percents(now - before, before) if before else None


def _percents(part: int, whole: int) -> int:
    return 100 * half_up(100 * part, whole)


def quarter_of(now: datetime) -> int:
    """Return the quarter of an hour that ``now`` (on the store's clock) lies in."""
    return now.hour * QUARTERS_PER_HOUR + now.minute // 15


def store_figures(
    *, mode: str, day: date, before_quarter: int, most: int = 12
) -> list[StoreFigures]:
    """Return today per store, most turnover first, each beside the same day last week."""
    rows = (
        LiveFigure.objects.filter(mode=mode)
        .filter(Q(day=day) | Q(day=day - WEEK, quarter__lt=before_quarter))
        .values("store_id", "store__name", "store__channel")
        .annotate(
            today=Sum("turnover", filter=Q(day=day), default=0),
            count=Sum("sales", filter=Q(day=day), default=0),
            before=Sum("turnover", filter=Q(day=day - WEEK), default=0),
        )
        .order_by("-today", "store__name")[:most]
    )
    return [
        StoreFigures(
            name=row["store__name"],
            channel=row["store__channel"],
            sales=row["count"],
            turnover=row["today"],
            before=row["before"],
        )
        for row in rows
    ]


def quarters(*, mode: str, day: date) -> list[Quarter]:
    """Return every quarter from the day's first sale to its last, empty ones too."""
    rows = (
        LiveFigure.objects.filter(mode=mode, day=day)
        .values_list("quarter", "store__channel")
        .annotate(count=Sum("sales"))
        .order_by("quarter")
    )
    counted: dict[int, dict[str, int]] = {
        quarter: {channel: count for _, channel, count in group}
        for quarter, group in groupby(rows, key=lambda row: row[0])
    }
    if not counted:
        return []
    return [
        Quarter(
            start=quarter * 15,
            in_store=counted.get(quarter, {}).get("in_store", 0),
            online=counted.get(quarter, {}).get("online", 0),
        )
        for quarter in range(min(counted), max(counted) + 1)
    ]


def latest_sales(*, mode: str, most: int = LATEST) -> Sequence[Sale]:
    """Return the newest closed sales with their stores; never who bought."""
    return list(
        # Closed sales have their moment; said once more, for the index that has them in order.
        Sale.objects.filter(mode=mode, state=SaleState.CLOSED, closed_at__isnull=False)
        .select_related("store", "terminal")
        .defer("draft", "basket_hash")
        .order_by("-closed_at", "-id")[:most]
    )
