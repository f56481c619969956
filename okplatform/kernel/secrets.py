"""Secrets as the database may keep them: useless without a key that no dump of it holds.

Each purpose has a key of its own, derived (HKDF, RFC 5869) from ``OK_API_KEY_PEPPER``. Another
pepper makes what was kept unreadable.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def fernet(purpose: bytes) -> Fernet:
    """Return what locks and unlocks the secrets of one purpose."""
    return Fernet(urlsafe_b64encode(key_for(purpose)))


def key_for(purpose: bytes) -> bytes:
    """Return the key of one purpose, 32 bytes, for HMACs."""
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose)
    return derive.derive(settings.OK_API_KEY_PEPPER.encode())
