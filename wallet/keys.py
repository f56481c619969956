"""The key a phone and the server share without ever sending it.

Both sides do ECDH on P-256 (SEC 1, section 3.3.1: the x-coordinate of the shared point) with their
own private and the other's public key, then HKDF-SHA256 (RFC 5869) with salt ``ok-wallet-code-v1``
and the 16 bytes of the device's UUID as info. The database holds public keys only; the server's
private key comes from the environment, so a stolen dump forges no code.
"""

from functools import cache, lru_cache
from uuid import UUID

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
POINT_BYTES = 65
CACHED_DEVICES = 65_536

_SALT = b"ok-wallet-code-v1"


class MalformedPublicKeyError(ValueError):
    """The bytes are not an uncompressed point on P-256."""


def derive(*, own: ec.EllipticCurvePrivateKey, other_point: bytes, device_uuid: UUID) -> bytes:
    """Return the 32-byte key both sides share.

    ``other_point`` is the other side's uncompressed public point (65 bytes).
    Raises ``MalformedPublicKeyError`` for bytes that are no point on the curve.
    """
    shared = own.exchange(ec.ECDH(), public_key(other_point))
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=_SALT, info=device_uuid.bytes).derive(shared)


@lru_cache(maxsize=CACHED_DEVICES)
def device_key(device_uuid: UUID, device_point: bytes) -> bytes:
    """Return the code key of an enrolled device, as the server derives it.

    Cached per process: the curve work costs some 60 µs, a busy store sees the same phones again,
    and a device's key never changes (a new key pair is a new device).
    """
    return derive(own=server_private_key(), other_point=device_point, device_uuid=device_uuid)


@cache
def server_private_key() -> ec.EllipticCurvePrivateKey:
    """Return the server's P-256 key from ``OK_CODE_PRIVATE_KEY`` (PEM, PKCS 8)."""
    key = serialization.load_pem_private_key(settings.OK_CODE_PRIVATE_KEY.encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        message = "OK_CODE_PRIVATE_KEY is not a P-256 private key"
        raise ImproperlyConfigured(message)
    return key


@cache
def server_point() -> bytes:
    """Return the server's public key as phones import it: an uncompressed point, 65 bytes."""
    return point(server_private_key())


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the uncompressed public point of a private key."""
    return key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def public_key(raw: bytes) -> ec.EllipticCurvePublicKey:
    """Read an uncompressed point; the library checks that it lies on the curve."""
    if len(raw) != POINT_BYTES:
        message = f"an uncompressed P-256 point has {POINT_BYTES} bytes"
        raise MalformedPublicKeyError(message)
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError as error:
        message = "not a point on P-256"
        raise MalformedPublicKeyError(message) from error
