"""What an import will make of a card: the edits that lead to it, and what else it had.

Plain values, kept as JSON between the file and the decision. The same shape leaves in an export of
ours (``wallet.card_export``), so that a card comes back as it went, its history included.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from wallet.card_fields import CardFieldUnknown, checked
from wallet.card_keeping import Said, apply, new_card
from wallet.models import Card
from wallet.models.card import COLOUR, MOST_PHONES

DEVICE = r"[A-Za-z0-9-]{1,40}"
MOST_EDITS = 20_000
MOST_DELTA = 10**12
LONGEST_NOTE = 80
MOST_USES = 1_000_000
PHOTOS = ("front", "back", "logo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One edit of the card, by a device at a moment (ISO 8601)."""

    uuid: str
    device: str
    at: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What went on or off the balance."""

    uuid: str
    device: str
    at: str
    delta: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A card to be; ``colour`` is the one it has where no edit chose one."""

    uuid: str
    added_at: str
    edits: Sequence[Edit]
    colour: str = ""
    bookings: Sequence[Booking] = ()
    uses: Mapping[str, int] = field(default_factory=dict)
    last_used_at: str | None = None

    def as_values(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


def plan_of(values: Any) -> Plan:
    """Return a plan as it was written out, checked as far as one can without its card.

    Raises a refusal of ``wallet.card_fields``, also where the values are of another shape.
    """
    try:
        return Plan(
            uuid=str(UUID(values["uuid"])),
            added_at=_moment(values["added_at"]),
            edits=[_edit(one) for one in _few(values["edits"])],
            colour=_fitting(COLOUR, values["colour"]) if values["colour"] else "",
            bookings=[_booking(one) for one in _few(values["bookings"])],
            uses=_uses(values["uses"]),
            last_used_at=values["last_used_at"] and _moment(values["last_used_at"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise CardFieldUnknown(field="ok") from error


def card_of_plan(plan: Plan, *, person_id: int, now: datetime) -> Card:
    """Return the card that a plan makes, not saved; raises what its edits are refused for."""
    edits = [(one, said_of(one)) for one in plan.edits]
    if not edits or "name" not in edits[0][0].fields:
        raise CardFieldUnknown(field="name")
    first = dict(edits[0][0].fields)
    card = new_card(
        person_id, UUID(plan.uuid), first, min(datetime.fromisoformat(plan.added_at), now)
    )
    card.colour = plan.colour or card.colour
    for one, said in edits:
        apply(card, dict(one.fields), said.stamp(now))
    if card.removed:
        raise CardFieldUnknown(field="removed")
    card.balance = sum(one.delta for one in plan.bookings) if plan.bookings else None
    card.uses = dict(plan.uses)
    card.times_used = sum(card.uses.values())
    if plan.last_used_at:
        card.last_used_at = min(datetime.fromisoformat(plan.last_used_at), now)
    return card


def said_of(one: Edit | Booking) -> Said:
    """Return where and when it was said."""
    return Said(uuid=UUID(one.uuid), device=one.device, at=datetime.fromisoformat(one.at))


def _edit(one: Mapping[str, Any]) -> Edit:
    return Edit(**_said(one), fields=checked(one["fields"]))


def _booking(one: Mapping[str, Any]) -> Booking:
    delta, note = one["delta"], one["note"]
    fits = isinstance(delta, int) and not isinstance(delta, bool) and 0 < abs(delta) <= MOST_DELTA
    if not fits or not note.isprintable() or len(note) > LONGEST_NOTE:
        raise CardFieldUnknown(field="delta")
    return Booking(**_said(one), delta=delta, note=note)


def _said(one: Mapping[str, Any]) -> dict[str, str]:
    device = _fitting(DEVICE, one["device"])
    return {"uuid": str(UUID(one["uuid"])), "device": device, "at": _moment(one["at"])}


def _uses(uses: Mapping[str, Any]) -> Mapping[str, int]:
    for device, count in uses.items():
        _fitting(DEVICE, device)
        if type(count) is not int or not 0 < count <= MOST_USES:
            raise CardFieldUnknown(field="uses")
    if len(uses) > MOST_PHONES:
        raise CardFieldUnknown(field="uses")
    return dict(uses)


def _few(values: Any) -> Sequence[Mapping[str, Any]]:
    if not isinstance(values, list | tuple) or len(values) > MOST_EDITS:
        raise CardFieldUnknown(field="edits")
    return values


def _fitting(pattern: str, value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise CardFieldUnknown(field="ok")
    return value


def _moment(text: Any) -> str:
    moment = datetime.fromisoformat(text)
    # A moment without a zone is none, and one near the edges of the calendar no zone can show.
    if moment.tzinfo is None or not 1 < moment.year < 9999:
        raise ValueError(text)
    return moment.isoformat()
