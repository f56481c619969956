"""Fill a phone's stock of single-use handles, so that it can show codes without a network."""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.parties.actions.tie_session import tie_session
from wallet.actions.block_device import DeviceUnknown
from wallet.codes import HANDLES
from wallet.models import Device

STOCK = 50
"""Unused handles per device and funding source: more than one pays with between two networks."""

UNUSED = """
SELECT number, funding_ref FROM wallet_handle
WHERE device_id = %s AND used_at IS NULL
  AND (funding_ref = ANY(%s) OR funding_ref IS NULL AND %s)
ORDER BY issued_at, number
"""

# A number somebody else has is simply not returned; the caller draws again.
ISSUE = """
INSERT INTO wallet_handle (number, device_id, funding_ref, issued_at)
SELECT number, %s, funding_ref, %s
FROM unnest(%s::bigint[], %s::bigint[]) AS drawn(number, funding_ref)
ON CONFLICT (number) DO NOTHING
RETURNING number, funding_ref
"""

Stock = Mapping[int | None, Sequence[int]]


class DeviceIsBlocked(Refusal):
    """The device was blocked; it may enrol anew."""

    code = "device_blocked"
    sentence = _("This phone was blocked. Set it up again to show codes.")


def stock_handles(
    *,
    person_id: int,
    device_uuid: UUID,
    funding_refs: Sequence[int | None],
    now: datetime,
    actor: Actor,
    session_key: str = "",
) -> Stock:
    """Top up to ``STOCK`` unused handles for each of ``funding_refs``; return all unused ones.

    None among the references stands for a code that identifies and cannot pay. Each reference's
    handles come oldest first. ``session_key`` is where the phone is signed in, if it is. Raises
    ``DeviceUnknown`` or ``DeviceIsBlocked``.
    """
    with transaction():
        device = _locked(person_id, device_uuid)
        if session_key:
            tie_session(person_id=person_id, session_key=session_key, device=device_uuid)
        unused = _unused(device.id, funding_refs)
        missing = {ref: STOCK - len(unused[ref]) for ref in funding_refs}
        issued = issue(device_id=device.id, missing=missing, now=now)
        for ref, number in issued:
            unused[ref].append(number)
        if issued:
            audit.record(
                actor=actor,
                action="handles_issued",
                object_type="device",
                object_id=str(device_uuid),
                mode=device.mode,
                data={"count": len(issued)},
            )
    return {ref: unused[ref] for ref in funding_refs}


def _locked(person_id: int, device_uuid: UUID) -> Device:
    """Lock the device, so that two calls at once cannot fill the stock twice."""
    device = (
        Device.objects.select_for_update().filter(person_id=person_id, uuid=device_uuid).first()
    )
    if device is None:
        raise DeviceUnknown
    if device.blocked_at is not None:
        raise DeviceIsBlocked
    return device


def _unused(device_id: int, funding_refs: Sequence[int | None]) -> dict[int | None, list[int]]:
    found: dict[int | None, list[int]] = defaultdict(list)
    named = [ref for ref in funding_refs if ref is not None]
    for number, ref in call(UNUSED, [device_id, named, None in funding_refs]):
        found[ref].append(number)
    return found


@transaction_required
def issue(
    *, device_id: int, missing: Mapping[int | None, int], now: datetime
) -> list[tuple[int | None, int]]:
    """Draw random numbers until each reference has what it misses; return (reference, number)."""
    wanted = [ref for ref, count in missing.items() for _each in range(count)]
    issued: list[tuple[int | None, int]] = []
    while wanted:
        drawn = [secrets.randbelow(HANDLES) for _each in wanted]
        for number, ref in call(ISSUE, [device_id, now, drawn, wanted]):
            issued.append((ref, number))
            wanted.remove(ref)
    return issued
