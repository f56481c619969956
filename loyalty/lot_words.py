"""What a programme says of points that wait and end, in plain sentences."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.models import Expiry
from loyalty.queries.lots import PointsOn
from okplatform.web import formats


def promised(pending_days: int, expiry: str, length: int | None) -> list[str]:
    """Return when points count and when they end; nothing where they count at once and for good."""
    said = []
    if pending_days:
        said.append(
            ngettext(
                "Points count once {days} day has passed in which goods can come back.",
                "Points count once {days} days have passed in which goods can come back.",
                pending_days,
            ).format(days=formats.number(pending_days))
        )
    if expiry != Expiry.NEVER:
        said.append(_ending(Expiry(expiry), length or 0))
    return said


def _ending(expiry: Expiry, length: int) -> str:
    number = formats.number(length)
    if expiry == Expiry.DAYS:
        said = ngettext("They end after {number} day.", "They end after {number} days.", length)
    elif expiry == Expiry.MONTHS:
        said = ngettext("They end after {number} month.", "They end after {number} months.", length)
    elif expiry == Expiry.INACTIVE:
        said = ngettext(
            "They end after {number} month without a purchase.",
            "They end after {number} months without a purchase.",
            length,
        )
    elif expiry == Expiry.MONTH_END:
        said = ngettext(
            "They end with the month that comes {number} month later.",
            "They end with the month that comes {number} months later.",
            length,
        )
        said = said if length else _("They end with the month in which they count.")
    else:
        said = ngettext(
            "They end with the year that comes {number} year later.",
            "They end with the year that comes {number} years later.",
            length,
        )
        said = said if length else _("They end with the year in which they count.")
    return said.format(number=number)


def counts(one: PointsOn, *, today: date) -> str:
    """Say from when pending points count."""
    return _("to spend from {day}").format(day=formats.calendar_day(one.day, today=today))


def lasts(one: PointsOn, *, today: date) -> str:
    """Say until when points can be spent."""
    return _("valid until {day}").format(day=formats.calendar_day(one.day, today=today))
