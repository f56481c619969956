"""Phones that exist only here: a key pair, and codes as a real phone shows them."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import person_scope
from payments.actions.confirm_payment import ConfirmationOver, authorise
from payments.actions.decline_payment import decline_payment
from payments.queries import questions_for
from wallet import codes, keys
from wallet.actions.block_device import block_device
from wallet.actions.enrol_device import enrol_device
from wallet.actions.stock_handles import stock_handles
from wallet.hooks import funding_of

NAME = "Demo"


@dataclass(slots=True)
class Phone:
    """An enrolled phone of one person; `key` is what it shares with the server."""

    person_id: int
    device: UUID
    key: bytes
    funding_ref: int | None
    handles: list[int] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        """Say who holds the phone."""
        return Actor(kind="person", id=str(self.person_id))

    def show(self, now: datetime) -> str:
        """Show the next code; fetches handles when there are none left."""
        if not self.handles:
            stock = stock_handles(
                person_id=self.person_id,
                device_uuid=self.device,
                funding_refs=[self.funding_ref],
                now=now,
                actor=self.actor,
            )
            self.handles = list(stock[self.funding_ref])
        return codes.code_at(key=self.key, handle=self.handles.pop(), moment=now)

    def asked(self, now: datetime) -> list[UUID]:
        """Return what this person is asked, as the phone shows it while it is online."""
        return [each.uuid for each in questions_for(self.person_id, now=now)]

    def answer(self, asked: UUID, *, is_yes: bool, now: datetime) -> bool:
        """Answer a question; say whether it still counted. These people have no PIN to type."""
        try:
            if is_yes:
                with transaction(), person_scope(self.person_id):
                    authorise(confirmation=asked, by="demo", now=now, actor=self.actor)
            else:
                decline_payment(
                    person_id=self.person_id, confirmation=asked, now=now, actor=self.actor
                )
        except ConfirmationOver:
            return False
        return True

    def say_yes(self, now: datetime) -> None:
        """Confirm what this person is asked, if anything."""
        for asked in self.asked(now):
            self.answer(asked, is_yes=True, now=now)

    def retire(self, now: datetime) -> None:
        """Block the phone: its private key is about to be forgotten."""
        block_device(person_id=self.person_id, device_uuid=self.device, now=now, actor=self.actor)


def enrol_phone(*, person_id: int, mode: str, now: datetime) -> Phone:
    """Enrol a phone that pays from the person's first bank account, or only identifies."""
    own = ec.generate_private_key(ec.SECP256R1())
    device = enrol_device(
        person_id=person_id,
        mode=mode,
        public_key=keys.point(own),
        name=NAME,
        now=now,
        actor=Actor(kind="person", id=str(person_id)),
    )
    key = keys.derive(own=own, other_point=keys.server_point(), device_uuid=device.uuid)
    funding = funding_of(person_id, mode)
    return Phone(person_id, device.uuid, key, funding[0].ref if funding else None)
