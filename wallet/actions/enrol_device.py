"""Enrol a phone: keep its public key, so that codes it shows can be verified."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.parties.actions.tie_session import tie_session
from wallet import keys
from wallet.events import DeviceEnrolled
from wallet.models import Device


class PublicKeyMalformed(Refusal):
    """What the phone sent is not a public key on P-256."""

    code = "public_key_malformed"
    status = 422
    sentence = _("This phone sent no usable key. Close the page, open it again and try once more.")


def enrol_device(
    *,
    person_id: int,
    mode: str,
    public_key: bytes,
    name: str,
    now: datetime,
    actor: Actor,
    session_key: str = "",
) -> Device:
    """Enrol a device of ``person_id`` and return it; raises ``PublicKeyMalformed``.

    ``public_key`` is the uncompressed P-256 point (65 bytes); ``name`` is what the owner knows the
    phone by, ``session_key`` where it is signed in, if it is.
    """
    try:
        keys.public_key(public_key)
    except keys.MalformedPublicKeyError as error:
        raise PublicKeyMalformed from error
    with transaction():
        device = Device.objects.create(
            person_id=person_id, mode=mode, public_key=public_key, name=name, enrolled_at=now
        )
        if session_key:
            tie_session(person_id=person_id, session_key=session_key, device=device.uuid)
        audit.record(
            actor=actor,
            action="device_enrolled",
            object_type="device",
            object_id=str(device.uuid),
            mode=mode,
        )
        events.publish(
            DeviceEnrolled(device=str(device.uuid), person_id=person_id), now=now, mode=mode
        )
    return device
