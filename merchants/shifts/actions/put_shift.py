"""Put a shift: open a till's, close it, or both at once where the opening never arrived."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from merchants.models import Shift
from merchants.shifts.asking import LATEST, ShiftAsked, agrees, not_ahead
from merchants.shifts.refusals import (
    ShiftDiffers,
    ShiftElsewhere,
    ShiftNeedsTerminal,
    ShiftNeverOpened,
    ShiftOpen,
    ShiftsOverlap,
    ShiftTimes,
)
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.parties.tills import StoreAtTill

# Of many that send the same number at once, and of many shifts of one till, one acts at a time.
HOLD_NUMBER = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
HOLD_TERMINAL = "SELECT id FROM parties_terminal WHERE id = %s FOR NO KEY UPDATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftCall:
    """Who puts which shift of which till, and when."""

    merchant_id: int
    mode: str
    uuid: UUID
    place: StoreAtTill
    actor: Actor
    now: datetime

    @property
    def terminal_id(self) -> int:
        """Return the till; raises ``ShiftNeedsTerminal`` where none is named."""
        if self.place.terminal_id is None:
            raise ShiftNeedsTerminal
        return self.place.terminal_id


def put_shift(*, call: ShiftCall, asked: ShiftAsked) -> Shift:
    """Open or close a till's shift and return it; sent again, late or out of order, it is the same.

    Needs the merchant's scope. Raises ``ShiftNeedsTerminal``, ``ShiftElsewhere``,
    ``ShiftDiffers``, ``ShiftOpen``, ``ShiftsOverlap``, ``ShiftNeverOpened`` or ``ShiftTimes``.
    """
    terminal_id = call.terminal_id
    with transaction():
        db.call(HOLD_NUMBER, [f"shift {call.merchant_id}:{call.mode}:{call.uuid}"])
        db.call(HOLD_TERMINAL, [terminal_id])
        shift = Shift.objects.filter(mode=call.mode, uuid=call.uuid).first()
        if shift is None:
            shift = _open(call, asked)
        elif shift.terminal_id != terminal_id:
            raise ShiftElsewhere
        elif not _is_that(shift, asked):
            raise ShiftDiffers
        if asked.is_closed and shift.closed_at is None:
            _close(shift, call, asked)
        shift.refresh_from_db()
        return shift


def _is_that(shift: Shift, asked: ShiftAsked) -> bool:
    """Say whether what is sent again is what stands; an opening says nothing of the end."""
    opened = agrees(asked.opened_at, shift.opened_at) and agrees(
        asked.cash_at_opening, shift.cash_at_opening
    )
    if shift.closed_at is None or not asked.is_closed:
        return opened
    closed = agrees(asked.closed_at, shift.closed_at)
    return opened and closed and agrees(asked.cash_counted, shift.cash_counted)


@transaction_required
def _open(call: ShiftCall, asked: ShiftAsked) -> Shift:
    """Write it open; where it is closed too, that follows."""
    if asked.is_closed and asked.opened_at is None:
        raise ShiftNeverOpened
    opened_at = not_ahead(asked.opened_at, call.now)
    if not call.now - LATEST <= opened_at <= call.now:
        raise ShiftTimes
    closed_at = _end(opened_at, asked, call.now) if asked.is_closed else None
    _check_free(call, opened_at, closed_at)
    shift = Shift.objects.create(
        merchant_id=call.merchant_id,
        store_id=call.place.store_id,
        terminal_id=call.terminal_id,
        mode=call.mode,
        uuid=call.uuid,
        currency=call.place.currency,
        operator=asked.operator,
        opened_at=opened_at,
        closed_at=closed_at,
        closed_by=asked.operator if closed_at else "",
        cash_at_opening=asked.cash_at_opening,
        cash_counted=asked.cash_counted if closed_at else None,
    )
    _record(shift, "shift_opened", call.actor)
    if closed_at:
        _record(shift, "shift_closed", call.actor)
    return shift


def _end(opened_at: datetime, asked: ShiftAsked, now: datetime) -> datetime:
    closed_at = not_ahead(asked.closed_at, now)
    if not opened_at < closed_at <= now:
        raise ShiftTimes
    return closed_at


def _check_free(call: ShiftCall, opened_at: datetime, closed_at: datetime | None) -> None:
    """Raise if another shift of the till counts these hours; PostgreSQL would refuse it too."""
    others = Shift.objects.filter(
        mode=call.mode, store_id=call.place.store_id, terminal_id=call.terminal_id
    ).order_by("-opened_at")
    latest = (others.filter(opened_at__lt=closed_at) if closed_at else others).first()
    if latest is None:
        return
    if latest.closed_at is None:
        raise ShiftOpen(shift=str(latest.uuid))
    if latest.closed_at > opened_at:
        raise ShiftsOverlap(shift=str(latest.uuid))


@transaction_required
def _close(shift: Shift, call: ShiftCall, asked: ShiftAsked) -> None:
    shift.closed_at = _end(shift.opened_at, asked, call.now)
    shift.closed_by = asked.operator
    shift.cash_counted = asked.cash_counted
    shift.save(update_fields=["closed_at", "closed_by", "cash_counted"])
    _record(shift, "shift_closed", call.actor)


@transaction_required
def _record(shift: Shift, action: str, actor: Actor) -> None:
    audit.record(
        actor=actor,
        action=action,
        object_type="shift",
        object_id=shift.pk,
        merchant_id=shift.merchant_id,
        mode=shift.mode,
        data={"terminal": shift.terminal_id},
    )
