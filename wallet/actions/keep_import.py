"""Let the cards of a file come in: all that were chosen, or none."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import person_scope
from wallet.actions.add_photo import PhotosFull
from wallet.card_imports import twins_of
from wallet.card_keeping import make_room
from wallet.card_shelves import step_on
from wallet.events import CardsImported
from wallet.import_plans import Booking, Edit, Plan, card_of_plan, plan_of, said_of
from wallet.models import Card, CardBalanceChange, CardChange, CardImport, CardShelf
from wallet.models.card import MOST_PHOTOS_BYTES
from wallet.models.card_import import REPORT_STAYS

BATCH = 1_000

# Photos that the chosen cards show now or showed before, as far as the person has not got them.
MOVE_PHOTOS = """
WITH moved AS (
    INSERT INTO wallet_card_photo (person_id, digest, media_type, content, added_at)
    SELECT person_id, digest, media_type, content, %(now)s FROM wallet_card_import_photo
    WHERE card_import_id = %(import)s AND digest = ANY(%(digests)s)
    ON CONFLICT (person_id, digest) DO NOTHING
    RETURNING octet_length(content) AS size
)
SELECT coalesce(sum(size), 0) FROM moved
"""
FORGET_PHOTOS = "DELETE FROM wallet_card_import_photo WHERE card_import_id = %s RETURNING 1"
STEP_FAR = """
UPDATE wallet_card_shelf SET cursor = cursor + %s WHERE person_id = %s RETURNING cursor
"""


class ImportGone(Refusal):
    """It was decided long ago, waited too long, or another file took its place."""

    code = "card_import_gone"
    status = 404
    sentence = _("This file does not wait here any more. Choose it again; no card was changed.")


def keep_import(
    *, person_id: int, card_import: UUID, with_twins: bool, now: datetime, actor: Actor
) -> CardImport:
    """Add the cards of a file, in one transaction; return the import with what became of it.

    Cards that the person has already are left out, unless ``with_twins``. Deciding twice is
    harmless: the first decision stands. Raises ``ImportGone``, ``ShelfFull`` or ``PhotosFull``.
    """
    with transaction():
        step_on(person_id)
        with person_scope(person_id):
            kept = CardImport.objects.filter(uuid=card_import).first()
            if kept is None or (kept.decided_at is None and kept.expires_at <= now):
                raise ImportGone
            if kept.decided_at is not None:
                return _typed(kept)
            twins = set() if with_twins else twins_of(person_id, kept.rows)
            chosen = [row for nth, row in enumerate(kept.rows) if nth not in twins]
            plans = _apart(kept.uuid, [plan_of(row["plan"]) for row in chosen])
            _move_photos(kept, plans, now)
            cursor = _add(person_id, plans, now)
            _decide(kept, added=len(plans), skipped=len(twins), now=now)
        audit.record(
            actor=actor,
            action="cards_imported",
            object_type="card_import",
            object_id=str(kept.uuid),
            data={"source": kept.source, "added": kept.added, "skipped": kept.skipped},
        )
        gone = CardsImported(
            card_import=str(kept.uuid), person_id=person_id, cursor=cursor, cards=kept.added
        )
        events.publish(gone, now=now, mode=None)
    return _typed(kept)


def _typed(kept: Any) -> CardImport:
    found: CardImport = kept
    return found


def _decide(kept: CardImport, *, added: int, skipped: int, now: datetime) -> None:
    kept.rows, kept.photo_bytes = [], 0
    kept.decided_at, kept.expires_at = now, now + REPORT_STAYS
    kept.added, kept.skipped = added, skipped
    kept.save()
    call(FORGET_PHOTOS, [kept.pk])


@transaction_required
def _move_photos(kept: CardImport, plans: Sequence[Plan], now: datetime) -> None:
    digests = {
        edit.fields[side]
        for plan in plans
        for edit in plan.edits
        for side in ("front", "back", "logo")
        if edit.fields.get(side)
    }
    sent = {"import": kept.pk, "digests": sorted(digests), "now": now}
    size = call(MOVE_PHOTOS, sent)[0][0]
    shelf = CardShelf.objects.filter(photo_bytes__lte=MOST_PHOTOS_BYTES - size)
    if not shelf.update(photo_bytes=F("photo_bytes") + size):
        raise PhotosFull


@transaction_required
def _add(person_id: int, plans: Sequence[Plan], now: datetime) -> int:
    """Add the cards, each with a cursor of its own; return the last."""
    make_room(person_id, len(plans))
    last: int = call(STEP_FAR, [len(plans), person_id])[0][0]
    cards = [card_of_plan(plan, person_id=person_id, now=now) for plan in plans]
    for nth, card in enumerate(cards):
        card.cursor = last - len(cards) + 1 + nth
    Card.objects.bulk_create(cards, batch_size=BATCH)
    pairs = list(zip(cards, plans, strict=True))
    CardChange.objects.bulk_create(
        (_change(card, edit, now) for card, plan in pairs for edit in plan.edits), batch_size=BATCH
    )
    CardBalanceChange.objects.bulk_create(
        (_booking(card, one, now) for card, plan in pairs for one in plan.bookings),
        batch_size=BATCH,
    )
    return last


def _change(card: Card, edit: Edit, now: datetime) -> CardChange:
    said = said_of(edit)
    return CardChange(
        person_id=card.person_id,
        card=card,
        uuid=said.uuid,
        device=said.device,
        edited_at=said.at_most(now),
        recorded_at=now,
        fields=edit.fields,
    )


def _booking(card: Card, one: Booking, now: datetime) -> CardBalanceChange:
    said = said_of(one)
    return CardBalanceChange(
        person_id=card.person_id,
        card=card,
        uuid=said.uuid,
        device=said.device,
        changed_at=said.at_most(now),
        recorded_at=now,
        delta=one.delta,
        note=one.note,
    )


def _apart(card_import: UUID, plans: Sequence[Plan]) -> Sequence[Plan]:
    """Give new names to what has a name that is taken, as the cards of one's own export have."""
    taken = {
        str(uuid)
        for model in (Card, CardChange, CardBalanceChange)
        for uuid in model.objects.values_list("uuid", flat=True)
    }
    apart: list[Plan] = []
    for nth, plan in enumerate(plans):
        names = [plan.uuid]
        names += [one.uuid for one in plan.edits]
        names += [one.uuid for one in plan.bookings]
        free = len(set(names)) == len(names) and taken.isdisjoint(names)
        apart.append(plan if free else _renamed(plan, card_import, nth))
        taken.update(names)
    return apart


def _renamed(plan: Plan, card_import: UUID, nth: int) -> Plan:
    def name(what: str) -> str:
        return str(uuid5(card_import, f"{nth}/{what}"))

    edits = [replace(one, uuid=name(f"edit/{at}")) for at, one in enumerate(plan.edits)]
    bookings = [replace(one, uuid=name(f"booking/{at}")) for at, one in enumerate(plan.bookings)]
    return replace(plan, uuid=name("card"), edits=edits, bookings=bookings)
