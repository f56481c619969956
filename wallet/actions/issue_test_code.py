"""Give a till vendor a valid code of a test person, without a phone."""

from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.parties.models import Person
from wallet import codes, keys
from wallet.actions.enrol_device import enrol_device
from wallet.actions.stock_handles import issue
from wallet.hooks import funding_of
from wallet.models import Device

SIMULATED = "Sandbox"
"""Name of the device that stands in for a test person's phone."""


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


def issue_test_code(*, email: str, now: datetime, actor: Actor) -> IssuedCode:
    """Return a fresh code of the test person with this address; raises ``NoSuchTestPerson``.

    The server can say what a simulated phone shows because it derives the same key; it never does
    so for a live one.
    """
    person = Person.objects.filter(email=email.strip().lower(), mode=Mode.TEST, is_active=True)
    person_id = person.values_list("id", flat=True).first()
    if person_id is None:
        raise NoSuchTestPerson
    device = _simulated_device(person_id, now=now, actor=actor)
    funding = funding_of(person_id, Mode.TEST)
    with transaction():
        missing = {funding[0].ref if funding else None: 1}
        ((_ref, handle),) = issue(device_id=device.id, missing=missing, now=now)
        audit.record(
            actor=actor,
            action="test_code_issued",
            object_type="device",
            object_id=str(device.uuid),
            mode=Mode.TEST,
        )
    key = keys.device_key(device.uuid, bytes(device.public_key))
    return IssuedCode(
        code=codes.code_at(key=key, handle=handle, moment=now), expires_at=codes.expiry(now)
    )


def _simulated_device(person_id: int, *, now: datetime, actor: Actor) -> Device:
    known = Device.objects.filter(
        person_id=person_id, mode=Mode.TEST, name=SIMULATED, blocked_at=None
    ).first()
    if known is not None:
        return known
    public_key = keys.point(ec.generate_private_key(ec.SECP256R1()))
    return enrol_device(
        person_id=person_id,
        mode=Mode.TEST,
        public_key=public_key,
        name=SIMULATED,
        now=now,
        actor=actor,
    )
