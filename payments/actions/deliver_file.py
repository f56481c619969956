"""Hand a file to the bank, once; and find out about those of which we do not know."""

from datetime import datetime, timedelta
from typing import Any

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from payments.gateways import BankGateway, GatewayError
from payments.models import OutgoingFile
from payments.settlement import move
from payments.states import FileState

GIVEN_UP_AFTER = timedelta(minutes=5)
"""A sender that has not come back by then has died, and nobody knows how far it came."""
ERROR_LENGTH = 500


def deliver_file(
    *, file_id: int, gateway: BankGateway, now: datetime, actor: Actor
) -> FileState | None:
    """Hand a file over and return its state; None where somebody else does, or has done.

    Whoever claims it sends it. When the gateway fails nobody knows whether the bank has it: it is
    ``unknown``, and is never sent again before ``resolve_file`` has found out.
    """
    file = OutgoingFile.objects.filter(pk=file_id)
    if not _moved(file, FileState.SENDING, claimed_at=now):
        return None
    sent = file.get()
    try:
        gateway.deliver(name=sent.name, content=bytes(sent.content))
    except GatewayError as error:
        _moved(file, FileState.UNKNOWN, last_error=str(error)[:ERROR_LENGTH])
        return FileState.UNKNOWN
    return _sent(sent, now=now, actor=actor)


def resolve_file(
    *, file_id: int, gateway: BankGateway, now: datetime, actor: Actor
) -> FileState | None:
    """Ask the gateway about a file of which we do not know, and return its state then.

    It was handed over, or it never was and may be sent; while the gateway cannot tell, it stays
    ``unknown``. A file that has been ``sending`` too long counts. None where there is no doubt.
    """
    file = OutgoingFile.objects.filter(pk=file_id)
    _moved(file.filter(claimed_at__lte=now - GIVEN_UP_AFTER), FileState.UNKNOWN)
    doubtful = file.filter(state=FileState.UNKNOWN).first()
    if doubtful is None:
        return None
    try:
        delivered = gateway.delivered(name=doubtful.name, sha256=doubtful.sha256)
    except GatewayError as error:
        with transaction():
            file.update(last_error=str(error)[:ERROR_LENGTH])
        return FileState.UNKNOWN
    if delivered:
        return _sent(doubtful, now=now, actor=actor)
    _moved(file, FileState.MADE)
    return FileState.MADE


def _sent(file: OutgoingFile, *, now: datetime, actor: Actor) -> FileState:
    with transaction():
        mine = OutgoingFile.objects.filter(pk=file.pk)
        if move(mine, FileState.SENT, sent_at=now, last_error=""):
            audit.record(
                actor=actor,
                action="outgoing_file_sent",
                object_type="outgoing_file",
                object_id=file.pk,
                mode=file.mode,
                data={"name": file.name, "sha256": file.sha256},
            )
    return FileState.SENT


def _moved(file: Any, target: FileState, **changes: Any) -> bool:
    with transaction():
        return move(file, target, **changes) == 1
