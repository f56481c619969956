"""Amounts, numbers and moments as a reader of this language and time zone writes them."""

from datetime import date, datetime, timedelta

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language, gettext

from okplatform.kernel.money import BASIS_POINTS, format_money

MINUS = "\N{MINUS SIGN}\N{NO-BREAK SPACE}"


def language() -> str:
    """Return the language of the page; Dutch where translation is switched off."""
    return get_language() or "nl"


def money(amount: int, currency: str) -> str:
    """Write an amount in minor units; a minus stands before the sign of the currency."""
    written = format_money(abs(amount), currency, language())
    return f"{MINUS}{written}" if amount < 0 else written


def number(value: int) -> str:
    """Write a whole number with the language's separators."""
    return format_decimal(value, locale=language())


def percent(basis_points: int) -> str:
    """Write a rate in basis points: 900 is ``9 %`` in Dutch and ``9%`` in English."""
    share = format_decimal(
        basis_points / (BASIS_POINTS / 100), format="#,##0.##", locale=language()
    )
    return f"{share}%" if language() == "en" else f"{share}\N{NO-BREAK SPACE}%"


def clock_time(moment: datetime) -> str:
    """Write the time of day: ``14:02``."""
    return format_time(moment, "HH:mm", tzinfo=timezone.get_current_timezone(), locale=language())


def day(moment: datetime, *, now: datetime) -> str:
    """Write the day: today and yesterday by name, this year without the year."""
    local = timezone.localtime(moment).date()
    today = timezone.localtime(now).date()
    if local == today:
        return gettext("today")
    if local == today - timedelta(days=1):
        return gettext("yesterday")
    pattern = "d MMM" if local.year == today.year else "d MMM y"
    return format_date(local, pattern, locale=language())


def calendar_day(on: date, *, today: date | None = None) -> str:
    """Write a day of the calendar: ``27 november``; with its year where that is not today's."""
    pattern = "d MMMM" if today is None or on.year == today.year else "d MMMM y"
    return format_date(on, pattern, locale=language())


def day_and_time(moment: datetime, *, now: datetime) -> str:
    """Write day and time as one speaks them: ``vandaag 14:02``."""
    return f"{day(moment, now=now)} {clock_time(moment)}"


def full_date(moment: datetime) -> str:
    """Write a whole date: ``zaterdag 21 november 2026``."""
    zone = timezone.get_current_timezone()
    return format_datetime(moment, "EEEE d MMMM y", tzinfo=zone, locale=language())
