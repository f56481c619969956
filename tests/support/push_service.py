"""A browser and its push service on this machine: what is sent is read as a browser reads it.

The receiving side of RFC 8291 and RFC 8188 is written out here, so that the sending library does
not judge itself.
"""

import base64
import json
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from okplatform.parties.models import Person
from tests.support.receiver import Received, Receiver, receiving

TURNED_ON = "/wallet/phone/push/"


def unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def padded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _hmac(key: bytes, said: bytes) -> bytes:
    made = hmac.HMAC(key, hashes.SHA256())
    made.update(said)
    return made.finalize()


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass
class BrowserKeys:
    """What a browser makes for one subscription and never tells."""

    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def p256dh(self) -> bytes:
        return _point(self.private.public_key())

    def read(self, body: bytes) -> bytes:
        """Decrypt a message of one record; raises where anything is not as the RFCs say."""
        salt, size, length = body[:16], *struct.unpack("!LB", body[16:21])
        sender, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size
        sender_key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.private.exchange(ec.ECDH(), sender_key)
        info = b"WebPush: info\0" + self.p256dh + sender
        # HKDF of RFC 5869 with outputs of one block, as RFC 8291 section 3.4 writes it out.
        secret = _hmac(_hmac(self.auth, shared), info + b"\x01")
        extracted = _hmac(salt, secret)
        key = _hmac(extracted, b"Content-Encoding: aes128gcm\0\x01")[:16]
        nonce = _hmac(extracted, b"Content-Encoding: nonce\0\x01")[:12]
        plain = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert plain[-1:] == b"\x02", "the last record ends with 2"
        return plain[:-1]


@dataclass
class PushPhone:
    """A browser somewhere on a desk: its keys, and the path at which its service knows it."""

    service: "PushService"
    path: str
    keys: BrowserKeys = field(default_factory=BrowserKeys)
    client: Client = field(default_factory=Client)

    @property
    def endpoint(self) -> str:
        return self.service.url + self.path

    @property
    def said(self) -> dict[str, str]:
        """What the browser's script sends."""
        return {
            "endpoint": self.endpoint,
            "p256dh": unpadded(self.keys.p256dh),
            "auth": unpadded(self.keys.auth),
            "timezone": "Europe/Amsterdam",
        }

    def sign_in(self, person: Person) -> "PushPhone":
        self.client.force_login(person)
        assert self.client.get("/wallet/you/").status_code == 200
        return self

    def turn_on(self, **other: Any) -> Any:
        return self.client.post(TURNED_ON, {**self.said, **other}, content_type="application/json")

    @property
    def received(self) -> list[Received]:
        return [one for one in self.service.receiver.received if one.path.endswith(self.path)]

    @property
    def shown(self) -> list[dict[str, Any]]:
        """What the browser would hand to the service worker, oldest first."""
        return [json.loads(self.keys.read(one.body)) for one in self.received]


@dataclass
class PushService:
    """Takes messages for the browsers that it made, and answers as it is told."""

    receiver: Receiver
    phones: int = 0

    @property
    def url(self) -> str:
        return self.receiver.url

    def phone(self, person: Person) -> PushPhone:
        """Return somebody's browser, signed in, with notifications on."""
        phone = self.browser().sign_in(person)
        answer = phone.turn_on()
        assert answer.status_code == 200, answer.content
        return phone

    def browser(self) -> PushPhone:
        self.phones += 1
        return PushPhone(self, f"/{self.phones}")


@contextmanager
def pushing() -> Iterator[PushService]:
    with receiving() as receiver:
        yield PushService(receiver)


def sender_of(message: Received, *, audience: str) -> dict[str, Any]:
    """Return who says to have sent it, once the signature by the key it names is right."""
    scheme, _, rest = message.headers["authorization"].partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), padded(parts["k"]))
    claims: dict[str, Any] = jwt.decode(
        parts["t"], key, algorithms=["ES256"], audience=audience, leeway=timedelta(days=400)
    )
    return {**claims, "key": parts["k"]}
