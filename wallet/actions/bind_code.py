"""Use a handle up: from now on it belongs to one sale."""

from datetime import datetime

from okplatform.kernel.db import later, transaction_required
from wallet.actions.scan_code import CodeBlocked, CodeUsed

_REFUSALS = {"OK201": lambda _detail: CodeUsed(), "OK202": lambda _detail: CodeBlocked()}


@transaction_required
def bind(*, handle: int, sale_ref: str, now: datetime) -> None:
    """Bind a scanned handle to a sale, in the end of that sale's transaction.

    ``sale_ref`` is "<merchant id>:<mode>:<sale uuid>". Doing it again for the same sale is fine.
    That end raises ``CodeUsed`` when another sale was first, ``CodeBlocked`` when the phone was
    blocked since the scan. The sale's own audit entry tells of it.
    """
    later("wallet_bind_handle(%s, %s, %s)", [handle, sale_ref, now], refusals=_REFUSALS)
