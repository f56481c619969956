"""What the bank timed out on: transfers of which nobody knows whether they happened. Reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from okplatform.kernel.db import call
from payments.calendar import certain_on
from payments.models import ExpectationKind

IN_DOUBT = """
SELECT kind, doubted.id, merchant.name, amount, doubted.currency, end_to_end_id, doubt, doubted_on,
    due_on, house_account_id
FROM (
    SELECT 'payout' AS kind, id, merchant_id, amount, currency, end_to_end_id, doubt, doubted_on,
        due_on, house_account_id
    FROM payments_payout WHERE state = 'unknown'
    UNION ALL
    SELECT 'refund', id, merchant_id, amount, currency, end_to_end_id, doubt, doubted_on, due_on,
        house_account_id
    FROM payments_refund WHERE state = 'unknown'
) AS doubted
JOIN parties_merchant merchant ON merchant.id = doubted.merchant_id
ORDER BY doubted_on, kind, doubted.id
"""


@dataclass(frozen=True, slots=True)
class Doubted:
    """A payout, or a refund of a purchase, at ``merchant``; ``amount`` in minor units.

    ``doubt`` is the bank's code, given on ``doubted_on``.
    """

    kind: ExpectationKind
    id: int
    merchant: str
    amount: int
    currency: str
    end_to_end_id: str
    doubt: str
    doubted_on: date
    due_on: date
    house_account_id: int

    @property
    def certain_on(self) -> date:
        """Return the last day on which it may still be on a statement."""
        return certain_on(max(self.due_on, self.doubted_on))


def transfers_in_doubt() -> Sequence[Doubted]:
    """Return all of every merchant, the oldest doubt first."""
    return [Doubted(ExpectationKind(kind), *facts) for kind, *facts in call(IN_DOUBT)]
