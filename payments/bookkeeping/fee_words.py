"""How a line of fees reads on an invoice, in each language (pure).

Not gettext, for the reason of ``payments.bookkeeping.invoice_words``.
"""

from babel.numbers import format_currency, format_percent

from okplatform.kernel.money import BASIS_POINTS
from payments.bookkeeping.decimals import decimal
from payments.bookkeeping.fees import FeeKind, FeeLine, Rate

NAMES = {
    "nl": {
        (FeeKind.MONTHLY, ""): "Maandbedrag",
        (FeeKind.PAYMENT, "in_store"): "Betalingen in de winkel",
        (FeeKind.PAYMENT, "online"): "Betalingen online",
        (FeeKind.REFUND, "in_store"): "Terug voor retouren, betaald in de winkel",
        (FeeKind.REFUND, "online"): "Terug voor retouren, online betaald",
        (FeeKind.HANDLING, ""): "Terugbetalingen",
    },
    "en": {
        (FeeKind.MONTHLY, ""): "Monthly fee",
        (FeeKind.PAYMENT, "in_store"): "Payments in store",
        (FeeKind.PAYMENT, "online"): "Payments online",
        (FeeKind.REFUND, "in_store"): "Returned for refunds, paid in store",
        (FeeKind.REFUND, "online"): "Returned for refunds, paid online",
        (FeeKind.HANDLING, ""): "Refunds",
    },
}
PER_PAYMENT = {"nl": "{price} per betaling", "en": "{price} per payment"}
PER_REFUND = {"nl": "{price} per terugbetaling", "en": "{price} per refund"}
PLACES = 4
"""Decimals of an amount in 1/100 cent."""


def line_name(line: FeeLine, language: str) -> str:
    """Return what a line is for; raises ``KeyError`` for a language that is not ours."""
    return NAMES[language][line.kind, line.channel]


def line_detail(line: FeeLine, language: str) -> str:
    """Return how its amount came about; nothing for a month, which is its own price."""
    if line.kind is FeeKind.MONTHLY:
        return ""
    words = PER_REFUND if line.kind is FeeKind.HANDLING else PER_PAYMENT
    return words[language].format(price=rate(line.rate, language))


def rate(price: Rate, language: str) -> str:
    """Write a price: ``€ 0,05 + 0,25%``; what is nothing is left out, unless all is."""
    fixed = precise(price.fixed, language)
    share = format_percent(price.percentage_bp / BASIS_POINTS, "0.##%", language)
    if not price.percentage_bp:
        return fixed
    return f"{fixed} + {share}" if price.fixed else share


def precise(amount: int, language: str, currency: str = "EUR") -> str:
    """Write an amount in 1/100 cent: with two decimals, or four where the cents are not whole."""
    pattern = "¤ #,##0.00##;-¤ #,##0.00##" if language == "nl" else "¤#,##0.00##;-¤#,##0.00##"
    return format_currency(
        decimal(amount, places=PLACES), currency, pattern, language, currency_digits=False
    )
