"""Give a till vendor a valid code of a test person, without a phone."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.parties.models import Person
from wallet import codes, keys
from wallet.actions.bind_code import bind
from wallet.actions.block_device import block_device
from wallet.actions.enrol_device import enrol_device
from wallet.actions.stock_handles import issue
from wallet.hooks import funding_of
from wallet.models import Device

SIMULATED = "Sandbox"
"""Name of the device that stands in for a test person's phone."""

USED = "used"
BLOCKED = "blocked"

LONG_AGO = timedelta(minutes=10)
"""When an expired code was shown: too long ago to count, and not too long to be known as one."""


class NoSuchTestPerson(Refusal):
    """No active test person has this address; a live person's address gets the same answer."""

    code = "test_person_unknown"
    status = 404
    sentence = _("There is no test person with this e-mail address.")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCode:
    """A code a test till accepts until ``expires_at``, once."""

    code: str
    expires_at: datetime


def issue_test_code(
    *,
    email: str,
    now: datetime,
    actor: Actor,
    situation: str = "fresh",
    used_by: str = "",
) -> IssuedCode:
    """Return a code of the test person with this address; raises ``NoSuchTestPerson``.

    ``situation`` says what is the matter with it: "fresh" is nothing, "expired" was shown ten
    minutes ago, "used" belongs to the sale ``used_by``, "unknown" is shown by no phone, "blocked"
    is of a phone that was blocked, "no_account" cannot pay. Each is so in the database, and is
    refused by the same lines as a live one. The server can say what a simulated phone shows because
    it derives the same key; it never does so for a live one.
    """
    person = Person.objects.filter(email=email.strip().lower(), mode=Mode.TEST, is_active=True)
    person_id = person.values_list("id", flat=True).first()
    if person_id is None:
        raise NoSuchTestPerson
    name = f"{SIMULATED}: blocked {uuid4()}" if situation == BLOCKED else SIMULATED
    device = _simulated_device(person_id, name=name, now=now, actor=actor)
    if situation == "unknown":
        handle = secrets.randbelow(codes.HANDLES)
    else:
        can_pay = situation != "no_account"
        handle = _handle(person_id, device, used_by, can_pay=can_pay, now=now, actor=actor)
    if situation == BLOCKED:
        block_device(person_id=person_id, device_uuid=device.uuid, now=now, actor=actor)
    shown_at = now - LONG_AGO if situation == "expired" else now
    key = keys.device_key(device.uuid, bytes(device.public_key))
    return IssuedCode(
        code=codes.code_at(key=key, handle=handle, moment=shown_at),
        expires_at=codes.expiry(shown_at),
    )


def _handle(
    person_id: int, device: Device, used_by: str, *, can_pay: bool, now: datetime, actor: Actor
) -> int:
    funding = funding_of(person_id, Mode.TEST) if can_pay else ()
    with transaction():
        missing = {funding[0].ref if funding else None: 1}
        ((_ref, handle),) = issue(device_id=device.id, missing=missing, now=now)
        if used_by:
            bind(handle=handle, sale_ref=used_by, now=now)
        audit.record(
            actor=actor,
            action="test_code_issued",
            object_type="device",
            object_id=str(device.uuid),
            mode=Mode.TEST,
        )
    return handle


def _simulated_device(person_id: int, *, name: str, now: datetime, actor: Actor) -> Device:
    known = Device.objects.filter(
        person_id=person_id, mode=Mode.TEST, name=name, blocked_at=None
    ).first()
    if known is not None:
        return known
    public_key = keys.point(ec.generate_private_key(ec.SECP256R1()))
    return enrol_device(
        person_id=person_id,
        mode=Mode.TEST,
        public_key=public_key,
        name=name,
        now=now,
        actor=actor,
    )
