"""One call of a till about one sale: who calls, which sale, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from merchants.checkout.basket import TenderAsked
from okplatform.parties.tills import Till
from okplatform.trade.facts import SaleKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call; everything it does happens at ``now``."""

    till: Till
    key: SaleKey
    now: datetime

    @property
    def sale_ref(self) -> str:
        """Return the name under which the wallet binds a handle to this sale."""
        return reference_of(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How the till wants a sale paid; ``amount_due`` is what it showed, if it says.

    ``tip`` comes on top of that. ``age_checked``: somebody has looked how old the customer is;
    ``operator`` is who, where the basket does not say so.
    """

    tenders: Sequence[TenderAsked]
    amount_due: int | None
    tip: int = 0
    age_checked: bool = False
    operator: str = ""


def reference_of(key: SaleKey) -> str:
    """Return a sale's name for others: "<merchant id>:<mode>:<uuid>"."""
    return f"{key.merchant_id}:{key.mode}:{key.uuid}"


def channel_of(key: SaleKey) -> str:
    """Return where a till hears that a sale of its own has moved (``okplatform.web.waiting``)."""
    return f"sale:{reference_of(key)}"
