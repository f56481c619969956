"""Find the purchase by which a customer asks something. Each needs the merchant's scope."""

from datetime import datetime, timedelta
from uuid import UUID

from okplatform.trade.models import Sale, SaleState

RECENT = timedelta(days=14)
"""How far back a receipt number is looked for: it has no index of its own."""
MOST_FOUND = 20


def purchases_like(text: str, *, mode: str, now: datetime) -> list[Sale]:
    """Return the closed sales of this number, the newest first.

    A sale's own number (UUID) is found however old it is, a receipt number in the last two weeks.
    """
    closed = Sale.objects.filter(mode=mode, state=SaleState.CLOSED)
    try:
        closed = closed.filter(uuid=UUID(text))
    except ValueError:
        closed = closed.filter(reference=text, closed_at__gte=now - RECENT)
    found = closed.select_related("store").defer("draft").order_by("-closed_at", "-id")
    return list(found[:MOST_FOUND])


def purchase(uuid: UUID, *, mode: str) -> Sale | None:
    """Return one closed sale, or None."""
    closed = Sale.objects.filter(mode=mode, state=SaleState.CLOSED, uuid=uuid)
    return closed.defer("draft").first()
