"""What is known of tills without a network: allowances, keys, and what they sold (reads)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet, Sum

from merchants.models import BookedAs, OfflineAllowance, OfflineKey, OfflineSale
from okplatform.kernel.db import call
from okplatform.parties.models import Channel, Store, Terminal

# Numbers that never came, as ranges; and records that hold on to another one than came before them.
GAPS = """
SELECT before + 1, sequence - 1 FROM (
    SELECT sequence, lag(sequence, 1, 0) OVER (ORDER BY sequence) AS before
    FROM merchants_offline_sale WHERE key_id = %s AND reason <> 'sequence_used'
) AS log WHERE sequence > before + 1 ORDER BY 1 LIMIT %s
"""
BREAKS = """
SELECT sequence FROM (
    SELECT sequence, previous, lag(sequence, 1, 0) OVER held AS before,
        lag(digest, 1, repeat('0', 64)) OVER held AS expected
    FROM merchants_offline_sale WHERE key_id = %s AND reason <> 'sequence_used'
    WINDOW held AS (ORDER BY sequence)
) AS log WHERE sequence = before + 1 AND previous <> expected ORDER BY 1 LIMIT %s
"""
LAST = """
SELECT sequence, digest FROM merchants_offline_sale
WHERE key_id = %s AND reason <> 'sequence_used' ORDER BY sequence DESC LIMIT 1
"""
TOTALS = """
SELECT terminal_id, booked_as, reason, count(*), sum(amount)::bigint
FROM merchants_offline_sale WHERE merchant_id = %s AND mode = %s AND store_id = %s
GROUP BY 1, 2, 3 ORDER BY 1, 2 DESC, 5 DESC, 3
"""
MOST_TOLD = 20
"""How many gaps and breaks of a log are told at once."""


class Log(NamedTuple):
    """How a key's log looks from here."""

    key: OfflineKey
    last_sequence: int
    last_digest: str
    gaps: Sequence[tuple[int, int]]
    breaks: Sequence[int]

    @property
    def missing(self) -> int:
        """Return how many numbers never came, of the gaps that are told."""
        return sum(last - first + 1 for first, last in self.gaps)

    @property
    def is_whole(self) -> bool:
        """Say whether nothing is missing, and nothing was changed."""
        return not self.gaps and not self.breaks


class Total(NamedTuple):
    """What a terminal's sales of one kind came to; a loss has its reason."""

    terminal_id: int
    booked_as: str
    reason: str
    sales: int
    amount: int


def allowance_at(*, terminal_id: int, mode: str, at: datetime) -> OfflineAllowance | None:
    """Return what a terminal may do at a moment; None where nobody ever said."""
    known = OfflineAllowance.objects.filter(terminal_id=terminal_id, mode=mode, since__lte=at)
    return known.order_by("-since", "-pk").first()


def keys_of(*, terminal_id: int, mode: str) -> QuerySet[OfflineKey]:
    """Return a terminal's keys, the one in force first."""
    return OfflineKey.objects.filter(terminal_id=terminal_id, mode=mode).order_by("-pk")


def log_of(key: OfflineKey) -> Log:
    """Return how the log of a key stands."""
    last = call(LAST, [key.pk])
    sequence, digest = last[0] if last else (0, "0" * 64)
    gaps = [(first, until) for first, until in call(GAPS, [key.pk, MOST_TOLD])]
    breaks = [number for (number,) in call(BREAKS, [key.pk, MOST_TOLD])]
    return Log(key, sequence, digest, gaps, breaks)


def totals_of(store: Store, *, mode: str) -> list[Total]:
    """Return what the tills of a store sold without a network, the greatest loss first."""
    return [Total(*row) for row in call(TOTALS, [store.merchant_id, mode, store.pk])]


def stores_of(store_id: int | None) -> list[Store]:
    """Return the stores with tills of the merchant in scope, or the one somebody works at."""
    stores = Store.objects.filter(channel=Channel.IN_STORE).order_by("name", "pk")
    return list(stores if store_id is None else stores.filter(pk=store_id))


def tills_of(store: Store) -> list[Terminal]:
    """Return the tills of a store."""
    return list(Terminal.objects.filter(store=store).order_by("reference"))


def paid_of_spell(key: OfflineKey, dark_since: datetime) -> int:
    """Return what is paid of what a till sold in one dark spell, by whichever of its keys."""
    paid = OfflineSale.objects.filter(
        terminal_id=key.terminal_id,
        mode=key.mode,
        dark_since=dark_since,
        booked_as=BookedAs.PAID.value,
    ).aggregate(amount=Sum("amount"))
    return paid["amount"] or 0


def sales_of(store: Store, *, mode: str) -> QuerySet[OfflineSale]:
    """Return what the tills of a store sold without a network, the newest first."""
    return (
        OfflineSale.objects.filter(store=store, mode=mode)
        .select_related("store", "terminal", "sale")
        .order_by("-sold_at", "-pk")
    )
