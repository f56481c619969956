"""Whose waiting points these are, as OK keeps it: a keyed digest, from which nobody is read.

Without the key, which no dump of the database holds, card numbers cannot be tried one by one.
"""

import hmac
from hashlib import sha256

from django.conf import settings

_PURPOSE = b"loyalty.waiting-balances"


def key_of(merchant_id: int, kind: str, value: str) -> bytes | None:
    """Return the digest of a plain card number (``card``) or address (``email``); None of none."""
    if not value:
        return None
    secret = hmac.digest(settings.OK_API_KEY_PEPPER.encode(), _PURPOSE, sha256)
    return hmac.digest(secret, f"{merchant_id}:{kind}:{value}".encode(), sha256)
