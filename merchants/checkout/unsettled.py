"""Sales of a till without a final verdict, each with what the cashier does about it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from merchants.checkout.facts import Draft
from okplatform.kernel.money import format_money
from okplatform.trade.models import Sale
from payments.models import Confirmation
from payments.states import ConfirmationState

LEFT_OPEN = timedelta(minutes=15)
"""So long after it was begun a basket that nobody pays looks forgotten."""


class Do(StrEnum):
    """What settles a sale: for programs; the sentence says it to people."""

    WAIT = "wait"
    ASK = "ask"
    PAY_OR_STOP = "pay_or_stop"
    STOP = "stop"


def render_unsettled(
    sales: Sequence[Sale], asked: Mapping[int, Confirmation], *, now: datetime, language: str
) -> list[dict[str, Any]]:
    """Return sales as the API answers them; ``asked`` is what shoppers were asked, by sale."""
    with translation.override(language):
        return [_one(sale, asked.get(sale.pk), now, language) for sale in sales]


def is_asked(sale: Sale) -> bool:
    """Say whether its shopper was asked on the phone."""
    return bool(sale.draft) and Draft.from_json(sale.draft).waiting is not None


def _one(sale: Sale, asked: Confirmation | None, now: datetime, language: str) -> dict[str, Any]:
    do = what_to_do(sale, asked, now=now)
    return {
        "uuid": str(sale.uuid),
        "revision": sale.revision,
        "store": sale.store.reference if sale.store else None,
        "terminal": sale.terminal.reference if sale.terminal else None,
        "operator": sale.operator,
        "reference": sale.reference,
        "currency": sale.currency,
        "due": sale.due,
        "opened_at": sale.opened_at.isoformat(),
        "deadline": asked.deadline.isoformat() if asked and do is Do.WAIT else None,
        "do": do.value,
        "sentence": _sentence(do, format_money(sale.due, sale.currency, language)),
    }


def what_to_do(sale: Sale, asked: Confirmation | None, *, now: datetime) -> Do:
    """Return what settles an open sale. Each is safe: none of them can pay or stop it twice."""
    if asked is not None:
        waits = asked.state == ConfirmationState.ASKED and asked.deadline > now
        return Do.WAIT if waits else Do.ASK
    return Do.STOP if sale.opened_at + LEFT_OPEN <= now else Do.PAY_OR_STOP


def _sentence(do: Do, due: str) -> str:
    if do is Do.WAIT:
        text = _("Keep the goods. The customer confirms {due} on the phone.")
    elif do is Do.ASK:
        text = _("Ask how this sale of {due} ended: the customer has answered, or is too late.")
    elif do is Do.PAY_OR_STOP:
        text = _("Not paid. Take a payment of {due}, or stop this sale.")
    else:
        text = _("Not paid and left open: {due}. Stop this sale if the customer has gone.")
    return text.format(due=due)
