"""Secrets that merchants trust us with, as the database keeps them: useless without our own.

The key is that of ``okplatform.kernel.secrets``. After a change of the pepper merchants connect
anew.
"""

from cryptography.fernet import InvalidToken

from okplatform.kernel.secrets import fernet

PURPOSE = b"ok: tokens of bookkeeping programs"


class SecretUnreadableError(ValueError):
    """It was kept under another pepper, or is no secret of ours."""


def locked(secret: str) -> bytes:
    """Return a secret as it may be kept."""
    return fernet(PURPOSE).encrypt(secret.encode())


def unlocked(kept: bytes) -> str:
    """Return a kept secret; raises ``SecretUnreadableError``."""
    try:
        return fernet(PURPOSE).decrypt(kept).decode()
    except InvalidToken as error:
        message = "the secret was kept under another key"
        raise SecretUnreadableError(message) from error
