"""Scan a code as the checkout does, without pricing anything."""

from datetime import datetime

from okplatform.kernel.db import call
from wallet.actions.scan_code import Scan, read, recognise

FIND = "SELECT * FROM wallet_find_code(%s, %s, %s, %s)"


def scan(
    *, code: str, till_key: str, sale_ref: str, merchant_id: int, mode: str, now: datetime
) -> Scan:
    """Read a code, look it up in one statement, and verify it; raises the code's refusals."""
    scanned = read(code=code, till_key=till_key, now=now)
    handle, till, since = scanned.question
    (found,) = call(FIND, [handle, merchant_id, till, since])
    verified: Scan = recognise(scanned, found, sale_ref=sale_ref, mode=mode)
    return verified
