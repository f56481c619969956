"""What may happen to a sale that exists already: go on, repeat its answer, or stop."""

from merchants.checkout.basket import Basket, TendersDoNotAddUpError, divide
from merchants.checkout.call import Asked, Call
from merchants.checkout.facts import SaleFacts
from merchants.checkout.queries import find_sale
from merchants.checkout.refusals import (
    RevisionReused,
    RevisionStale,
    SaleCancelled,
    SaleClosed,
)
from okplatform.kernel.db import transaction_required
from okplatform.trade.actions.open_sale import HeldSale
from payments.actions.end_confirmation import withdraw_confirmation


def check_open(held: HeldSale) -> None:
    """Raise ``SaleClosed`` or ``SaleCancelled`` unless the sale is open."""
    if held.state == "closed":
        raise SaleClosed
    if held.state == "cancelled":
        raise SaleCancelled


def check_revision(held: HeldSale, basket: Basket) -> None:
    """Refuse a basket older than the one held, and another one under the same revision."""
    if basket.revision < held.revision:
        raise RevisionStale(revision=held.revision)
    if basket.revision == held.revision and basket.fingerprint != held.basket_hash:
        raise RevisionReused(revision=held.revision)


def paid_before(*, call: Call, basket: Basket, asked: Asked | None) -> SaleFacts | None:
    """Return the sale if it was paid with this very basket and these tenders, else None.

    A retry gets its first answer, whatever has become of the code or the offer since.
    """
    stored = find_sale(call.key)
    if stored is None or stored.state != "closed" or stored.fingerprint != basket.fingerprint:
        return None
    return stored if asked is None or same_tenders(stored, asked) else None


def same_tenders(stored: SaleFacts, asked: Asked) -> bool:
    """Say whether a closed sale was paid the way that is asked now."""
    if stored.tip != asked.tip:
        return False
    try:
        divided = divide(stored.due, asked.tenders)
    except TendersDoNotAddUpError:
        return False
    return divided == list(stored.tenders)


@transaction_required
def stop_waiting(call: Call, held: HeldSale) -> None:
    """Take back what the phone is asked, because the sale is about to be paid without that."""
    if held.draft.get("waiting"):
        withdraw_confirmation(sale_id=held.id, now=call.now, actor=call.till.actor)
