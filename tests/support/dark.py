"""A till whose network is gone: it signs what it sells, and sends it later."""

import base64
import hashlib
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from merchants.checkout.actions.set_offline_allowance import Allowed, set_offline_allowance
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import merchant_scope
from tests.support.counter import BREAD, COFFEE, Counter
from tests.support.world import NOW, Place

FIRST = "0" * 64
EMPTIES = "deposit_return"


def allow(
    place: Place, *, per_sale: int = 5_000, in_all: int = 20_000, hours: int = 24, **other: Any
) -> None:
    """Let the terminal sell so much without a network, as its owner says."""
    allowed = Allowed(most_per_sale=per_sale, most_in_all=in_all, hours=hours)
    said = {"mode": "live", "now": NOW, **other}
    with merchant_scope(place.merchant.pk):
        set_offline_allowance(terminal=place.terminal, allowed=allowed, actor=SYSTEM, **said)


@dataclass
class DarkTill:
    """A till with a key of its own and the log that it signs."""

    counter: Counter
    own: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    sequence: int = 0
    previous: str = FIRST
    dark_since: str = ""

    @property
    def public_key(self) -> str:
        raw = self.own.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(raw).decode()

    def registers(self, **said: Any) -> Any:
        body = {"public_key": self.public_key, **said}
        return self.counter.client.put("/api/v1/offline-key", body, format="json")

    def asks(self, **said: Any) -> Any:
        return self.counter.client.get("/api/v1/offline-allowance", said)

    def ready(self) -> "DarkTill":
        """Register the key and read the allowance, the last that the network did."""
        answer = self.registers()
        assert answer.status_code == 200, answer.content
        self.dark_since = self.asks().json()["as_of"]
        return self

    def sells(
        self,
        code: str,
        *,
        at: datetime | None = None,
        operator: str = "",
        uuid: UUID | None = None,
        **other: Any,
    ) -> tuple[UUID, Any]:
        """Sell bread and coffee for € 11.00 by this code; return what there is to send."""
        uuid, moment = uuid or uuid4(), (at or clock.now()).isoformat()
        lines = other.pop("lines", [BREAD, COFFEE])
        amount = sum(
            line["quantity"] * line["unit_price"] * (-1 if line.get("kind") == EMPTIES else 1)
            for line in lines
        )
        body = {"currency": "EUR", "code": code, "lines": deepcopy(lines), "language": "en"}
        body |= {"operator": operator} if operator else {}
        self.sequence += 1
        signed = {
            "sequence": self.sequence,
            "sold_at": moment,
            "dark_since": self.dark_since,
            "amount": amount,
            "previous": self.previous,
            **other,
        }
        text, signature = self.signs(uuid, body, signed)
        self.previous = hashlib.sha256(text).hexdigest()
        offline = {"public_key": self.public_key, "signature": signature, **signed}
        return uuid, {**body, "offline": offline}

    def signs(self, uuid: UUID, body: Any, signed: Any) -> tuple[bytes, str]:
        lines = (
            "OK-offline-1",
            uuid,
            signed["sequence"],
            signed["sold_at"],
            signed["dark_since"],
            signed["amount"],
            body["currency"],
            body["code"],
            signed["previous"],
        )
        text = "\n".join(map(str, lines)).encode()
        return text, base64.b64encode(self.own.sign(text)).decode()

    def sends(self, sold: tuple[UUID, Any]) -> Any:
        uuid, body = sold
        return self.counter.client.put(f"/api/v1/offline-sales/{uuid}", body, format="json")


def dark_till(counter: Counter, **allowed: int) -> DarkTill:
    """Return a till that may sell without a network and has just lost it."""
    allow(counter.place, **allowed)
    return DarkTill(counter).ready()


def ago(**time: float) -> datetime:
    return clock.now() - timedelta(**time)
