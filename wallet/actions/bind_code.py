"""Use a handle up: from now on it belongs to one sale."""

from datetime import datetime

from okplatform.kernel.db import call, transaction_required
from wallet.actions.scan_code import CodeBlocked, CodeUsed

_REFUSALS = {"used": CodeUsed, "blocked": CodeBlocked}


@transaction_required
def bind(*, handle: int, sale_ref: str, now: datetime) -> None:
    """Bind a scanned handle to a sale, in that sale's transaction, in one statement.

    ``sale_ref`` is "<merchant id>:<mode>:<sale uuid>". Doing it again for the same sale is fine.
    Raises ``CodeUsed`` when another sale was first, ``CodeBlocked`` when the phone was blocked
    since the scan. The sale's own audit entry tells of it.
    """
    ((outcome,),) = call("SELECT wallet_bind_handle(%s, %s, %s)", [handle, sale_ref, now])
    if outcome in _REFUSALS:
        raise _REFUSALS[outcome]
