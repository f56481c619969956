"""Block a phone, at once and for good: the next scan of any of its codes is refused.

It is signed out too, so that whoever holds it cannot set it up again.
"""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.parties.actions.end_session import end_sessions_of_device
from wallet.events import DeviceBlocked
from wallet.models import Device


class DeviceUnknown(Refusal):
    """This person has no such device."""

    code = "device_unknown"
    status = 404
    sentence = _("This phone is not known here. Set it up again.")


def block_device(*, person_id: int, device_uuid: UUID, now: datetime, actor: Actor) -> None:
    """Block a device of ``person_id``; a blocked one stays as it is. Raises ``DeviceUnknown``."""
    with transaction():
        device = (
            Device.objects.select_for_update()
            .filter(person_id=person_id, uuid=device_uuid)
            .only("id", "mode", "blocked_at")
            .first()
        )
        if device is None:
            raise DeviceUnknown
        if device.blocked_at is not None:
            return
        Device.objects.filter(id=device.id).update(blocked_at=now)
        end_sessions_of_device(person_id=person_id, device=device_uuid, actor=actor)
        audit.record(
            actor=actor,
            action="device_blocked",
            object_type="device",
            object_id=str(device_uuid),
            mode=device.mode,
        )
        events.publish(
            DeviceBlocked(device=str(device_uuid), person_id=person_id), now=now, mode=device.mode
        )
