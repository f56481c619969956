"""Tell whose code was scanned, where nothing is sold: the code stays good for a sale."""

from datetime import datetime

from okplatform.kernel.db import call
from wallet.actions import scan_code

FIND = "SELECT * FROM wallet_find_code(%s, %s, %s, %s)"


def identify(*, code: str, merchant_id: int, till_key: str, mode: str, now: datetime) -> int:
    """Return the id of the person who shows this code now; raises what a scan refuses.

    Whoever asks must have a consent, or an offer of a proof, before it shows anything by it.
    """
    scanned = scan_code.read(code=code, till_key=till_key, now=now)
    handle, buckets, since = scanned.question
    (found,) = call(FIND, [handle, merchant_id, buckets, since])
    seen: scan_code.Scan = scan_code.recognise(scanned, found, sale_ref="", mode=mode)
    return seen.person_id
