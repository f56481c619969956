"""Secrets and signatures of our messages, by Standard Webhooks 1.0 (standardwebhooks.com).

A secret is ``whsec_`` and base64 of 32 random bytes. Signed is ``<id>.<timestamp>.<body>`` with
HMAC-SHA256; while a merchant changes secrets there is a signature by each.
"""

import secrets
from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from standardwebhooks import Webhook

PREFIX = "whsec_"
BYTES = 32
"""The specification asks for 24 to 64."""


def new_secret() -> str:
    """Return a fresh secret, as the merchant is shown it once."""
    return PREFIX + b64encode(secrets.token_bytes(BYTES)).decode()


def headers(
    *, message: str, body: str, signed_by: Iterable[str], now: datetime
) -> Mapping[str, str]:
    """Return the three headers of a message that is sent now, signed by each of the secrets."""
    # The library takes any time for one in UTC.
    moment = now.astimezone(UTC)
    signatures = (Webhook(secret).sign(message, moment, body) for secret in signed_by)
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
