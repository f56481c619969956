"""What became of a dark till's sale, and what it may do, as the API answers and a page shows it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from merchants.checkout.offline import LATEST
from merchants.checkout.offline_log import Log
from merchants.models import OfflineAllowance, OfflineSale
from okplatform.parties.tills import StoreAtTill

PAID = _("Paid. The customer's bank account is charged.")
LOSS = _("Not paid: {reason} The goods have left, so it is booked as the shop's loss.")
WORDS: Mapping[str, str | Promise] = {
    "no_allowance": _("this till may not sell without a network."),
    "over_sale_limit": _("it was more than one sale without a network may be."),
    "over_allowance": _("the till had sold all that it may without a network."),
    "dark_too_long": _("the till had been without a network for too long."),
    "sent_too_late": _("it was sent more than a week after the sale."),
    "key_retired": _("the till signed it with a key that another one had replaced."),
    "sequence_used": _("the till gave its number to another sale before."),
    "confirmation_needed": _("the customer would have had to confirm it on the phone."),
    "bank_account_not_ready": _("OK may not collect from the customer's account."),
    "bank_account_removed": _("the account of this code was removed."),
    "code_blocked": _("the phone was blocked."),
    "code_malformed": _("what was scanned is no OK code."),
    "code_stale": _("the code was too old when it was scanned."),
    "code_unknown": _("no phone shows this code."),
    "code_used": _("the code was used for another sale: it may be a photograph."),
    "code_wrong_mode": _("the code is for tests only, or the till is."),
    "daily_limit_reached": _("the customer's limit for the day was reached."),
    "monthly_limit_reached": _("the customer's limit for the month was reached."),
    "no_bank_account": _("no bank account belongs to this code."),
    "too_many_payments": _("the customer had paid too often within an hour."),
}
"""A sentence for every reason of a loss."""


def sentence_of(sale: OfflineSale) -> str:
    """Return what became of it, in the active language."""
    if not sale.reason:
        return str(PAID)
    return str(LOSS).format(reason=WORDS[sale.reason])


def render_sale(sale: OfflineSale, *, language: str) -> dict[str, Any]:
    """Return what became of a sale."""
    with translation.override(language):
        sentence = sentence_of(sale)
    return {
        "uuid": str(sale.uuid),
        "mode": sale.mode,
        "booked_as": str(sale.booked_as),
        "reason": sale.reason or None,
        "sentence": sentence,
        "store": sale.store.reference,
        "terminal": sale.terminal.reference,
        "currency": sale.currency,
        "amount": sale.amount,
        "points_earned": sale.sale.points_earned,
        "sequence": sale.sequence,
        "digest": sale.digest,
        "sold_at": sale.sold_at.isoformat(),
        "booked_at": sale.booked_at.isoformat(),
    }


def render_allowance(
    allowed: OfflineAllowance | None,
    logs: list[Log],
    *,
    place: StoreAtTill,
    mode: str,
    now: datetime,
) -> dict[str, Any]:
    """Return what a till may do from now on, and how its logs look from here."""
    return {
        "store": place.store_reference,
        "terminal": place.terminal_reference,
        "mode": mode,
        "as_of": now.isoformat(),
        "currency": place.currency,
        "allowed": bool(allowed and allowed.most_per_sale),
        "most_per_sale": allowed.most_per_sale if allowed else 0,
        "most_in_all": allowed.most_in_all if allowed else 0,
        "hours": allowed.hours if allowed else 0,
        "send_within_days": LATEST.days,
        "logs": [_log(log) for log in logs],
    }


def _log(log: Log) -> dict[str, Any]:
    return {
        "public_key": log.key.public_key,
        "in_force": log.key.retired_at is None,
        "last_sequence": log.last_sequence,
        "last_digest": log.last_digest,
        "gaps": [{"first": first, "last": last} for first, last in log.gaps],
        "breaks": list(log.breaks),
    }
