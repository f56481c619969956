"""Stop sharing a card: its owner takes it back, or whoever has it leaves."""

from datetime import datetime
from uuid import UUID

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from wallet.card_shelves import end_shares, hold_share
from wallet.models import CardShare, EndedBy


def end_share(*, person_id: int, share: UUID, now: datetime, actor: Actor) -> CardShare:
    """End a share by its owner or its person and return it; in force on the very next request.

    Phones that kept the card hear of it as of one that was removed. Raises ``ShareUnknown``, also
    where it has ended.
    """
    with transaction():
        kept = hold_share(person_id, share, by_person=True)
        by = EndedBy.OWNER if kept.owner_id == person_id else EndedBy.PERSON
        end_shares([kept], by=by, now=now)
        audit.record(
            actor=actor,
            action="card_share_ended",
            object_type="card_share",
            object_id=str(share),
            data={"by": by.value},
        )
    return kept
