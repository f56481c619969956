"""Secrets that merchants trust us with, as the database keeps them: useless without our own.

The key is derived (HKDF, RFC 5869) from ``OK_API_KEY_PEPPER``, which no dump of the database
holds. Another pepper makes them unreadable: merchants then connect anew.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"ok: tokens of bookkeeping programs"


class SecretUnreadableError(ValueError):
    """It was kept under another pepper, or is no secret of ours."""


def locked(secret: str) -> bytes:
    """Return a secret as it may be kept."""
    return _fernet().encrypt(secret.encode())


def unlocked(kept: bytes) -> str:
    """Return a kept secret; raises ``SecretUnreadableError``."""
    try:
        return _fernet().decrypt(kept).decode()
    except InvalidToken as error:
        message = "the secret was kept under another key"
        raise SecretUnreadableError(message) from error


def _fernet() -> Fernet:
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=PURPOSE)
    return Fernet(urlsafe_b64encode(derive.derive(settings.OK_API_KEY_PEPPER.encode())))
