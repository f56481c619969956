"""A message for a browser: encrypted after RFC 8291, signed for its push service after RFC 8292.

The private key comes from the environment, as those of ``keys`` and ``signing`` do: a stolen dump
writes to nobody's phone. Nobody but the browser reads what is in a message.
"""

import base64
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

import http_ece
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from wallet.keys import point

LASTS = timedelta(hours=12)
"""A signature; RFC 8292 allows a day."""
MOST_BYTES = 3_000
"""Of text; RFC 8030 lets a service refuse a body of more than 4,096 bytes."""
ONE_RECORD = 4_096
"""Push services take a message of one record only (RFC 8291, section 4)."""


def encrypted(
    text: bytes,
    *,
    p256dh: bytes,
    auth: bytes,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """Return a text that only the browser with these keys reads, as ``aes128gcm`` (RFC 8188).

    ``own`` and ``salt`` are made for each message; only the example of the RFC names them. Raises
    ``ValueError`` where ``p256dh`` is no point on P-256 or the text is too long.
    """
    if len(text) > MOST_BYTES:
        message = f"a notification has at most {MOST_BYTES} bytes"
        raise ValueError(message)
    own = own or ec.generate_private_key(ec.SECP256R1())
    sent: bytes = http_ece.encrypt(
        text,
        salt=salt,
        private_key=own,
        dh=p256dh,
        auth_secret=auth,
        rs=ONE_RECORD,
        version="aes128gcm",
    )
    return sent


def authorization(endpoint: str, *, now: datetime) -> str:
    """Return the header that tells a push service who sends (VAPID, RFC 8292)."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + LASTS).timestamp()),
        "sub": _contact(),
    }
    token = jwt.encode(claims, _private_key(), algorithm="ES256")
    return f"vapid t={token}, k={public_key()}"


@cache
def public_key() -> str:
    """Return what a browser subscribes with: our uncompressed point in base64url."""
    return unpadded(point(_private_key()))


def unpadded(raw: bytes) -> str:
    """Write bytes in base64url without padding, as all of web push does."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _contact() -> str:
    """Return where a push service reaches us: our address, where that is a public one."""
    here: str = settings.BASE_URL
    return here if here.startswith("https://") else "mailto:ok@localhost"


@cache
def _private_key() -> ec.EllipticCurvePrivateKey:
    pem = settings.OK_PUSH_PRIVATE_KEY.encode()
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        message = "OK_PUSH_PRIVATE_KEY is not a P-256 private key"
        raise ImproperlyConfigured(message)
    return key
