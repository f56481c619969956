"""Lines of text for a till's printer of 40 columns (pure)."""

from okplatform.kernel.money import format_money

COLUMNS = 40


def two(left: str, right: str) -> str:
    """Return two texts on one line, the left one cut if they do not fit."""
    room = COLUMNS - len(right) - 1
    return f"{left[:room]:<{room}} {right}"


def money(amount: int, currency: str, language: str) -> str:
    """Return an amount without the spaces that a printer does not know."""
    return format_money(amount, currency, language).replace("\xa0", " ")


def rate(rate_bp: int) -> str:
    """Return a VAT rate in percent; ``rate_bp`` in basis points."""
    return f"{rate_bp / 100:g}"
