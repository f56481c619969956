"""A post office: parcels are sent as events, and sorters handle them, in the tests of the kernel.

What a sorter does is an audit row, so that it stands and falls with the sorter's transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from typing_extensions import override

from okplatform.kernel import audit, clock, db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.events import Delivered, Event, handles, publish
from okplatform.kernel.models import AuditEntry, OutboxItem
from okplatform.kernel.models import Event as EventRow


@dataclass(frozen=True, kw_only=True)
class ParcelSent(Event):
    type: ClassVar[str] = "post.parcel_sent"
    aggregate_type: ClassVar[str] = "parcel"
    parcel: str
    stamp: int = 1

    @property
    @override
    def aggregate_id(self) -> str:
        return self.parcel


class TornError(Exception):
    """A sorter dropped a parcel."""


@dataclass
class PostOffice:
    """Sorters by name, and the parcels that break in their hands."""

    torn: set[str] = field(default_factory=set)
    batches: list[list[str]] = field(default_factory=list)
    traces: list[str] = field(default_factory=list)

    def hire(self, name: str, *, clumsy: bool = False) -> None:
        """Subscribe a sorter; a clumsy one fails on each parcel in ``torn``, after acting."""

        def sort(deliveries: Sequence[Delivered[ParcelSent]]) -> None:
            self.batches.append([each.event.parcel for each in deliveries])
            self.traces.extend(each.trace_id for each in deliveries)
            for each in deliveries:
                audit.record(
                    actor=SYSTEM,
                    action=f"{name} sorted",
                    object_type="parcel",
                    object_id=f"{each.event.parcel}/{each.event.stamp}",
                )
                if clumsy and each.event.parcel in self.torn:
                    raise TornError(each.event.parcel)

        sort.__qualname__ = name
        handles(ParcelSent)(sort)

    @staticmethod
    def sorted_by(name: str) -> list[str]:
        """Return what a sorter has kept, in the order of its acting."""
        return list(
            AuditEntry.objects.filter(action=f"{name} sorted")
            .order_by("pk")
            .values_list("object_id", flat=True)
        )


def send(*parcels: str, stamp: int = 1, now: datetime | None = None) -> None:
    """Send parcels, all in one transaction."""
    with db.transaction():
        for parcel in parcels:
            publish(ParcelSent(parcel=parcel, stamp=stamp), now=now or clock.now())


def sent() -> list[tuple[str, int]]:
    """Return the parcels whose events are written, with their places in the order."""
    rows = EventRow.objects.filter(type=ParcelSent.type).order_by("pk")
    return list(rows.values_list("aggregate_id", "sequence"))


def waiting() -> list[str]:
    """Return the parcels that still wait for a sorter."""
    return list(OutboxItem.objects.order_by("pk").values_list("aggregate_id", flat=True))


def note(deed: str) -> None:
    """Write an audit row with the open transaction."""
    audit.record(actor=SYSTEM, action=deed, object_type="parcel", object_id="p")


def deeds() -> list[str]:
    """Return the deeds written, in order."""
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
