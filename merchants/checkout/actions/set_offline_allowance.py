"""Say what a terminal may sell without a network: the merchant's own risk, and its own choice."""

from dataclasses import dataclass
from datetime import datetime

from merchants.checkout.offline_log import allowance_at
from merchants.models import OfflineAllowance
from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.parties.models import Terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What a dark till may do, in minor units and hours; all 0 is nothing."""

    most_per_sale: int
    most_in_all: int
    hours: int


NOTHING = Allowed(most_per_sale=0, most_in_all=0, hours=0)


def allowed_by(row: OfflineAllowance) -> Allowed:
    """Return what it allows."""
    return Allowed(most_per_sale=row.most_per_sale, most_in_all=row.most_in_all, hours=row.hours)


def set_offline_allowance(
    *, terminal: Terminal, mode: str, allowed: Allowed, now: datetime, actor: Actor
) -> OfflineAllowance:
    """Let this hold from now on; what a till was promised before goes on until it hears of OK.

    What holds already, said again, is as it was. Needs the merchant's scope.
    """
    with transaction():
        before = allowance_at(terminal_id=terminal.pk, mode=mode, at=now)
        if before is not None and allowed_by(before) == allowed:
            return before
        allowance = OfflineAllowance.objects.create(
            merchant_id=terminal.merchant_id,
            store_id=terminal.store_id,
            terminal=terminal,
            mode=mode,
            most_per_sale=allowed.most_per_sale,
            most_in_all=allowed.most_in_all,
            hours=allowed.hours,
            since=now,
        )
        audit.record(
            actor=actor,
            action="offline_allowance_set",
            object_type="terminal",
            object_id=terminal.pk,
            merchant_id=terminal.merchant_id,
            mode=mode,
            data={
                "most_per_sale": allowed.most_per_sale,
                "most_in_all": allowed.most_in_all,
                "hours": allowed.hours,
            },
        )
        return allowance
