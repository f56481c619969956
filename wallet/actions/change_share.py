"""Let somebody do more or less with a card of one's own."""

from datetime import datetime
from uuid import UUID

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from wallet.card_shelves import hold_share
from wallet.events import CardShareChanged
from wallet.models import CardShare, ShareLevel


def change_share(
    *,
    person_id: int,
    share: UUID,
    level: ShareLevel,
    with_note: bool,
    now: datetime,
    actor: Actor,
) -> CardShare:
    """Set what the person of a share may do, and whether they see the note; by the owner only.

    In force on the next request. Raises ``ShareUnknown``.
    """
    with transaction():
        kept = hold_share(person_id, share, by_person=False)
        kept.level, kept.with_note = level, with_note
        kept.save(update_fields=["level", "with_note", "cursor"])
        audit.record(
            actor=actor,
            action="card_share_changed",
            object_type="card_share",
            object_id=str(share),
            data={"level": level.value, "with_note": with_note},
        )
        changed = CardShareChanged(
            share=str(share),
            owner_id=kept.owner_id,
            person_id=kept.person_id,
            cursor=kept.cursor,
        )
        events.publish(changed, now=now, mode=kept.mode)
    return kept
