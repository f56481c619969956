"""A phone as the server sees it: a key pair, and codes it shows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Person
from wallet import codes, keys
from wallet.actions.enrol_device import enrol_device
from wallet.actions.stock_handles import stock_handles


@dataclass
class Phone:
    """An enrolled phone with its stock of handles."""

    person: Person
    uuid: UUID
    key: bytes
    handles: list[int]

    @classmethod
    def of(cls, person: Person, *, now: datetime, funding_ref: int | None = 7) -> "Phone":
        own = ec.generate_private_key(ec.SECP256R1())
        device = enrol_device(
            person_id=person.pk,
            mode=person.mode,
            public_key=keys.point(own),
            name="Phone",
            now=now,
            actor=SYSTEM,
        )
        stock = stock_handles(
            person_id=person.pk,
            device_uuid=device.uuid,
            funding_refs=[funding_ref],
            now=now,
            actor=SYSTEM,
        )
        return cls(
            person=person,
            uuid=device.uuid,
            # As the phone does it: its own private key and the server's public one.
            key=keys.derive(own=own, other_point=keys.server_point(), device_uuid=device.uuid),
            handles=list(stock[funding_ref]),
        )

    def shows(self, now: datetime, *, handle: int = 0) -> str:
        """Return the code for the handle at this position of the stock."""
        return codes.code_at(key=self.key, handle=self.handles[handle], moment=now)
