"""On which days banks settle, and how early a collection is told and sent (pure).

SEPA settles on TARGET days: all days but Saturdays, Sundays, 1 January, Good Friday, Easter
Monday, 1 May, 25 and 26 December (ECB, long-term calendar of TARGET closing days). Days are those
of the Netherlands, which is on the ECB's clock.
"""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
FIXED_CLOSING_DAYS = {(1, 1), (5, 1), (12, 25), (12, 26)}
SATURDAY = 5

NOTICE_DAYS = 2
"""Calendar days between telling the shopper and collecting, as the mandate's text says.

The scheme's own 14 days hold where nothing else is agreed (EPC016-06, 4.1).
"""
LEAD_DAYS = 1
"""Business days before the due day on which the shopper's bank must have a CORE collection."""
CUT_OFF_DAYS = 1
"""One more, because a bank takes what comes after its cut-off as the next day's."""
RETURN_DAYS = 5
"""Business days after a collection in which the shopper's bank may return it (EPC016-06: a Return).

Account closed, no funds, no mandate: what the bank finds by itself. The shopper's own eight weeks
are longer than anybody would wait for a refund.
"""
TELLING_DAYS = 1
"""One more, because OK's bank tells of a return on the day after. Mangopay waits a week as well."""
RETRY_DAYS = 5
"""Business days before a collection is tried once more."""

CERTAIN_DAYS = 4
"""Business days after which a transfer that the bank never booked will not happen any more.

A bank makes it by the end of the next one (PSD2, article 83); the others are for banks that don't.
"""


class Schedule(StrEnum):
    """How often a merchant is paid out."""

    INSTANT = "instant"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


@cache
def easter(year: int) -> date:
    """Return Easter Sunday (J. Meeus, Astronomical Algorithms, chapter 8: Gregorian Easter)."""
    century, of_century = divmod(year, 100)
    leaps, rest = divmod(century, 4)
    moon = (century + 8) // 25
    epact = (19 * (year % 19) + century - leaps - (century - moon + 1) // 3 + 15) % 30
    years, left = divmod(of_century, 4)
    weekday = (32 + 2 * rest + 2 * years - epact - left) % 7
    shift = (year % 19 + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def is_business_day(day: date) -> bool:
    """Say whether TARGET is open on a day."""
    if day.weekday() >= SATURDAY or (day.month, day.day) in FIXED_CLOSING_DAYS:
        return False
    sunday = easter(day.year)
    return day not in {sunday - timedelta(days=2), sunday + timedelta(days=1)}


def on_or_after(day: date) -> date:
    """Return the day itself if TARGET is open, else the first business day after it."""
    while not is_business_day(day):
        day += timedelta(days=1)
    return day


def add_business_days(day: date, days: int) -> date:
    """Return the business day ``days`` business days after ``day``; 0 is ``on_or_after``."""
    day = on_or_after(day)
    for _ in range(days):
        day = on_or_after(day + timedelta(days=1))
    return day


def local_day(now: datetime) -> date:
    """Return the day it is for the banks."""
    return now.astimezone(ZONE).date()


def soonest_due(today: date) -> date:
    """Return the first day on which what is sent today can be collected."""
    return add_business_days(today, LEAD_DAYS + CUT_OFF_DAYS)


def due_after_notice(today: date) -> date:
    """Return the day on which what is announced today is collected."""
    return max(on_or_after(today + timedelta(days=NOTICE_DAYS)), soonest_due(today))


def retry_due(today: date) -> date:
    """Return the day on which what came back today is collected once more."""
    return max(add_business_days(today, RETRY_DAYS), due_after_notice(today))


def next_cut(schedule: Schedule, now: datetime) -> datetime:
    """Return the next moment up to which a payout goes: what is sold until then is in it."""
    if schedule is Schedule.INSTANT:
        return now
    last = cut(schedule, now)
    if schedule is Schedule.HOURLY:
        return last + timedelta(hours=1)
    day = local_day(last) + timedelta(days=7 if schedule is Schedule.WEEKLY else 1)
    return datetime.combine(day, datetime.min.time(), ZONE).astimezone(UTC)


def refund_from(settled_on: date) -> date:
    """Return the first day on which what was collected then may be paid back."""
    return add_business_days(settled_on, RETURN_DAYS + TELLING_DAYS)


def certain_on(day: date) -> date:
    """Return the last day on which a transfer may still be booked that was in doubt on ``day``."""
    return add_business_days(day, CERTAIN_DAYS)


def settled_for_good(today: date) -> date:
    """Return the last day of collection after which a refund may be paid today."""
    day = today
    while refund_from(day) > today:
        day -= timedelta(days=1)
    return day


def cut(schedule: Schedule, now: datetime) -> datetime:
    """Return the moment up to which a payout ordered ``now`` goes.

    That is now, the last full hour, the last midnight, or midnight of the last Monday.
    """
    if schedule is Schedule.INSTANT:
        return now
    if schedule is Schedule.HOURLY:
        # Whole hours of UTC are whole hours here, and no hour comes twice.
        return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    day = local_day(now)
    if schedule is Schedule.WEEKLY:
        day -= timedelta(days=day.weekday())
    return datetime.combine(day, datetime.min.time(), ZONE).astimezone(UTC)
