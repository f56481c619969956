"""What a till without a network signs of each sale: one record after the other (pure).

A record is nine lines of text, in UTF-8 and without a line break at the end::

    OK-offline-1
    <the sale's UUID, lower case>
    <sequence: 1, 2, 3 … of this key>
    <sold_at, to the letter as it is sent>
    <dark_since, to the letter as it is sent>
    <amount in minor units>
    <currency>
    <the 22 digits of the code>
    <previous: the digest of the record before, or 64 zeros>

Its digest is SHA-256 in hexadecimal; the till signs the text with Ed25519. So each record holds on
to all before it: a changed amount is a wrong signature, and one that was left out is a gap.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORM = "OK-offline-1"
FIRST = "0" * 64
"""What stands for the record before the first."""
KEY_BYTES = 32
LATEST = timedelta(days=7)
"""How long after its sale a record may come and still be paid."""
AHEAD = timedelta(minutes=5)
"""How far ahead of ours a till's clock may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A sale as the till signed it; ``said_sold_at`` and ``said_dark_since`` to the letter."""

    uuid: UUID
    sequence: int
    said_sold_at: str
    said_dark_since: str
    amount: int
    currency: str
    code: str
    previous: str

    @property
    def sold_at(self) -> datetime:
        """Return when the till sold it, by its own clock."""
        return datetime.fromisoformat(self.said_sold_at)

    @property
    def dark_since(self) -> datetime:
        """Return when the till had last heard of OK."""
        return datetime.fromisoformat(self.said_dark_since)

    @property
    def text(self) -> bytes:
        """Return what is signed."""
        said = (
            FORM,
            str(self.uuid),
            str(self.sequence),
            self.said_sold_at,
            self.said_dark_since,
            str(self.amount),
            self.currency,
            self.code,
            self.previous,
        )
        return "\n".join(said).encode()

    @property
    def digest(self) -> str:
        """Return the record's name, which the next one holds on to."""
        return hashlib.sha256(self.text).hexdigest()


def is_key(public_key: str) -> bool:
    """Say whether this is an Ed25519 public key, 32 bytes in base64."""
    try:
        raw = base64.b64decode(public_key, validate=True)
        Ed25519PublicKey.from_public_bytes(raw)
    except ValueError:
        return False
    return base64.b64encode(raw).decode() == public_key


def is_signed(record: Record, *, signature: str, public_key: str) -> bool:
    """Say whether whoever holds the private key signed just this record."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
        key.verify(base64.b64decode(signature, validate=True), record.text)
    except (InvalidSignature, ValueError):
        return False
    return True
